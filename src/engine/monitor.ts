import type { AlertFinding } from '../model/alert.ts'
import type { Audience } from '../model/audience.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { failureOf } from '../model/failure.ts'
import type { RecordedObject, RecordedState } from '../model/recorded.ts'
import { DAY_MS } from '../model/time.ts'
import type { Look } from '../monitor/follow.ts'
import { judgeAudience } from '../monitor/judge.ts'
import { checkUnfinishedApply } from '../monitor/unfinished-apply.ts'
import { cohortAddress } from '../plan/address.ts'
import { warnOfHeartbeat } from '../plan/heartbeat.ts'
import type { Reader } from '../ports.ts'
import type { Run } from './run.ts'
import { createListed } from './sync-lost.ts'

/** What a monitor works with: it reads both sides, and has nothing that writes to a vendor. */
export type MonitorRun = Pick<Run, 'now' | 'workspace' | 'store' | 'signal' | 'reporter'> & {
  readonly reader: Pick<Reader, 'destination'>
}

/** What is wrong now, and how much was looked at. */
export interface MonitorLook extends Look {
  /** Audiences that are synced. */
  readonly watched: number
  /** Code of why MoEngage's list says nothing. */
  readonly listFailure?: string
}

/** Looks at the counts of every audience that is synced, at MoEngage's list, and at how the last apply ended. */
export const lookForTrouble = async (
  run: MonitorRun,
  audiences: readonly Audience[],
): Promise<MonitorLook> => {
  const state = await run.store.readState()
  const pairs = listSynced(audiences, state)
  run.reporter.report({ subject: 'MoEngage', phase: 'refresh', done: 0 })
  const { lost, failure } = await findLost(run, pairs, state)
  const findings: AlertFinding[] = [...lost]
  for (const pair of pairs) findings.push(...(await judgePair(run, pair, state)))
  const apply = checkUnfinishedApply(await run.store.readRuns(APPLIES_TO_READ, 'apply'))
  return {
    findings: [...findings, ...(apply ? [apply] : [])],
    unread: new Set(failure === undefined ? [] : [COHORT_MISSING]),
    now: run.now,
    watched: pairs.length,
    ...(failure === undefined ? {} : { listFailure: failure }),
  }
}

/** Further back than anybody tries one plan that is refused or stale. */
const APPLIES_TO_READ = 100

const COHORT_MISSING = 'monitor/cohort-missing'

interface Pair {
  readonly audience: Audience
  readonly cohort: RecordedObject
}

/** Whoever is paused, suspended or not applied yet is not expected to be synced. */
const listSynced = (audiences: readonly Audience[], { objects }: RecordedState): readonly Pair[] =>
  audiences.flatMap(audience => {
    const cohort = objects.get(cohortAddress(audience.id))
    const isSynced = cohort && !audience.isSuspended && audience.rollout.stage.kind !== 'paused'
    return isSynced ? [{ audience, cohort }] : []
  })

interface Lost {
  readonly lost: readonly AlertFinding[]
  readonly failure?: string
}

/** A key that no longer works is why nothing is synced either: all else is looked at just the same. */
const findLost = async (run: MonitorRun, pairs: readonly Pair[], state: RecordedState): Promise<Lost> => {
  const listed = createListed(run, state)
  const lost: AlertFinding[] = []
  try {
    for (const { audience, cohort } of pairs) {
      const found = await listed.findLost(cohort)
      if (found) lost.push(nameAfter(audience, COHORT_MISSING, found))
    }
    const failure = await listed.failedWith()
    return { lost, ...(failure === undefined ? {} : { failure }) }
  } catch (error) {
    const failure = failureOf(error)
    if (!failure || run.signal.aborted) throw error
    return { lost: [], failure: failure.code }
  }
}

const judgePair = async (
  { now, workspace, store }: MonitorRun,
  { audience, cohort }: Pair,
  { synced }: RecordedState,
): Promise<readonly AlertFinding[]> => {
  const syncedAt = synced.get(audience.id)
  const quiet = warnOfHeartbeat(cohort, now)
  const found = judgeAudience({
    audience,
    now,
    rules: workspace.alerts,
    schedule: workspace.schedule,
    recordedAt: cohort.recordedAt,
    ...(syncedAt === undefined ? {} : { syncedAt }),
    counts: await store.readCounts(audience.id, countsToRead(audience)),
  })
  return quiet ? [...found, nameAfter(audience, 'monitor/heartbeat', quiet)] : found
}

/** Two days of its cadence, and a few more when somebody syncs by hand. */
const countsToRead = ({ timing }: Audience): number =>
  Math.min(Math.ceil((2 * DAY_MS) / timing.syncEveryMs) + SPARE_COUNTS, MOST_COUNTS)

const SPARE_COUNTS = 50
const MOST_COUNTS = 1_000

/** What sync and plan say of a cohort, as trouble of its audience. */
const nameAfter = (
  { id }: Audience,
  code: string,
  { summary, detail, hint = 'muster plan' }: Pick<Diagnostic, 'summary' | 'detail' | 'hint'>,
): AlertFinding => ({ code, audience: id, summary, detail, hint })
