import { findCheck, keepCheck } from '../github/checks.ts'
import { readRuns } from '../github/comment-runs.ts'
import { keepComment } from '../github/comments.ts'
import { isOutdated, renderOutdated } from '../github/plan-comment.ts'
import { listOpenPulls, type Pull } from '../github/pulls.ts'
import { fail } from '../model/failure.ts'
import { planMarker } from '../render/plan-markdown.ts'
import type { ActionContext } from './action-context.ts'
import { checkNameOf } from './make-plan.ts'

const SHORT_SHA = 7

/** After a push to a branch: the plans of pull requests into it were made against something else. Says so on each. */
export const runOutdatedStep = async (context: ActionContext): Promise<number> => {
  const { event, github, print } = context
  if (event.kind !== 'push') return refuseEvent()
  const pulls = await listOpenPulls(github, event.branch)
  let told = 0
  for (const pull of pulls) if (await tell(context, pull, event.after.slice(0, SHORT_SHA))) told += 1
  print(`Plans out of date: ${told}, of ${pulls.length} open pull requests.`)
  return 0
}

const refuseEvent = (): never =>
  fail({
    origin: 'config',
    code: 'action/unexpected-event',
    detail: 'Plans are out of date after a push.',
    hint: 'start it by `on: push`',
    retryable: false,
  })

const tell = async (
  context: ActionContext,
  { number, headSha, isFork }: Pull,
  commit: string,
): Promise<boolean> => {
  const { github, inputs } = context
  const { kind } = await keepComment(github, {
    number,
    marker: planMarker(inputs.env),
    render: (_maxBytes, found) =>
      found === undefined || isOutdated(found)
        ? undefined
        : renderOutdated({ environment: inputs.env, runs: readRuns(found), commit }),
  })
  if (kind !== 'updated') return false
  const name = checkNameOf(context)
  const check = await findCheck(github, { name, headSha })
  if (check) {
    await keepCheck(github, {
      name,
      headSha,
      conclusion: 'action_required',
      isOfFork: isFork,
      title: 'Plan out of date',
      summary: `The base moved to ${commit} after this was planned. Update the branch: it is planned again, for review.`,
      // Still what was reviewed. Should merging call for exactly that all the same, it is applied.
      ...(check.digest === undefined ? {} : { digest: check.digest }),
    })
  }
  return true
}
