import { ACTIONS, type Action, type Plan } from '../model/plan.ts'
import { countBytes, takeWithin } from '../render/byte-budget.ts'
import { fence, inertCode, inertText } from '../render/inert-markdown.ts'
import { renderPlanMarkdown } from '../render/plan-markdown.ts'
import { formatNumber } from '../render/words.ts'

/** First line of the comment that says what became of a merge. */
export const applyMarker = (environment: string): string =>
  `<!-- muster:apply env=${environment.replaceAll(/[^A-Za-z0-9_]+/g, '-')} -->`

/** One change as `apply --json` tells of it. */
export interface ToldOutcome {
  readonly address: string
  readonly action: string
  readonly result: string
  /** Code of a failure, or what is waited for. */
  readonly why?: string
}

interface Applied {
  readonly environment: string
  readonly runUrl: string
}

/** All of it was done. */
export const renderApplied = ({
  environment,
  runUrl,
  digest,
  count,
}: Applied & { readonly digest: string; readonly count: number }): string =>
  `${[
    ...head(environment),
    `**Applied** as reviewed: ${count === 0 ? 'there was nothing left to do' : `${formatNumber(count)} done`}, by [this run](${runUrl}).`,
    '',
    `Digest ${inertCode(digest)}`,
  ].join('\n')}\n`

/** Nothing was done, and why. `why` and `wayOut` are sentences of ours. */
export const renderNotApplied = (
  {
    environment,
    runUrl,
    why,
    wayOut,
    plan,
  }: Applied & { readonly why: string; readonly wayOut: string; readonly plan?: Plan },
  maxBytes: number,
): string => {
  const above = [
    ...head(environment),
    `**Not applied.** ${why} By [this run](${runUrl}).`,
    '',
    wayOut,
    '',
  ].join('\n')
  return `${above}\n${plan ? renderFolded('What would be applied now', plan, maxBytes - countBytes(above)) : ''}`
}

/** Some of it was done: see the issue. */
export const renderFailed = ({
  environment,
  runUrl,
  issueUrl,
}: Applied & { readonly issueUrl?: string }): string =>
  `${[
    ...head(environment),
    `**Not applied to its end**, by [this run](${runUrl}). ${issueUrl === undefined ? 'The run says what is left.' : `What is left, and the command: ${issueUrl}`}`,
  ].join('\n')}\n`

const head = (environment: string): readonly string[] => [
  applyMarker(environment),
  `### muster apply: ${inertText(environment)}`,
  '',
]

interface Remainder extends Applied {
  readonly outcomes: readonly ToldOutcome[]
  /** What planning again says is left. Absent: it could not be planned. */
  readonly remainder?: Plan
  /** Running the job again goes on with the remainder. Otherwise it is another plan, and needs a review. */
  readonly goesOn: boolean
}

/** For half of the outcomes at most: the remainder is what counts. */
const SHARE_FOR_OUTCOMES = 0.4

/** The issue of an apply that did not get to its end: what went wrong, exactly what is left, and what to type. */
export const renderRemainder = (
  { environment, runUrl, outcomes, remainder, goesOn }: Remainder,
  maxBytes: number,
): string => {
  const open = outcomes.filter(({ result }) => result !== 'done')
  const { kept, left } = takeWithin(open.map(renderOutcome), Math.floor(maxBytes * SHARE_FOR_OUTCOMES))
  const above = [
    `The merged plan was not applied to its end, by [this run](${runUrl}): ` +
      `${formatNumber(outcomes.length - open.length)} done, ${formatNumber(open.length)} not.`,
    '',
    ...kept,
    ...(left > 0 ? [`- … and ${formatNumber(left)} more`] : []),
    '',
    goesOn
      ? 'Run the failed job again: it goes on with exactly what is left. Or, where the keys and the store are:'
      : 'What is left is not a part of what was reviewed. Read it, then, where the keys and the store are:',
    '',
    ...fence('sh', [
      `muster plan --env ${environment} --out plan.json`,
      `muster apply plan.json --env ${environment}`,
    ]),
    '',
    'This issue is closed by the apply that finishes.',
    '',
  ].join('\n')
  return `${above}\n${remainder ? renderFolded('What is left', remainder, maxBytes - countBytes(above)) : 'What is left could not be planned: the run says why.\n'}`
}

/** Results as a person says them. */
const RESULTS: Readonly<Record<string, string>> = { skipped: 'not tried' }

const renderOutcome = ({ address, action, result, why }: ToldOutcome): string =>
  `- ${inertCode(`${symbolOf(action)} ${address}`)} ${inertText(RESULTS[result] ?? result)}${why === undefined ? '' : `: ${inertText(why)}`}`

const symbolOf = (action: string): string => (action in ACTIONS ? ACTIONS[action as Action] : '?')

const FOLD_BYTES = 200

const renderFolded = (title: string, plan: Plan, maxBytes: number): string => {
  const whole = renderPlanMarkdown(plan, { maxBytes: maxBytes - FOLD_BYTES })
  // Its first line is the marker of a comment on a pull request under review.
  return `<details open><summary>${title}</summary>\n\n${whole.slice(whole.indexOf('\n') + 1)}\n</details>\n`
}
