import { applyCheckName, type CheckFound, findCheck } from '../github/checks.ts'
import { readLaterFiles } from '../github/later-files.ts'
import { readReviewedPlan } from '../github/plan-artifact.ts'
import { findMergedPulls, type Pull } from '../github/pulls.ts'
import { touchesSpecs } from '../github/touched.ts'
import { workflowCommand } from '../github/workflow-command.ts'
import { failureOf } from '../model/failure.ts'
import type { WrittenPlan } from '../model/generated/plan.ts'
import { comparePlans } from '../plan/stale.ts'
import type { ActionContext } from './action-context.ts'
import { checkNameOf } from './make-plan.ts'

/** Who answers for applying a plan. */
export interface Reviewed {
  readonly isVouched: boolean
  /** The pull request that it is told on: the one that was reviewed, or else the one that was merged last. */
  readonly pull?: Pull
  /** What was reviewed instead, when something was. */
  readonly digest?: string
  /** The branch has gone on to other specs since this push: those are what is to be applied. */
  readonly isOutdated?: boolean
  /** Started by hand from another branch than the default one. */
  readonly isElsewhere?: boolean
}

/**
 * Whether this plan, as it would be done now, was reviewed: by a person who names its digest; on a pull request that was
 * merged, as a whole or as what is left of it; or by an earlier run of this job, which noted what it left. The digest of a
 * review is that of the check on the head of the pull request. Neither a comment nor a message of a commit is asked:
 * people may edit those. Nothing is, of a push that the branch has gone on from to other specs. Without a plan the answer names the pull request alone.
 */
export const findReviewed = async (context: ActionContext, fresh?: WrittenPlan): Promise<Reviewed> => {
  const { inputs, event, github } = context
  if (event.kind === 'called' && !event.isOfDefaultBranch) return { isVouched: false, isElsewhere: true }
  if (inputs.digest !== undefined)
    return inputs.digest === fresh?.digest ? { isVouched: true } : { isVouched: false, digest: inputs.digest }
  if (event.kind !== 'push') return { isVouched: false }
  const pulls = await findMergedPulls(github, event)
  const later = await readLaterFiles(github, event)
  if (!later || touchesSpecs(later, inputs.dir))
    return { isVouched: false, isOutdated: true, ...(pulls[0] ? { pull: pulls[0] } : {}) }
  const seen: { readonly pull: Pull; readonly digest: string }[] = []
  for (const pull of pulls) {
    const check = await findCheck(github, { name: checkNameOf(context), headSha: pull.headSha })
    if (check?.digest === undefined) continue
    if (fresh && (await isOf(context, check, fresh))) return { isVouched: true, pull }
    seen.push({ pull, digest: check.digest })
  }
  const [other] = seen
  const told = other?.pull ?? pulls[0]
  const rest = await findCheck(github, { name: applyCheckName(inputs.env), headSha: event.after })
  const isVouched = fresh !== undefined && rest?.digest === fresh.digest
  return {
    isVouched,
    ...(told ? { pull: told } : {}),
    ...(other && !isVouched ? { digest: other.digest } : {}),
  }
}

/** The reviewed plan, or what is left of it: a run that died in the middle, or a merge before it, did the rest. */
const isOf = async (context: ActionContext, check: CheckFound, fresh: WrittenPlan): Promise<boolean> => {
  const { github, inputs, planSchema, print } = context
  const { digest, runId } = check
  if (digest === fresh.digest) return true
  if (digest === undefined || runId === undefined) return false
  try {
    const known = { runId, digest, schema: planSchema, environment: inputs.env }
    const reviewed = await readReviewedPlan(github, known)
    return reviewed !== undefined && comparePlans(reviewed, fresh).kind !== 'stale'
  } catch (error) {
    const failure = failureOf(error)
    if (!failure) throw error
    print(workflowCommand('notice', {}, `The reviewed plan could not be compared: ${failure.detail}`))
    return false
  }
}
