import type { SyncGuard } from '../membership/guard.ts'
import type { Audience } from '../model/audience.ts'
import { compareText, type Diagnostic } from '../model/diagnostic.ts'
import type { Failure } from '../model/failure.ts'
import { unreachable } from '../model/invariant.ts'
import type { SyncReport } from '../model/outcome.ts'
import { isLeftBehind } from '../model/plan.ts'
import type { RecordedState } from '../model/recorded.ts'
import { sendableAddress } from '../plan/address.ts'
import type { Delta, Direction } from '../ports.ts'
import { stopIfAborted } from './interrupt.ts'
import { judgeError, type Run } from './run.ts'
import { markSynced, type PreparedSync, prepareSync, pushPrepared } from './sync-audience.ts'
import { reportTask, type SyncTask } from './sync-report.ts'

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
        if (task?.kind !== 'prepared') continue
        if (isSuppression(audience, audiences) !== (isFor === 'suppressions')) continue
        const prepared = direction === 'add' ? holdUnlessSuppressed(task, tasks, state) : task
        tasks.set(
          audience.id,
          await guardTask(run, stop, () => pushPrepared(run, prepared, direction), prepared),
        )
      }
    }
    for (const task of tasks.values()) if (task.kind === 'prepared') await markSynced(run, task)
  } finally {
    for (const task of tasks.values()) await deltaOf(task)?.close()
  }
  const { members } = await run.store.readState()
  return [...tasks].map(([id, task]) => reportTask(id, task, members.get(id) ?? 0))
}

const deltaOf = (task: SyncTask): Delta | undefined => {
  if (task.kind === 'prepared') return task.delta
  return task.kind === 'skipped' ? undefined : task.prepared?.delta
}

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

/**
 * Nobody new is let in while somebody who should be kept out might be missing: an audience waits for suppressions
 * that were to be synced in this run and were not, and while its sendable segment still leaves out the members of a
 * cohort that nobody keeps right any more.
 */
const holdUnlessSuppressed = (
  prepared: PreparedSync,
  tasks: ReadonlyMap<string, SyncTask>,
  state: RecordedState,
): PreparedSync => {
  if (prepared.delta.counts.adds === 0) return prepared
  const { id, suppressedBy } = prepared.audience
  const missing = suppressedBy.filter(each => isBehind(tasks.get(each)))
  if (missing.length > 0) {
    return holdAdds(prepared, {
      detail: `${id}: ${missing.join(', ')} could not be synced, so nobody is added.`,
      hint: 'set that right first, then run the same sync again',
    })
  }
  const former = findFormerExclusions(id, state)
  if (former.length === 0) return prepared
  return holdAdds(prepared, {
    detail: `${id}: ${sendableAddress(id)} still points at ${former.join(', ')}, so nobody is added.`,
    hint: 'muster apply: a rename is not finished',
  })
}

const holdAdds = (prepared: PreparedSync, text: Pick<Diagnostic, 'detail' | 'hint'>): PreparedSync => ({
  ...prepared,
  stopped: new Set([...prepared.stopped, 'add']),
  findings: [
    ...prepared.findings,
    { code: 'guard/suppression', severity: 'error', summary: 'Adds wait for a suppression', ...text },
  ],
  refused: [...prepared.refused, 'suppression'],
})

/** Cohorts that a rename replaced and that the audience's sendable segment still excludes. */
const findFormerExclusions = (id: string, { objects }: RecordedState): readonly string[] => {
  const exclude = objects.get(sendableAddress(id))?.attributes.exclude
  return Array.isArray(exclude) ? exclude.filter(isLeftBehind) : []
}

const isBehind = (task: SyncTask | undefined): boolean => {
  switch (task?.kind) {
    case undefined:
      return false
    case 'prepared':
      return task.stopped.has('add')
    case 'skipped':
      return task.findings.length > 0
    case 'failed':
    case 'stopped':
      return true
    default:
      return unreachable(task)
  }
}
