import type { Diagnostic } from '../model/diagnostic.ts'
import { type Plan, pendingChanges } from '../model/plan.ts'
import { countBytes, takeWithin } from '../render/byte-budget.ts'
import { inertCode, inertText } from '../render/inert-markdown.ts'
import { planMarker, renderPlanMarkdown } from '../render/plan-markdown.ts'
import { countActions } from '../render/plan-sentences.ts'
import { countOf, formatNumber } from '../render/words.ts'
import { type PlanRun, renderRuns } from './comment-runs.ts'

/** What came of planning a pull request: a plan, or why there is none. */
export type Planned =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'invalid'; readonly diagnostics: readonly Diagnostic[] }
  /** `why` is a whole sentence of ours. */
  | { readonly kind: 'none'; readonly why: string }

export interface PlanComment {
  readonly environment: string
  readonly planned: Planned
  /** This run first, then the earlier ones. None where it goes without saying: in the run's own summary. */
  readonly runs: readonly PlanRun[]
  readonly runUrl: string
  readonly isFork: boolean
}

/** What it came to, in words and numbers alone: for one line, a title, and the memory of a comment. */
export const describePlanned = (planned: Planned): string => {
  if (planned.kind === 'none') return 'no plan'
  if (planned.kind === 'invalid') return `invalid specs, ${countErrors(planned.diagnostics)}`
  const { plan } = planned
  if (plan.refusals.length > 0) return `refused for ${countOf(plan.refusals.length, 'reason')}`
  if (pendingChanges(plan).length === 0)
    return plan.isOffline || plan.beliefs.unknown > 0 ? 'no changes known' : 'no changes'
  return countActions(plan)
    .map(({ action, count }) => `${formatNumber(count)} to ${action}`)
    .join(', ')
}

const countErrors = (diagnostics: readonly Diagnostic[]): string =>
  countOf(diagnostics.filter(({ severity }) => severity === 'error').length, 'error')

/** The comment of a pull request, within so many bytes: the plan, where it is from, and earlier runs as one line each. */
export const renderPlanComment = (comment: PlanComment, maxBytes: number): string => {
  const [run] = comment.runs
  const origin = run ? [...describeRun(comment, run), ''] : []
  const foot = [...origin, ...renderRuns(comment.runs.slice(1), comment.runs)].join('\n')
  const room = maxBytes - countBytes(foot) - 2
  return `${renderPlanned(comment, room).trimEnd()}\n\n${foot}\n`
}

const describeRun = ({ runUrl, isFork }: PlanComment, { head }: PlanRun): readonly string[] => [
  `Of commit ${head}, by [this run](${runUrl}), which holds all of it.`,
  ...(isFork
    ? [
        '',
        'From a fork: planned without keys, and nothing here vouches for what a merge applies. Apply stops at it and shows ' +
          'the plan that counts.',
      ]
    : []),
]

const renderPlanned = ({ planned, environment }: PlanComment, maxBytes: number): string => {
  if (planned.kind === 'plan') return renderPlanMarkdown(planned.plan, { maxBytes })
  const head = [planMarker(environment), `### muster plan: ${inertText(environment)}`, '']
  if (planned.kind === 'none') return [...head, `**No plan.** ${planned.why}`].join('\n')
  return renderInvalid(head, planned.diagnostics, maxBytes)
}

/** For the line that says how many more there are. */
const MORE_BYTES = 80

const renderInvalid = (
  head: readonly string[],
  diagnostics: readonly Diagnostic[],
  maxBytes: number,
): string => {
  const above = [
    ...head,
    `**Invalid specs: ${countErrors(diagnostics)}.** There is no plan before they are mended.`,
    '',
  ]
  const { kept, left } = takeWithin(
    diagnostics.map(renderDiagnostic),
    maxBytes - countBytes(above.join('\n')) - MORE_BYTES,
  )
  return [...above, ...kept, ...(left > 0 ? [`- … and ${formatNumber(left)} more`] : [])].join('\n')
}

const LONGEST_TEXT = 500

/** One diagnostic as an entry of a list. */
const renderDiagnostic = ({ code, summary, detail, hint, at }: Diagnostic): string => {
  const place = at === undefined ? '' : `${inertCode(cut(`${at.path}:${at.line}:${at.column}`))} `
  const advice = hint === undefined ? '' : ` Hint: ${inertText(cut(hint))}.`
  return `- ${place}${inertText(cut(`${summary} [${code}]: ${detail}`))}${advice}`
}

const cut = (text: string): string =>
  text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`

/** The comment when the branch that was planned against has moved on. What was planned becomes one line. */
export const renderOutdated = ({
  environment,
  runs,
  commit,
}: Pick<PlanComment, 'environment' | 'runs'> & { readonly commit: string }): string =>
  `${[
    planMarker(environment),
    `### muster plan: ${inertText(environment)}`,
    '',
    `${OUTDATED} Its base moved to ${commit} after this was planned. Update the branch: it is planned again, for review.`,
    '',
    ...renderRuns(runs, runs),
  ].join('\n')}\n`

const OUTDATED = '**Plan out of date.**'

/** Whether a comment of ours says so already. */
export const isOutdated = (body: string): boolean =>
  body.split(/\r?\n/).some(line => line.startsWith(OUTDATED))
