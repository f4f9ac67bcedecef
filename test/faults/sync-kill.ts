import { appendFileSync } from 'node:fs'
import { DAY_MS, HOUR_MS } from '../../src/model/time.ts'
import { type CrashPoint, type ProcessEnd, runProcess } from './process.ts'
import { openScene, type Scene, type Story } from './story.ts'
import { peopleFrom } from './sync-scene.ts'
import { isLogTrue } from './truth.ts'
import { type Expected, UNDISTURBED } from './watch.ts'

const SIZE = 500
/** Room for ten members. */
const BATCH_BYTES = 436
/** The call that was under way when the process was killed is made again; no other is. */
const MOST_REPEATED = 1

/**
 * A sync of fifty batches, of which half take people out and half let people in. Whoever is taken out is not let in
 * again for a month, which the ledger has to keep as well; twenty who were taken out before come back, and wait.
 */
const STORY: Story = {
  population: 1_000,
  exit: { rule: 'sticky', from: 'entry', forMs: HOUR_MS, noReentryForMs: 30 * DAY_MS },
  writtenExit: '{ rule: sticky, for: 1h, from: entry, no_reentry_for: 30d }',
  days: [
    { act: (shop, segmentId) => shop.putIn(segmentId, peopleFrom(0, SIZE)), isSynced: true },
    { after: '1d', act: (shop, segmentId) => shop.takeOut(segmentId, peopleFrom(0, 20)), isSynced: true },
    {
      after: '1d',
      act: async (shop, segmentId) => {
        await shop.takeOut(segmentId, peopleFrom(50, 230))
        await shop.putIn(segmentId, [...peopleFrom(0, 20), ...peopleFrom(SIZE, 230)])
        for (const person of peopleFrom(300, 20)) await shop.callPerson(person, `usr_renamed_${person}`)
      },
      isSynced: false,
    },
  ],
}

/** What came of one kill and of the same command run again. */
export interface SyncCrashReport extends CrashPoint {
  readonly kind: 'sync-kill'
  /** What was under way: the call, or what the transaction wrote. */
  readonly what: string
  readonly crashed: string
  readonly runs: readonly (number | undefined)[]
  /** Write calls that took effect, beyond those of a sync that nothing stops. */
  readonly repeated: number
  /** Empty when it converged. */
  readonly troubles: readonly string[]
}

const sync = ({ world, switchboard }: Scene, point?: CrashPoint): Promise<ProcessEnd> =>
  runProcess(world, ['sync'], {
    switchboard,
    batchBytes: BATCH_BYTES,
    ...(point === undefined ? {} : { point }),
  })

/** The same sync without a fault. */
export const syncUndisturbed = async (): Promise<ProcessEnd> => {
  const scene = await openScene(STORY)
  const { ended, troubles } = await scene.watch.run(() => sync(scene), UNDISTURBED)
  if (ended.exitCode !== 0 || troubles.length > 0) throw new Error(`${ended.text}\n${troubles.join('\n')}`)
  return ended
}

/** Kills the process at one point, runs the same command again, and looks at every call and at what came of it. */
export const killSync = async (point: CrashPoint, reference: ProcessEnd): Promise<SyncCrashReport> => {
  const scene = await openScene(STORY)
  const { world, watch } = scene
  const DISTURBED: Expected = { kind: 'disturbed', read: 'unknown' }
  const crashed = await watch.run(() => sync(scene, point), DISTURBED)
  const again = await watch.run(() => sync(scene), UNDISTURBED)
  await world.forgetRequests()
  const third = await watch.run(() => world.sync(), UNDISTURBED)
  const writes = (await world.requests('moengage')).filter(({ write }) => write)
  const calls = crashed.ended.calls.length + again.ended.calls.length
  const repeated = calls - reference.calls.length
  const checks: readonly (readonly [boolean, string])[] = [
    [
      crashed.ended.exitCode === undefined,
      `it was not killed: exit ${crashed.ended.exitCode}\n${crashed.ended.text}`,
    ],
    [again.ended.exitCode === 0, `it does not end well: ${again.ended.text}`],
    [repeated >= 0 && repeated <= MOST_REPEATED, `${repeated} calls more than needed`],
    [writes.length === 0 && third.ended.exitCode === 0, `something is left to do: ${third.ended.out}`],
    [await isLogTrue(world), 'the log beside the store tells something else than the store'],
  ]
  const named = point.at === 'call' ? reference.calls : reference.commits
  const report: SyncCrashReport = {
    kind: 'sync-kill',
    ...point,
    what: named[point.number - 1] ?? 'nothing',
    crashed: crashed.ended.exitCode === undefined ? 'killed' : `exit ${crashed.ended.exitCode}`,
    runs: [again.ended.exitCode],
    repeated,
    troubles: [
      ...crashed.troubles.map(trouble => `killed: ${trouble}`),
      ...again.troubles.map(trouble => `again: ${trouble}`),
      ...third.troubles.map(trouble => `third: ${trouble}`),
      ...checks.flatMap(([isRight, trouble]) => (isRight ? [] : [trouble])),
    ],
  }
  keepReport(report)
  return report
}

/** The sweep gathers its table from here. */
const keepReport = (report: SyncCrashReport): void => {
  const path = process.env.MUSTER_FAULTS_REPORT
  if (path) appendFileSync(path, `${JSON.stringify(report)}\n`)
}
