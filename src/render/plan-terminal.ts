import { unreachable } from '../model/invariant.ts'
import { ACTIONS, type Action, type Plan, type PlanTarget } from '../model/plan.ts'
import type { ChangeView, RowView } from './change-view.ts'
import { type DiagnosticsOptions, renderDiagnostics } from './diagnostics.ts'
import type { Paint } from './paint.ts'
import { ATTENTION, type AttentionGroup, type AttentionKind } from './plan-attention.ts'
import { describeAccounts, type Headline } from './plan-sentences.ts'
import { type AudienceView, viewPlan } from './plan-view.ts'
import { showLine } from './show-value.ts'
import { diffWords, type TextPart } from './text-diff.ts'
import type { ValueView } from './value-view.ts'

/** The plan as a reviewer reads it on a terminal: where, what, what it does to people, what it costs. */
export const renderPlan = (plan: Plan, look: DiagnosticsOptions): string => {
  const { paint } = look
  const view = viewPlan(plan)
  const sections = [
    renderTarget(view.target, paint),
    ...view.scope.map(paint.yellow),
    ...view.audiences.map(each => renderAudience(each, paint)),
    ...view.attention.filter(({ kind }) => !SHOWN_ELSEWHERE.has(kind)).map(each => renderGroup(each, paint)),
    ...(view.warnings.length > 0 ? [renderDiagnostics(view.warnings, look)] : []),
    ...(view.refusals.length > 0 ? [renderDiagnostics(view.refusals, look)] : []),
    [paintHeadline(view.headline, paint), ...view.facts, paint.dim(`Digest ${view.digest}`)].join('\n'),
  ]
  return `${sections.join('\n\n')}\n`
}

/** Which accounts are spoken of. Stands above every plan, so that nobody applies to the wrong one. */
export const renderTarget = (target: PlanTarget, paint: Paint): string =>
  `${paint.bold(`${target.workspace} · ${target.environment}`)}  ${paint.dim(describeAccounts(target))}`

/** On a terminal everything is in sight: these stand among the changes, or as diagnostics of their own. */
const SHOWN_ELSEWHERE: ReadonlySet<AttentionKind> = new Set([
  'refusal',
  'retirement',
  'rename',
  'forget',
  'adoption',
  'warning',
])

/** The changes of one audience, with the values that differ. */
export const renderAudience = ({ audience, changes }: AudienceView, paint: Paint): string => {
  const width = Math.max(...changes.map(({ address }) => address.length))
  return [
    paint.bold(showLine(audience)),
    ...changes.flatMap(change => renderChange(change, width, paint)),
  ].join('\n')
}

const renderChange = (
  { action, address, description, rows }: ChangeView,
  width: number,
  paint: Paint,
): string[] => {
  const names = Math.max(0, ...rows.map(({ attribute }) => attribute.length))
  return [
    `  ${colourOf(action, paint)(ACTIONS[action])} ${address.padEnd(width)}  ${paint.dim(description)}`,
    ...rows.map(row => renderRow(row, names, paint)),
  ]
}

const colourOf = (action: Action, paint: Paint): ((text: string) => string) =>
  ({
    create: paint.green,
    update: paint.yellow,
    adopt: paint.cyan,
    rename: paint.yellow,
    retire: paint.red,
    forget: paint.red,
    none: paint.dim,
  })[action]

const renderRow = ({ attribute, value, note }: RowView, width: number, paint: Paint): string =>
  `      ${attribute.padEnd(width)}  ${renderValue(value, paint)}${note === '' ? '' : `  ${paint.dim(`(${note})`)}`}`

const renderValue = (value: ValueView, paint: Paint): string => {
  switch (value.kind) {
    case 'plain':
      return `${value.before} → ${value.after}`
    case 'text':
      return diffWords(value.before, value.after)
        .map(part => renderPart(part, paint))
        .join('')
    case 'list': {
      const parts: TextPart[] = [
        { is: 'removed', text: value.went },
        { is: 'added', text: value.came },
      ]
      const moved = parts.filter(({ text }) => text !== '').map(part => renderPart(part, paint))
      return `${moved.join(' ')}${value.kept > 0 ? `, ${value.kept} kept` : ''}`
    }
    default:
      return unreachable(value)
  }
}

/** Marked as git marks words, so that it can be read without colour. */
const renderPart = ({ is, text }: TextPart, paint: Paint): string => {
  switch (is) {
    case 'same':
      return text
    case 'removed':
      return paint.red(`[-${text}-]`)
    case 'added':
      return paint.green(`{+${text}+}`)
    default:
      return unreachable(is)
  }
}

const renderGroup = ({ kind, entries }: AttentionGroup, paint: Paint): string => {
  const width = Math.max(...entries.map(({ address }) => address?.length ?? 0))
  return [
    paint.yellow(ATTENTION[kind]),
    ...entries.map(({ address, text }) =>
      address === undefined ? `  ${text}` : `  ${address.padEnd(width)}  ${text}`,
    ),
  ].join('\n')
}

const paintHeadline = ({ tone, text }: Headline, paint: Paint): string => {
  switch (tone) {
    case 'refused':
      return paint.red(text)
    case 'unsure':
      return paint.yellow(text)
    case 'quiet':
      return paint.green(text)
    case 'pending':
      return text
    default:
      return unreachable(tone)
  }
}
