import type { MoengageConnection } from '../../../src/model/workspace.ts'
import {
  createMoengageReader,
  createMoengageUsers,
  createMoengageWriter,
} from '../../../src/providers/moengage/provider.ts'
import { createSurroundings, KEY } from '../support/client.ts'
import { createInstantClock } from '../support/clock.ts'
import type { Stub } from '../support/stub.ts'

export const CONNECTION: MoengageConnection = {
  dataCenter: '01',
  workspaceId: 'ACME01',
  dataKeyEnv: 'MOENGAGE_DATA_KEY',
}

export const openReader = (stub: Stub, clock = createInstantClock()) =>
  createMoengageReader({
    ...createSurroundings(clock),
    connection: { ...CONNECTION, baseUrl: stub.url },
    dataKey: KEY,
  })

export const openUsers = (stub: Stub, clock = createInstantClock()) =>
  createMoengageUsers({
    ...createSurroundings(clock),
    connection: { ...CONNECTION, baseUrl: stub.url },
    dataKey: KEY,
  })

export const openWriter = (stub: Stub, more: Partial<MoengageConnection> = {}) =>
  createMoengageWriter({
    ...createSurroundings(),
    connection: { ...CONNECTION, baseUrl: stub.url, ...more },
    dataKey: KEY,
    partner: 'muster',
  })
