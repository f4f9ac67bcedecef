import type { CrashPoint } from './process.ts'
import { SYNC_FAULTS, type SyncFault } from './sync-faults.ts'
import type { ExitName } from './sync-scene.ts'

/** Write calls and transactions that write, in the plan of the crash world. A test holds both numbers. */
export const CALLS = 17
/** A file is also written to when its ledgers are counted. */
export const COMMITS = process.env.MUSTER_TEST_STORE === 'postgres' ? 55 : 57

/** The short form: around a creation, a batch of a rename, a re-pointed segment, a removal, and what lies between. */
const SAMPLE: Readonly<Record<CrashPoint['at'], Readonly<Record<CrashPoint['when'], readonly number[]>>>> = {
  call: { before: [5, 14], after: [1, 7, 13] },
  commit: { before: [41], after: [3, 15] },
}

/** The same of the sync of fifty batches. */
export const SYNC_CALLS = 50
export const SYNC_COMMITS = 107

const SYNC_SAMPLE: typeof SAMPLE = {
  call: { before: [1, 30], after: [10, 40] },
  commit: { before: [60], after: [6, 90] },
}

/** The points of one sweep of apply: all of them with MUSTER_FAULTS=all, else the short form. */
export const choosePoints = (when: CrashPoint['when']): readonly CrashPoint[] =>
  choose(when, { call: CALLS, commit: COMMITS }, SAMPLE)

/** The points of one sweep of sync. */
export const chooseSyncPoints = (when: CrashPoint['when']): readonly CrashPoint[] =>
  choose(when, { call: SYNC_CALLS, commit: SYNC_COMMITS }, SYNC_SAMPLE)

const choose = (
  when: CrashPoint['when'],
  last: Readonly<Record<CrashPoint['at'], number>>,
  sample: typeof SAMPLE,
): readonly CrashPoint[] =>
  (['call', 'commit'] as const).flatMap(at =>
    (process.env.MUSTER_FAULTS === 'all' ? countTo(last[at]) : sample[at][when]).map(number => ({
      at,
      number,
      when,
    })),
  )

const countTo = (last: number): readonly number[] => Array.from({ length: last }, (_each, index) => index + 1)

/** The short form: one fault of each kind, and not the same ones for each exit rule. */
const SAMPLED_FAULTS: Readonly<Record<ExitName, readonly string[]>> = {
  remove: [
    'the count is wrong after',
    'done, and no answer ever comes',
    'one member is refused: 400 whenever they are in a batch',
  ],
  'sticky from entry': ['the segment is emptied', 'the second batch and all after it answer 500'],
  'sticky from exit': ['people come and go while the pages are read', 'the account is blocked: 403'],
  keep: [
    'the connection breaks in the middle of a page',
    'taken, and silently not done',
    'the total of an export disagrees with its file',
  ],
}

/** The faults of one sweep: all of them with MUSTER_FAULTS=all, else the short form. */
export const chooseFaults = (exit: ExitName): readonly SyncFault[] =>
  process.env.MUSTER_FAULTS === 'all'
    ? SYNC_FAULTS
    : SYNC_FAULTS.filter(({ name }) => SAMPLED_FAULTS[exit].includes(name))
