import { applyCheckName, findCheck } from '../github/checks.ts'
import { findMergedPulls, type Pull } from '../github/pulls.ts'
import type { ActionContext } from './action-context.ts'
import { checkNameOf } from './make-plan.ts'

/** Who answers for applying a plan. */
export interface Reviewed {
  readonly isVouched: boolean
  /** The pull request that it is told on: the one that was reviewed, or else the one that was merged last. */
  readonly pull?: Pull
  /** What was reviewed instead, when something was. */
  readonly digest?: string
}

/**
 * Whether exactly this plan was reviewed: by a person who names its digest, on a pull request that was merged, or on one
 * whose apply did not get to its end, of which this is the rest. The digest of a review is that of the check on the head
 * of the pull request. Neither a comment nor a message of a commit is asked: people may edit those.
 */
export const findReviewed = async (context: ActionContext, digest: string): Promise<Reviewed> => {
  const { inputs, event, github } = context
  if (inputs.digest !== undefined)
    return inputs.digest === digest ? { isVouched: true } : { isVouched: false, digest: inputs.digest }
  if (event.kind !== 'push') return { isVouched: false }
  const pulls = await findMergedPulls(github, event)
  const [last] = pulls
  const seen: { readonly pull: Pull; readonly digest: string }[] = []
  for (const pull of pulls) {
    const check = await findCheck(github, { name: checkNameOf(context), headSha: pull.headSha })
    if (check?.digest === digest) return { isVouched: true, pull }
    if (check?.digest !== undefined) seen.push({ pull, digest: check.digest })
  }
  const [other] = seen
  const rest = await findCheck(github, { name: applyCheckName(inputs.env), headSha: event.after })
  if (rest?.digest === digest) return { isVouched: true, ...tellOn(other?.pull ?? last) }
  return { isVouched: false, ...tellOn(other?.pull ?? last), ...(other ? { digest: other.digest } : {}) }
}

const tellOn = (pull: Pull | undefined): { readonly pull?: Pull } => (pull ? { pull } : {})
