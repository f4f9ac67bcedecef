import { afterEach } from 'vitest'
import type { EmulatorOptions } from '../../src/emulators/options.ts'
import { EMULATED_CUSTOMERIO, EMULATED_MOENGAGE } from '../../src/emulators/options.ts'
import type { RunningEmulators } from '../../src/emulators/server.ts'
import { startEmulators } from '../../src/emulators/server.ts'

/** What the clock of a test's shop shows at first. */
export const SHOP_TIME = new Date('2026-11-23T10:00:00Z')

/** Limits that no test but one about limits runs into. */
const FREE = [{ max: 1_000_000, seconds: 1 }]
const NO_LIMITS = {
  customerioApp: FREE,
  customerioTrack: FREE,
  cohortSync: FREE,
  segmentList: FREE,
  segmentGet: FREE,
  segmentCreate: FREE,
  getUser: FREE,
}

/** A parsed answer; each test says what shape it expects. */
interface Answer<T = never> {
  status: number
  headers: Headers
  body: T
}

type Init = { method?: string; body?: unknown; headers?: Record<string, string> }

const running: RunningEmulators[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map(emulators => emulators.close()))
})

const call = async <T>(url: string, { method = 'GET', body, headers = {} }: Init): Promise<Answer<T>> => {
  const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(url, { method, headers, ...(sent === undefined ? {} : { body: sent }) })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T }
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

/** The credentials that the emulators accept. */
export const HEADERS = {
  app: { authorization: `Bearer ${EMULATED_CUSTOMERIO.appKey}`, 'content-type': 'application/json' },
  track: {
    authorization: basic(EMULATED_CUSTOMERIO.trackSiteId, EMULATED_CUSTOMERIO.trackApiKey),
    'content-type': 'application/json',
  },
  moengage: {
    authorization: basic(EMULATED_MOENGAGE.workspaceId, EMULATED_MOENGAGE.dataKey),
    'moe-appkey': EMULATED_MOENGAGE.workspaceId,
    'content-type': 'application/json',
  },
}

/** A pair of emulators and short ways to talk to them. Closed after the test. */
export const startTestEmulators = async (options: Partial<EmulatorOptions> = {}) => {
  const emulators = await startEmulators({
    customerioPort: 0,
    moengagePort: 0,
    population: 2000,
    seed: 7,
    shopTime: SHOP_TIME,
    // Longer than any test: effects come when a test settles or moves the clock, never by chance.
    processingDelayMs: 60_000,
    ...options,
    limits: { ...NO_LIMITS, ...options.limits },
  })
  running.push(emulators)
  const { customerio, moengage } = emulators
  const post = (body: unknown): Init => ({ method: 'POST', body })
  return {
    emulators,
    app: <T>(path: string, init: Init = {}) =>
      call<T>(customerio.url + path, { ...init, headers: { ...HEADERS.app, ...init.headers } }),
    track: <T>(path: string, init: Init = {}) =>
      call<T>(customerio.url + path, { ...init, headers: { ...HEADERS.track, ...init.headers } }),
    moengage: <T>(path: string, init: Init = {}) =>
      call<T>(moengage.url + path, { ...init, headers: { ...HEADERS.moengage, ...init.headers } }),
    /** The `/_emulator/` of Customer.io and of MoEngage, without a credential. */
    shop: <T>(path: string, init: Init = {}) => call<T>(`${customerio.url}/_emulator${path}`, init),
    hidden: <T>(path: string, init: Init = {}) => call<T>(`${moengage.url}/_emulator${path}`, init),
    post,
    advance: (by: string) => call(`${customerio.url}/_emulator/clock`, post({ advance: by })),
    settle: () => call(`${moengage.url}/_emulator/settle`, { method: 'POST' }),
  }
}

/** A running pair with its shortcuts. */
export type TestEmulators = Awaited<ReturnType<typeof startTestEmulators>>

/** The body of a cohort sync. */
export const cohortBody = (
  action: 'add_members' | 'remove_members',
  cohort: { name: string; id: string },
  uids: readonly string[],
) => ({
  action,
  partner: 'muster',
  parameters: { cohort_name: cohort.name, cohort_id: cohort.id, members: uids.map(uid => ({ uid })) },
})

/** Known users of the test shop, in order. */
export const knownUids = async ({ hidden }: TestEmulators, count: number): Promise<string[]> => {
  const uids: string[] = []
  for (let index = 11; uids.length < count; index++) {
    const uid = `usr_${String(index).padStart(10, '0')}`
    const { body } = await hidden<{ known: boolean }>(`/users/${uid}`)
    if (body.known) uids.push(uid)
  }
  return uids
}
