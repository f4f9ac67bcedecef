import { unreachable } from '../model/invariant.ts'
import {
  ACTIONS,
  type Action,
  type AttributeChange,
  type Change,
  type Plan,
  type PlanTarget,
  type PlanValue,
  pendingChanges,
} from '../model/plan.ts'
import { formatAge, type Instant } from '../model/time.ts'
import { type DiagnosticsOptions, renderDiagnostics } from './diagnostics.ts'
import type { Paint } from './paint.ts'
import { alignColumns, countOf, formatNumber } from './words.ts'

/** The plan as a reviewer reads it on a terminal: where, what, what it does to people, what it costs. */
export const renderPlan = (plan: Plan, look: DiagnosticsOptions): string => {
  const { paint } = look
  const pending = pendingChanges(plan)
  const sections = [
    renderTarget(plan.target, paint),
    ...renderChanges(pending, plan, paint),
    ...renderDrift(plan, paint),
    ...(plan.refusals.length > 0 ? [renderDiagnostics(plan.refusals, look)] : []),
    renderSummary(plan, pending, paint),
  ]
  return `${sections.join('\n\n')}\n`
}

/** Which accounts are spoken of. Stands above every plan, so that nobody applies to the wrong one. */
export const renderTarget = (target: PlanTarget, paint: Paint): string =>
  `${paint.bold(`${target.workspace} · ${target.environment}`)}  ` +
  paint.dim(
    `Customer.io ${target.customerioRegion} → MoEngage ${target.moengageWorkspace} (data center ${target.moengageDataCenter})`,
  )

const renderChanges = (pending: readonly Change[], plan: Plan, paint: Paint): string[] => {
  const audiences = [...new Set(pending.map(({ audience }) => audience))].sort()
  return audiences.map(audience => {
    const own = pending.filter(change => change.audience === audience)
    const width = Math.max(...own.map(({ address }) => address.length))
    return [
      paint.bold(audience),
      ...own.flatMap(change => renderChange(change, { plan, paint, width })),
    ].join('\n')
  })
}

interface ChangeLook {
  readonly plan: Plan
  readonly paint: Paint
  /** Of the longest address beside it. */
  readonly width: number
}

const renderChange = (change: Change, { plan, paint, width }: ChangeLook): string[] => {
  const members = plan.effects.find(effect => effect.audience === change.audience)?.recordedMembers ?? 0
  const head = `  ${colourOf(change.action, paint)(ACTIONS[change.action])} ${change.address.padEnd(width)}`
  switch (change.action) {
    case 'create':
      return [`${head}  ${paint.dim(describeCreate(change))}`]
    case 'update':
      return [
        `${head}  ${paint.dim(change.reason)}`,
        ...renderAttributes(change.attributes, plan.plannedAt, paint),
      ]
    case 'retire':
      return [`${head}  ${paint.dim(describeRetire(change, members))}`]
    case 'none':
      return []
    default:
      return unreachable(change.action)
  }
}

const colourOf = (action: Action, paint: Paint): ((text: string) => string) =>
  ({ create: paint.green, update: paint.yellow, retire: paint.red, none: paint.dim })[action]

const describeCreate = (change: Change): string => {
  const afterOf = (name: string): string =>
    showValue(change.attributes.find(each => each.attribute === name)?.after)
  switch (change.kind) {
    case 'cohort':
      return `"${afterOf('name')}", born with its first member`
    case 'binding':
      return (
        `segment ${afterOf('source_segment')} "${afterOf('source_name')}" by ${afterOf('identifier')}, ` +
        `exit ${afterOf('exit')}, stage ${afterOf('stage')}, every ${afterOf('sync_every')}`
      )
    case 'sendable':
      return `"${afterOf('name')}" = the cohort without ${withoutKinds(afterOf('exclude'))}`
    default:
      return unreachable(change.kind)
  }
}

const withoutKinds = (addresses: string): string => addresses.replaceAll('cohort.', '')

const describeRetire = ({ kind, reason }: Change, members: number): string =>
  kind === 'cohort' ? `${reason}; removes ${countOf(members, 'recorded member')}` : reason

const renderAttributes = (attributes: readonly AttributeChange[], now: Instant, paint: Paint): string[] => {
  const rows = attributes.map(({ attribute, before, after }) => [
    `      ${attribute}`,
    `${showValue(before)} → ${showValue(after)}`,
  ])
  return alignColumns(rows).map((line, index) => {
    const change = attributes[index]
    if (change?.belief !== 'recorded' || change.recordedAt === undefined) return line
    return `${line}  ${paint.dim(`(recorded, ${formatAge(change.recordedAt, now)})`)}`
  })
}

const showValue = (value: PlanValue | undefined): string => {
  if (value === undefined) return '(none)'
  if (!Array.isArray(value)) return String(value)
  return value.length === 0 ? '(none)' : value.join(', ')
}

const renderDrift = ({ drift }: Plan, paint: Paint): string[] =>
  drift.length === 0
    ? []
    : [
        [
          paint.yellow('Drift: MoEngage differs from what was recorded'),
          ...drift.map(({ address, detail }) => `  ${address}  ${detail}`),
        ].join('\n'),
      ]

const renderSummary = (plan: Plan, pending: readonly Change[], paint: Paint): string => {
  const lines = [headline(plan, pending, paint)]
  if (pending.length > 0) lines.push(`Cost: ${describeCost(plan)}.`)
  const members = [...plan.effects].reduce((sum, { recordedMembers }) => sum + recordedMembers, 0)
  if (members > 0)
    lines.push(
      `Members: ${formatNumber(members)} recorded as accepted. MoEngage cannot list a cohort's members, so they are never read.`,
    )
  lines.push(paint.dim(`Digest ${plan.digest}`))
  return lines.join('\n')
}

const headline = (plan: Plan, pending: readonly Change[], paint: Paint): string => {
  const reasons = plan.refusals.length
  if (reasons > 0) return paint.red(`Refused for ${countOf(reasons, 'reason')}: nothing can be applied.`)
  if (pending.length > 0) return `Plan: ${countActions(pending)}.`
  if (plan.drift.length > 0) return 'Nothing to apply, but MoEngage has drifted: see above.'
  return paint.green('No changes. Every declared object is recorded, and MoEngage lists each one it should.')
}

/** `3 to create, 1 to retire`: actions that do not occur are left out. */
const countActions = (changes: readonly Change[]): string =>
  (['create', 'update', 'retire'] as const)
    .map(action => [changes.filter(change => change.action === action).length, action] as const)
    .filter(([count]) => count > 0)
    .map(([count, action]) => `${count} to ${action}`)
    .join(', ')

const describeCost = ({ cost }: Plan): string => {
  const calls = [
    ...(cost.cohortCalls > 0 ? [countOf(cost.cohortCalls, 'cohort call')] : []),
    ...(cost.segmentCalls > 0 ? [countOf(cost.segmentCalls, 'segment call')] : []),
  ]
  if (calls.length === 0) return 'no call that writes'
  return `${calls.join(', ')}${cost.minutes > 1 ? `, about ${cost.minutes} minutes at the configured rate` : ''}`
}
