import type { SyncGuard } from '../membership/guard.ts'
import type { Audience } from '../model/audience.ts'
import { compareText } from '../model/diagnostic.ts'
import type { Failure } from '../model/failure.ts'
import type { SyncResult } from '../model/membership.ts'
import type { SyncReport } from '../model/outcome.ts'
import type { Direction } from '../ports.ts'
import { stopIfAborted } from './interrupt.ts'
import { judgeError, type Run } from './run.ts'
import {
  finishPrepared,
  type PreparedSync,
  prepareSync,
  pushPrepared,
  type SkippedSync,
} from './sync-audience.ts'

/** One `--allow id:guard:reason`. */
export interface Allowance {
  readonly audience: string
  readonly guard: SyncGuard
  readonly reason: string
}

export interface SyncOptions {
  /** Absent: all. */
  readonly only?: ReadonlySet<string>
  readonly allow: readonly Allowance[]
  /** Sends all wanted members again, not only those who are new. */
  readonly full: boolean
}

/**
 * Brings every cohort's members in line with its segment. All sources are read and compared before the first call;
 * then suppressions gain their members first and lose them last, so that nobody is briefly messaged in between.
 */
export const syncAudiences = async (
  run: Run,
  audiences: readonly Audience[],
  options: SyncOptions,
): Promise<readonly SyncReport[]> => {
  const chosen = audiences
    .filter(({ id }) => options.only?.has(id) ?? true)
    .sort((a, b) => compareText(a.id, b.id))
  const tasks = new Map<string, SyncTask>()
  const stop: StopSwitch = { failure: undefined }
  const state = await run.store.readState()
  for (const audience of chosen) {
    tasks.set(audience.id, await guardTask(run, stop, () => prepareSync(run, audience, state, options)))
  }
  try {
    for (const { isFor, direction } of PUSH_ORDER) {
      for (const audience of chosen) {
        const task = tasks.get(audience.id)
        if (task?.kind !== 'prepared' || isSuppression(audience, audiences) !== (isFor === 'suppressions'))
          continue
        tasks.set(audience.id, await guardTask(run, stop, () => pushPrepared(run, task, direction), task))
      }
    }
  } finally {
    for (const task of tasks.values()) await closeTask(run, task)
  }
  const { members } = await run.store.readState()
  return [...tasks].map(([id, task]) => reportTask(id, task, members.get(id) ?? 0))
}

interface FailedSync {
  readonly kind: 'failed'
  readonly failure: Failure
  readonly prepared?: PreparedSync
}

/** Not tried, or not finished, because of what happened to another audience. */
interface StoppedSync {
  readonly kind: 'stopped'
  readonly prepared?: PreparedSync
}

type SyncTask = PreparedSync | SkippedSync | FailedSync | StoppedSync

/** Set by a failure that every other call would meet too. */
interface StopSwitch {
  failure: Failure | undefined
}

const PUSH_ORDER: readonly { isFor: 'suppressions' | 'others'; direction: Direction }[] = [
  { isFor: 'suppressions', direction: 'add' },
  { isFor: 'others', direction: 'remove' },
  { isFor: 'others', direction: 'add' },
  { isFor: 'suppressions', direction: 'remove' },
]

const isSuppression = (audience: Audience, all: readonly Audience[]): boolean =>
  audience.intent === 'suppression' || all.some(({ suppressedBy }) => suppressedBy.includes(audience.id))

/** Runs one step of one audience: its failure is its own, unless it would be everybody's. */
const guardTask = async (
  run: Run,
  stop: StopSwitch,
  step: () => Promise<SyncTask>,
  prepared?: PreparedSync,
): Promise<SyncTask> => {
  const withPrepared = prepared ? { prepared } : {}
  if (stop.failure) return { kind: 'stopped', ...withPrepared }
  try {
    stopIfAborted(run.signal)
    return await step()
  } catch (error) {
    const { failure, isFatal } = judgeError(error, run.signal)
    if (isFatal) stop.failure = failure
    return { kind: 'failed', failure, ...withPrepared }
  }
}

const closeTask = async (run: Run, task: SyncTask): Promise<void> => {
  if (task.kind === 'prepared') await finishPrepared(run, task)
  if (task.kind === 'failed' || task.kind === 'stopped') await task.prepared?.delta.close()
}

const reportTask = (id: string, task: SyncTask, accepted: number): SyncReport => {
  if (task.kind === 'skipped') {
    return { result: { ...EMPTY_RESULT, id, accepted }, findings: task.findings, note: task.note }
  }
  const prepared = task.kind === 'prepared' ? task : task.prepared
  const result: SyncResult = prepared
    ? {
        id,
        read: prepared.read.peopleRead,
        wanted: prepared.delta.counts.wanted,
        ...prepared.tally,
        held: prepared.held,
        skipped: Object.values(prepared.read.skipped).reduce((sum, count) => sum + count, 0),
        refused: prepared.refused,
        accepted,
      }
    : { ...EMPTY_RESULT, id, accepted }
  const findings = prepared?.findings ?? []
  if (task.kind === 'failed') return { result, findings, failure: task.failure }
  return task.kind === 'stopped' ? { result, findings, wasStopped: true } : { result, findings }
}

const EMPTY_RESULT: Omit<SyncResult, 'id' | 'accepted'> = {
  read: 0,
  wanted: 0,
  added: 0,
  removed: 0,
  held: 0,
  skipped: 0,
  refused: [],
  calls: 0,
}
