import type { CrashPoint } from './crash-world.ts'

/** Write calls and transactions that write, in the plan of the crash world. A test holds both numbers. */
export const CALLS = 17
export const COMMITS = 64

/** The short form: around a creation, a batch of a rename, a re-pointed segment, a removal, and what lies between. */
const SAMPLE: Readonly<Record<CrashPoint['at'], Readonly<Record<CrashPoint['when'], readonly number[]>>>> = {
  call: { before: [5, 14], after: [1, 7, 13] },
  commit: { before: [41], after: [3, 15] },
}

/** The points of one sweep: all of them with MUSTER_FAULTS=all, else the short form. */
export const choosePoints = (when: CrashPoint['when']): readonly CrashPoint[] =>
  (['call', 'commit'] as const).flatMap(at =>
    (process.env.MUSTER_FAULTS === 'all' ? countTo(at === 'call' ? CALLS : COMMITS) : SAMPLE[at][when]).map(
      number => ({ at, number, when }),
    ),
  )

const countTo = (last: number): readonly number[] => Array.from({ length: last }, (_each, index) => index + 1)
