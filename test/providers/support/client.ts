import { createPace } from '../../../src/engine/pace.ts'
import type { ClientOptions } from '../../../src/providers/http.ts'
import { createInstantClock, type InstantClock } from './clock.ts'
import type { Stub } from './stub.ts'

export const KEY = 'sk_synthetic_0123456789'

/** What any adapter needs from outside, with waits that take no time. */
export const createSurroundings = (clock: InstantClock = createInstantClock()) => ({
  clock,
  pace: createPace({ limit: 1000, intervalMs: 1000, clock }),
  random: () => 0,
  version: '1.2.3',
})

/** Options of a client for a vendor that explains nothing. */
export const createClientOptions = (stub: Stub, more: Partial<ClientOptions> = {}): ClientOptions => ({
  ...createSurroundings(),
  vendor: { origin: 'moengage', title: 'MoEngage', readFault: () => ({}) },
  baseUrl: new URL(stub.url),
  credentialHeaders: { authorization: `Bearer ${KEY}` },
  ...more,
})
