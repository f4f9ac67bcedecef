import {
  applyMarker,
  renderApplied,
  renderFailed,
  renderNotApplied,
  renderRemainder,
  type ToldOutcome,
} from '../github/apply-comment.ts'
import { applyCheckName, keepCheck } from '../github/checks.ts'
import { keepComment } from '../github/comments.ts'
import { keepIssue } from '../github/issues.ts'
import { workflowCommand } from '../github/workflow-command.ts'
import { failureOf } from '../model/failure.ts'
import type { Plan } from '../model/plan.ts'
import type { ActionContext } from './action-context.ts'
import type { Reviewed } from './reviewed.ts'

const ISSUE_BYTES = 60_000

/** All done: on the merged pull request, and by closing the issue of an earlier failure. */
export const tellApplied = async (
  context: ActionContext,
  { pull, digest, count }: Reviewed & { readonly digest: string; readonly count: number },
): Promise<void> => {
  const { github, inputs, runUrl } = context
  const told = { environment: inputs.env, runUrl }
  await tell(context, async () => {
    await keepIssue(github, {
      topic: 'apply',
      part: 'apply',
      environment: inputs.env,
      closing: `Applied to its end by [this run](${runUrl}).`,
    })
    if (pull)
      await keepComment(github, {
        number: pull.number,
        marker: applyMarker(inputs.env),
        render: (_maxBytes, found) =>
          // A merge that left nothing to do needs no word, unless it takes one back.
          count === 0 && found === undefined ? undefined : renderApplied({ ...told, digest, count }),
      })
    await markCommit(context, { conclusion: 'success', title: count === 0 ? 'Nothing to apply' : 'Applied' })
  })
}

/** Nothing was done: the log and the merged pull request say why. */
export const tellNotApplied = async (
  context: ActionContext,
  {
    pull,
    why,
    wayOut,
    plan,
  }: Reviewed & { readonly why: string; readonly wayOut: string; readonly plan?: Plan },
): Promise<void> => {
  const { github, inputs, runUrl, print, addSummary } = context
  const told = { environment: inputs.env, runUrl, why, wayOut, ...(plan ? { plan } : {}) }
  print(workflowCommand('error', { title: 'Not applied' }, `${why} ${wayOut}`))
  await addSummary(renderNotApplied(told, ISSUE_BYTES))
  await tell(context, async () => {
    if (pull)
      await keepComment(github, {
        number: pull.number,
        marker: applyMarker(inputs.env),
        render: maxBytes => renderNotApplied(told, maxBytes),
      })
  })
}

export interface Remainder {
  readonly outcomes: readonly ToldOutcome[]
  readonly remainder?: Plan
  readonly goesOn: boolean
}

/** Not done to its end. The check on the commit remembers what is left: running the job again may do exactly that. */
export const tellFailed = async (
  context: ActionContext,
  { pull, ...left }: Reviewed & Remainder,
): Promise<void> => {
  const { github, inputs, runUrl, print } = context
  const { remainder, goesOn } = left
  const told = { environment: inputs.env, runUrl }
  print(workflowCommand('error', { title: 'Not applied to its end' }, 'What is left stands in the issue.'))
  await tell(context, () =>
    markCommit(context, {
      conclusion: 'failure',
      title: 'Not applied to its end',
      ...(remainder && goesOn ? { digest: remainder.digest } : {}),
    }),
  )
  await tell(context, async () => {
    const { url } = await keepIssue(github, {
      topic: 'apply',
      part: 'apply',
      environment: inputs.env,
      open: {
        title: `muster: ${inputs.env} is not applied to its end`,
        body: renderRemainder({ ...told, ...left }, ISSUE_BYTES),
        note: `It happened again, in [this run](${runUrl}).`,
      },
    })
    if (pull)
      await keepComment(github, {
        number: pull.number,
        marker: applyMarker(inputs.env),
        render: () => renderFailed({ ...told, ...(url === undefined ? {} : { issueUrl: url }) }),
      })
  })
}

const markCommit = async (
  { github, inputs, event, runUrl }: ActionContext,
  check: {
    readonly conclusion: 'success' | 'failure'
    readonly title: string
    readonly digest?: string
  },
): Promise<void> => {
  if (event.kind !== 'push') return
  await keepCheck(github, {
    ...check,
    name: applyCheckName(inputs.env),
    headSha: event.after,
    summary: `[This run](${runUrl}) says more.`,
    detailsUrl: runUrl,
  })
}

/** What was applied stays applied when nobody can be told of it: that is a warning, not a failure. */
const tell = async ({ print }: ActionContext, say: () => Promise<void>): Promise<void> => {
  try {
    await say()
  } catch (error) {
    const failure = failureOf(error)
    if (!failure) throw error
    print(workflowCommand('warning', {}, `${failure.detail} ${failure.hint ?? ''}`))
  }
}
