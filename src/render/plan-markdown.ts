import { unreachable } from '../model/invariant.ts'
import { ACTIONS, type Plan } from '../model/plan.ts'
import { countBytes, takeWithin } from './byte-budget.ts'
import type { ChangeView, RowView } from './change-view.ts'
import { fence, inertCode, inertText } from './inert-markdown.ts'
import { ATTENTION, type AttentionGroup } from './plan-attention.ts'
import { describeAccounts } from './plan-sentences.ts'
import { type AudienceView, type PlanView, viewPlan } from './plan-view.ts'
import { diffSentences, type TextPart } from './text-diff.ts'
import type { ValueView } from './value-view.ts'
import { countOf, formatNumber } from './words.ts'

/** How large it may become. */
export interface MarkdownOptions {
  /** In UTF-8. A comment on GitHub holds 65,536 characters. */
  readonly maxBytes: number
}

/** For a comment, with room for what is put around it. */
export const COMMENT_SIZE: MarkdownOptions = { maxBytes: 60_000 }

/** What needs eyes comes first and may take most of the room, but leaves some for the changes. */
const SHARE_FOR_ATTENTION = 0.6
/** For the line that says how many more there are. */
const MORE_BYTES = 80

/** The first line of a plan's comment, by which it is found again. Nothing else in a comment can look like it. */
export const planMarker = (environment: string): string =>
  `<!-- muster:plan env=${environment.replaceAll(/[^A-Za-z0-9_]+/g, '-')} -->`

/** The plan as a comment: counts, what needs a reviewer's eye, every change folded. Cut at whole entries. */
export const renderPlanMarkdown = (plan: Plan, { maxBytes }: MarkdownOptions = COMMENT_SIZE): string => {
  const view = viewPlan(plan)
  const head = renderHead(view)
  const foot = renderFoot(view)
  const room = maxBytes - countBytes([...head, ...foot].join('\n')) - 2
  const attention = renderAttention(view.attention, Math.floor(room * SHARE_FOR_ATTENTION))
  const changes = renderChanges(view.audiences, room - countBytes(attention.join('\n')) - 1)
  return `${[...head, ...attention, ...changes, ...foot].join('\n')}\n`
}

const renderHead = ({ target, scope, headline }: PlanView): string[] => [
  planMarker(target.environment),
  `### muster plan: ${inertText(cut(target.workspace))} · ${inertText(cut(target.environment))}`,
  '',
  inertText(cut(describeAccounts(target))),
  '',
  `**${inertText(headline.text)}**`,
  '',
  ...scope.flatMap(sentence => [inertText(cut(sentence)), '']),
]

const renderFoot = ({ facts, digest }: PlanView): string[] => [
  ...facts.flatMap(fact => [inertText(fact), '']),
  `Digest ${inertCode(cut(digest))}`,
]

const LONGEST_TEXT = 300

const cut = (text: string): string =>
  text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`

/** Each group may use an even part of the room that is left, so that a long one hides no other. */
const renderAttention = (groups: readonly AttentionGroup[], room: number): string[] => {
  const lines: string[] = []
  let left = room
  for (const [index, { kind, entries }] of groups.entries()) {
    const title = `**${ATTENTION[kind]}** (${formatNumber(entries.length)})`
    const share = Math.floor(left / (groups.length - index)) - countBytes(title) - MORE_BYTES
    const fitted = takeWithin(
      entries.map(
        ({ address, text }) =>
          `- ${address === undefined ? '' : `${inertCode(cut(address))} `}${inertText(cut(text))}`,
      ),
      share,
    )
    const group = [title, '', ...fitted.kept, ...describeRest(fitted.left), '']
    lines.push(...group)
    left -= countBytes(group.join('\n')) + 1
  }
  return lines
}

const describeRest = (left: number): string[] =>
  left > 0 ? [`- … and ${formatNumber(left)} more in the full plan`] : []

const renderChanges = (audiences: readonly AudienceView[], room: number): string[] => {
  const count = audiences.reduce((sum, { changes }) => sum + changes.length, 0)
  if (count === 0) return []
  const summary = `<details><summary>${countOf(count, 'change')}, one by one</summary>`
  const end = '</details>'
  const entries = audiences.flatMap(renderAudience)
  const fitted = takeWithin(entries, room - countBytes(summary) - countBytes(end) - MORE_BYTES)
  return [summary, '', ...fitted.kept, ...describeRest(fitted.left), '', end, '']
}

/** One entry a change; the first one carries the audience's name. */
const renderAudience = ({ audience, changes }: AudienceView): string[] =>
  changes.map((change, index) => {
    const lines = renderChange(change)
    return (index === 0 ? [`- **${inertText(cut(audience))}**`, ...lines] : lines).join('\n')
  })

const renderChange = ({ action, address, description, rows }: ChangeView): string[] => [
  `  - ${inertCode(`${ACTIONS[action]} ${cut(address)}`)} ${inertText(cut(description))}`,
  ...rows.flatMap(renderRow),
]

const renderRow = ({ attribute, value, note }: RowView): string[] => {
  const aside = note === '' ? '' : ` (${inertText(cut(note))})`
  const head = `    - ${inertCode(cut(attribute))}`
  switch (value.kind) {
    case 'plain':
    case 'list':
      return [`${head} ${renderShort(value)}${aside}`]
    case 'text':
      return [
        `${head}${aside}`,
        '',
        ...fence('diff', diffSentences(value.before, value.after).map(renderPart)).map(
          line => `      ${line}`,
        ),
        '',
      ]
    default:
      return unreachable(value)
  }
}

const renderShort = (value: Exclude<ValueView, { kind: 'text' }>): string => {
  if (value.kind === 'plain') return `${inertText(cut(value.before))} → ${inertText(cut(value.after))}`
  return [
    ...(value.went === '' ? [] : [`without ${inertText(cut(value.went))}`]),
    ...(value.came === '' ? [] : [`now with ${inertText(cut(value.came))}`]),
    ...(value.kept > 0 ? [`${formatNumber(value.kept)} kept`] : []),
  ].join('; ')
}

const renderPart = ({ is, text }: TextPart): string => {
  switch (is) {
    case 'same':
      return `  ${text}`
    case 'removed':
      return `- ${text}`
    case 'added':
      return `+ ${text}`
    default:
      return unreachable(is)
  }
}
