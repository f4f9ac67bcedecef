import { appendFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { type CrashWorld, openCrashWorld } from './crash-world.ts'
import type { CrashPoint, ProcessEnd } from './process.ts'
import { isLogTrue, readRemovals, readTruth, type Truth } from './truth.ts'

/** How the same plan ends when nothing goes wrong. */
export interface Reference {
  readonly end: ProcessEnd
  readonly truth: Truth
}

/** What came of one kill and of the same command run again. */
export interface CrashReport extends CrashPoint {
  readonly kind: 'apply-kill'
  /** What was under way: the call, or what the transaction wrote. */
  readonly what: string
  readonly crashed: string
  /** Exit codes of the runs after it. */
  readonly runs: readonly (number | undefined)[]
  /** Write calls that took effect, beyond those of a run that nothing stops. */
  readonly repeated: number
  /** Empty when it converged. */
  readonly troubles: readonly string[]
}

/** The call that was under way when the process was killed is made again; no other is. */
export const MOST_REPEATED = 1
const MOST_RUNS = 2

/** Applies the plan without a fault. */
export const applyUndisturbed = async (): Promise<Reference> => {
  const { world, apply } = await openCrashWorld()
  const end = await apply()
  return { end, truth: await readTruth(world) }
}

/** Kills the process at one point, runs the same command until it is through, and looks at what came of it. */
export const crashAndConverge = async (point: CrashPoint, reference: Reference): Promise<CrashReport> => {
  const crashWorld = await openCrashWorld()
  const { world, apply } = crashWorld
  const crashed = await apply(point)
  const runs: ProcessEnd[] = []
  do runs.push(await apply())
  while (runs.at(-1)?.exitCode === 4 && runs.length < MOST_RUNS)
  const planned = await world.plan()
  const calls = [crashed, ...runs].reduce((sum, run) => sum + run.calls.length, 0)
  const repeated = calls - reference.end.calls.length
  const truth = await readTruth(world)
  const checks: readonly (readonly [boolean, string])[] = [
    [crashed.exitCode === undefined, `it was not killed: exit ${crashed.exitCode}\n${crashed.text}`],
    [runs.at(-1)?.exitCode === 0, `it does not end well: ${runs.map(run => run.text).join('\n')}`],
    [planned.out.includes('No changes.'), `something is left to do:\n${planned.out}${planned.err}`],
    [repeated >= 0 && repeated <= MOST_REPEATED, `${repeated} calls more than needed`],
    ...compareTruth(truth, reference.truth),
    [await isLogTrue(world), 'the log beside the store tells something else than the store'],
    [(await countWronglyRemoved(crashWorld)) === 0, 'somebody was removed who was not recorded'],
  ]
  const named = point.at === 'call' ? reference.end.calls : reference.end.commits
  const report: CrashReport = {
    kind: 'apply-kill',
    ...point,
    what: named[point.number - 1] ?? 'nothing',
    crashed: crashed.exitCode === undefined ? 'killed' : `exit ${crashed.exitCode}`,
    runs: runs.map(({ exitCode }) => exitCode),
    repeated,
    troubles: checks.flatMap(([isRight, trouble]) => (isRight ? [] : [trouble])),
  }
  keepReport(report)
  return report
}

const compareTruth = (truth: Truth, expected: Truth) =>
  (Object.keys(expected) as (keyof Truth)[]).map(
    part =>
      [
        isDeepStrictEqual(truth[part], expected[part]),
        `${part} are not as they should be: ${abridge(truth[part], expected[part])}
instead of ${abridge(expected[part], truth[part])}`,
      ] as const,
  )

/** Only the rows that the other side does not have; long ids make long rows. */
const abridge = (rows: readonly unknown[], other: readonly unknown[]): string =>
  JSON.stringify(rows.filter(row => !other.includes(row)))
    .replace(/x{9,}/g, '…')
    .slice(0, 1_000)

const countWronglyRemoved = async ({ world, recorded }: CrashWorld): Promise<number> => {
  const removals = await readRemovals(world)
  return removals.flatMap(({ cohort, identifiers }) =>
    identifiers.filter(each => !recorded.get(cohort)?.has(each)),
  ).length
}

/** The sweep gathers its table from here. */
const keepReport = (report: CrashReport): void => {
  const path = process.env.MUSTER_FAULTS_REPORT
  if (path) appendFileSync(path, `${JSON.stringify(report)}\n`)
}
