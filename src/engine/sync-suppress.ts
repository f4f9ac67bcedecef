import type { Diagnostic } from '../model/diagnostic.ts'
import { unreachable } from '../model/invariant.ts'
import { isLeftBehind } from '../model/plan.ts'
import type { RecordedState } from '../model/recorded.ts'
import { sendableAddress } from '../plan/address.ts'
import type { PreparedSync } from './sync-audience.ts'
import type { SyncTask } from './sync-report.ts'

/**
 * Nobody new is let in while somebody who should be kept out might be missing: an audience waits for suppressions
 * that were to be synced in this run and were not, and while its sendable segment still leaves out the members of a
 * cohort that nobody keeps right any more.
 */
export const holdUnlessSuppressed = (
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

/** Somebody may be in its source and not in its cohort: not seen, waiting for an answer, or refused with all others. */
const mayMissSomebody = ({ isTrusted, delta, tally }: PreparedSync): boolean =>
  !isTrusted || delta.counts.keptOut.unsettled > 0 || (tally.add.refused > 0 && tally.add.members === 0)

/**
 * Nobody is let out of a suppression while an audience that it holds back may still have them: its own removes were to
 * come first, and did not.
 */
export const holdUnlessRemoved = (
  prepared: PreparedSync,
  tasks: ReadonlyMap<string, SyncTask>,
): PreparedSync => {
  if (prepared.delta.counts.removes === 0) return prepared
  const { id } = prepared.audience
  const late = [...tasks].flatMap(([other, task]) =>
    mayKeepSomebody(task) && preparedOf(task)?.audience.suppressedBy.includes(id) === true ? [other] : [],
  )
  if (late.length === 0) return prepared
  return {
    ...prepared,
    stopped: new Set([...prepared.stopped, 'remove']),
    findings: [
      ...prepared.findings,
      {
        code: 'guard/suppression',
        severity: 'error',
        summary: 'Removes from a suppression wait',
        detail: `${id}: ${late.join(', ')} could not lose members, so nobody is let out of it.`,
        hint: 'set that right first, then run the same sync again',
      },
    ],
    refused: [...prepared.refused, 'suppression'],
  }
}

const mayKeepSomebody = (task: SyncTask): boolean => {
  switch (task.kind) {
    case 'prepared':
      return (task.stopped.has('remove') && task.delta.counts.removes > 0) || task.tally.remove.refused > 0
    case 'skipped':
      return false
    case 'failed':
    case 'stopped':
      return true
    default:
      return unreachable(task)
  }
}

/** What was found out about an audience before it came to a stop. */
export const preparedOf = (task: SyncTask): PreparedSync | undefined => {
  if (task.kind === 'prepared') return task
  return task.kind === 'skipped' ? undefined : task.prepared
}

const isBehind = (task: SyncTask | undefined): boolean => {
  switch (task?.kind) {
    case undefined:
      return false
    case 'prepared':
      return task.stopped.has('add') || mayMissSomebody(task)
    case 'skipped':
      return task.findings.length > 0
    case 'failed':
    case 'stopped':
      return true
    default:
      return unreachable(task)
  }
}
