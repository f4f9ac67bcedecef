import type { Diagnostic } from '../model/diagnostic.ts'
import {
  type Address,
  type Change,
  type Override,
  type Plan,
  type PlanAllowance,
  type PlanEvidence,
  pendingChanges,
} from '../model/plan.ts'
import type { Instant } from '../model/time.ts'
import { bindingAddress } from '../plan/address.ts'
import type { ChangeView } from './change-view.ts'
import { describeDrift } from './describe-drift.ts'
import { showLine } from './show-value.ts'
import { agoOf, countOf, formatNumber } from './words.ts'

/** Why a reviewer should look at something, most important first. */
export const ATTENTION = {
  refusal: 'Refused: nothing can be applied',
  retirement: 'Retired',
  protection: 'No longer protected',
  evidence: 'Going live on a QA run',
  rename: 'Renamed or moved',
  forget: 'Let go',
  adoption: 'Adopted: there before muster',
  drift: 'Drift: what was read differs from what was recorded',
  hint: 'Hints of drift, which may mislead',
  unread: 'Not read this time',
  override: 'Guards that a person lets pass',
  allowance: 'Guards that a person let pass in a sync since the last apply',
  warning: 'Warnings',
} as const
export type AttentionKind = keyof typeof ATTENTION

/** One thing to look at, on one line. */
export interface AttentionEntry {
  readonly address?: Address
  readonly text: string
}

export interface AttentionGroup {
  readonly kind: AttentionKind
  readonly entries: readonly AttentionEntry[]
}

/** What needs a reviewer's eye; groups without an entry are left out. `views` stand for the plan's changes one by one. */
export const findAttention = (
  plan: Plan,
  views: ReadonlyMap<Change, ChangeView>,
): readonly AttentionGroup[] => {
  const of = (wanted: Change['action']): AttentionEntry[] =>
    [...views].flatMap(([{ address, action }, { description }]) =>
      action === wanted ? [{ address, text: description }] : [],
    )
  const entries: Readonly<Record<AttentionKind, readonly AttentionEntry[]>> = {
    refusal: plan.refusals.map(describeDiagnostic),
    retirement: of('retire'),
    protection: plan.changes.filter(losesProtection).map(({ address }) => ({
      address,
      text: 'its protection ends: a later change may retire it',
    })),
    evidence: plan.evidence.map(each => ({
      address: bindingAddress(each.audience),
      text: describeEvidence(each),
    })),
    rename: of('rename'),
    forget: of('forget'),
    adoption: of('adopt'),
    drift: findDrift(plan, 'checked'),
    hint: findDrift(plan, 'estimated'),
    unread: describeUnverified(plan),
    override: plan.overrides.map(override => ({ text: describeOverride(override) })),
    allowance: plan.allowances.map(allowance => ({ text: describeAllowance(allowance, plan.plannedAt) })),
    warning: [...plan.warnings, ...plan.advice].map(describeDiagnostic),
  }
  // The keys of ATTENTION are its kinds.
  return (Object.keys(ATTENTION) as AttentionKind[]).flatMap(kind =>
    entries[kind].length > 0 ? [{ kind, entries: entries[kind] }] : [],
  )
}

const describeDiagnostic = ({ code, summary, detail, hint }: Diagnostic): AttentionEntry => ({
  text: showLine(`${summary} [${code}]: ${detail}${hint === undefined ? '' : ` Hint: ${hint}.`}`),
})

const losesProtection = ({ action, attributes }: Change): boolean =>
  action !== 'retire' &&
  attributes.some(
    ({ attribute, before, after }) => attribute === 'protected' && before === true && after !== true,
  )

const findDrift = ({ drift, plannedAt }: Plan, wanted: 'checked' | 'estimated'): AttentionEntry[] =>
  drift
    .filter(({ grade }) => grade === wanted)
    .map(each => ({ address: each.address, text: describeDrift(each, plannedAt) }))

/** Lists that failed are warnings; offline, nothing was read, and the plan says so once, above everything. */
const describeUnverified = (plan: Plan): AttentionEntry[] =>
  plan.isOffline
    ? []
    : pendingChanges(plan)
        .filter(({ belief }) => belief === 'unknown')
        .map(({ address }) => ({ address, text: 'rests on a value that was not read' }))

const describeEvidence = ({ at, testers, accepted, resolved, signedBy }: PlanEvidence): string =>
  `QA on ${at.slice(0, 10)}: ${formatNumber(accepted)} of ${countOf(testers, 'tester')} accepted, ` +
  (resolved === undefined ? 'not known whether MoEngage knows them' : `${formatNumber(resolved)} known`) +
  (signedBy === undefined ? '' : `, signed off by ${showLine(signedBy)}`)

const describeAllowance = ({ audience, guard, reason, at }: PlanAllowance, now: Instant): string =>
  showLine(`${guard} of ${audience}, ${agoOf(at, now)}: ${reason}`)

const describeOverride = ({ guard, audience, by, because, until }: Override): string =>
  showLine(`${guard} for ${audience ?? 'the whole workspace'}, by ${by} until ${until}: ${because}`)
