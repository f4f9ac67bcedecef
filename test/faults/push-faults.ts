import type { Scene } from './story.ts'
import type { SyncFault } from './sync-faults.ts'
import { ENTERING_ID } from './sync-scene.ts'

const PUSH = { method: 'POST', route: '/v1/integrations/cohortsync' }
const LIST = { method: 'GET', route: '/v3/custom-segments' }
const ALWAYS = { times: 'always' }
const COHORT = 'cohorts/ACT__Gate__2h'

const strike =
  (fault: Readonly<Record<string, unknown>>) =>
  ({ world }: Scene): Promise<void> =>
    world.fault('moengage', { match: PUSH, ...fault })

const ONE_MEMBER = { ...PUSH, member: ENTERING_ID }

/** What MoEngage can do to a sync. */
export const PUSH_FAULTS: readonly SyncFault[] = [
  {
    name: 'a batch answers 500, every time',
    exit: 1,
    read: 'complete',
    upset: strike({ kind: 'status', status: 500, ...ALWAYS }),
  },
  {
    name: 'the second batch and all after it answer 500',
    exit: 1,
    read: 'complete',
    upset: strike({ kind: 'status', status: 500, after: 1, ...ALWAYS }),
  },
  {
    name: 'a batch answers 500, twice',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'status', status: 500, after: 1, times: 2 }),
  },
  {
    name: 'a batch answers 503',
    exit: 1,
    read: 'complete',
    upset: strike({ kind: 'status', status: 503, after: 2, ...ALWAYS }),
  },
  {
    name: 'a proxy answers with an HTML page, 502',
    exit: 1,
    read: 'complete',
    upset: strike({ kind: 'html', after: 1, ...ALWAYS }),
  },
  {
    name: 'a proxy answers with an HTML page, 502, once',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'html', after: 1 }),
  },
  {
    name: 'a proxy answers with an HTML page, 200',
    exit: 1,
    read: 'complete',
    upset: strike({ kind: 'html', status: 200, after: 1, ...ALWAYS }),
  },
  {
    name: 'too many calls: 429, reset as a moment',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'status', status: 429, after: 1, times: 3 }),
    scene: { behaviour: { rateResetForm: 'epoch' } },
  },
  {
    name: 'too many calls: 429, reset in seconds',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'status', status: 429, after: 1, times: 3 }),
    scene: { behaviour: { rateResetForm: 'seconds' } },
  },
  {
    name: 'too many calls, for ever',
    exit: 1,
    read: 'complete',
    upset: strike({ kind: 'status', status: 429, after: 1, ...ALWAYS }),
  },
  {
    name: 'the account is blocked: 403',
    exit: 1,
    read: 'complete',
    upset: strike({ kind: 'status', status: 403, after: 1, ...ALWAYS }),
  },
  {
    name: 'the key is refused: 401',
    exit: 1,
    read: 'complete',
    upset: strike({ kind: 'status', status: 401, ...ALWAYS }),
  },
  {
    name: 'a batch is too large: 413, once',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'status', status: 413, after: 1 }),
  },
  {
    name: 'MoEngage takes a third of what it says',
    exit: 0,
    read: 'complete',
    upset: async () => undefined,
    scene: { limits: { cohortPayloadBytes: 400 } },
  },
  {
    name: 'one member is refused: 400 whenever they are in a batch',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'status', status: 400, match: ONE_MEMBER, ...ALWAYS }),
    rejects: ENTERING_ID,
  },
  {
    name: 'every batch is refused: 400',
    exit: 1,
    read: 'complete',
    upset: strike({ kind: 'status', status: 400, ...ALWAYS }),
  },
  {
    name: 'done, and no answer comes',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'unknown', after: 1 }),
  },
  {
    name: 'done, and no answer ever comes',
    exit: 1,
    read: 'complete',
    upset: strike({ kind: 'unknown', ...ALWAYS }),
  },
  {
    name: 'done, and no answer ever comes from the third batch on',
    exit: 1,
    read: 'complete',
    upset: strike({ kind: 'unknown', after: 2, ...ALWAYS }),
  },
  {
    name: 'not done, and no answer comes',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'reset', after: 1 }),
  },
  {
    name: 'not done, and no answer ever comes',
    exit: 1,
    read: 'complete',
    upset: strike({ kind: 'reset', after: 1, ...ALWAYS }),
  },
  {
    name: 'the answer breaks off',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'truncate', after: 1, times: 2 }),
  },
  {
    name: 'the answer breaks off, every time',
    exit: 1,
    read: 'complete',
    upset: strike({ kind: 'truncate', after: 1, ...ALWAYS }),
  },
  {
    name: 'the answer is cut short',
    exit: 1,
    read: 'complete',
    upset: strike({ kind: 'cut', after: 1, ...ALWAYS }),
  },
  {
    name: 'an answer comes late',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'delay', delayMs: 50, times: 3 }),
  },
  {
    name: 'an answer never comes: it times out, and comes when asked again',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'hang', after: 1 }),
  },
  {
    name: 'taken, and silently not done',
    exit: 0,
    read: 'complete',
    needsFull: true,
    upset: strike({ kind: 'drop', match: ONE_MEMBER }),
  },
  {
    name: 'the list of segments answers 500',
    exit: 0,
    read: 'complete',
    upset: strike({ kind: 'status', status: 500, match: LIST, ...ALWAYS }),
  },
  {
    name: 'the cohort is archived, and brought back by hand',
    exit: 3,
    read: 'incomplete',
    needsFull: true,
    upset: async ({ world }) => void (await world.ask('moengage', COHORT, { archived: true })),
    calm: async ({ world }) => void (await world.ask('moengage', COHORT, { archived: false })),
  },
]
