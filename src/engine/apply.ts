import type { Audience } from '../model/audience.ts'
import type { Failure } from '../model/failure.ts'
import { unreachable } from '../model/invariant.ts'
import type { ChangeOutcome, ChangeResult } from '../model/outcome.ts'
import { type Address, type Change, type Plan, pendingChanges } from '../model/plan.ts'
import { applyBinding } from './apply-binding.ts'
import { confirmListed, createCohort, retireCohort } from './apply-cohort.ts'
import { applySendable, retireSendable } from './apply-sendable.ts'
import { stopIfAborted } from './interrupt.ts'
import { judgeError, type Run } from './run.ts'

/**
 * Executes the plan's changes in their order and nothing else. One failing audience does not stop the others; a
 * failure that every call would meet (a refused key, a suspended workspace) does.
 */
export const applyPlan = async (
  run: Run,
  plan: Plan,
  audiences: ReadonlyMap<string, Audience>,
): Promise<readonly ChangeOutcome[]> => {
  const changes = pendingChanges(plan)
  const outcomes = new Map<Address, ChangeOutcome>()
  let isStopped = false
  const record = (change: Change, result: ChangeResult): void => {
    outcomes.set(change.address, { address: change.address, change, result })
    run.reporter.report({
      subject: change.address,
      phase: 'apply',
      done: outcomes.size,
      total: changes.length,
    })
  }
  const guard = async (work: () => Promise<void>, onFailure: (failure: Failure) => void): Promise<void> => {
    try {
      stopIfAborted(run.signal)
      await work()
    } catch (error) {
      const { failure, isFatal } = judgeError(error, run.signal)
      isStopped ||= isFatal
      onFailure(failure)
    }
  }
  for (const step of stepsOf(changes)) {
    for (const change of step) {
      if (isStopped) record(change, { kind: 'skipped' })
      else
        await guard(
          async () => record(change, await applyChange(run, change, audiences.get(change.audience))),
          failure => record(change, { kind: 'failed', failure }),
        )
    }
    if (isStopped || !step.some(isNewCohort)) continue
    await guard(
      async () =>
        markWaiting(outcomes, await confirmListed(run), 'accepted by MoEngage, but not in its list yet'),
      ({ detail }) =>
        markWaiting(
          outcomes,
          new Set(outcomes.keys()),
          `accepted, but its list could not be read: ${detail}`,
        ),
    )
  }
  return [...outcomes.values()]
}

const isNewCohort = ({ kind, action }: Change): boolean => kind === 'cohort' && action !== 'retire'

/** Cohorts first, on their own: what follows needs the ids that MoEngage gives them. */
const stepsOf = (changes: readonly Change[]): readonly (readonly Change[])[] => [
  changes.filter(isNewCohort),
  changes.filter(change => !isNewCohort(change)),
]

const applyChange = (run: Run, change: Change, audience: Audience | undefined): Promise<ChangeResult> => {
  switch (change.kind) {
    case 'cohort':
      return change.action === 'retire' ? retireCohort(run, change) : createCohort(run, change, audience)
    case 'binding':
      return applyBinding(run, change)
    case 'sendable':
      return change.action === 'retire' ? retireSendable(run, change) : applySendable(run, change, audience)
    default:
      return unreachable(change.kind)
  }
}

/** An accepted cohort is done only once MoEngage's list has shown it. */
const markWaiting = (
  outcomes: Map<Address, ChangeOutcome>,
  unseen: ReadonlySet<Address>,
  why: string,
): void => {
  for (const [address, outcome] of outcomes) {
    if (outcome.result.kind !== 'done' || !unseen.has(address)) continue
    outcomes.set(address, { ...outcome, result: { kind: 'waiting', why } })
  }
}
