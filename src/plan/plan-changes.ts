import type { Audience } from '../model/audience.ts'
import { compareDiagnostics, compareText, type Diagnostic } from '../model/diagnostic.ts'
import type { Action, Change, MembershipEffect, Plan, PlanCost, PlanTarget } from '../model/plan.ts'
import type { RecordedState } from '../model/recorded.ts'
import type { Instant } from '../model/time.ts'
import type { Workspace } from '../model/workspace.ts'
import { diffObjects } from './diff.ts'
import { digestOf } from './digest.ts'
import { digestPlan } from './document.ts'
import { buildDesired } from './graph.ts'
import { checkPlan } from './guard.ts'
import type { Observed } from './observed.ts'

export interface PlanInput {
  readonly workspace: Workspace
  readonly audiences: readonly Audience[]
  /** The written specs in canonical order: a comment or another order of files or keys changes no digest. */
  readonly specs: unknown
  readonly target: PlanTarget
  readonly recorded: RecordedState
  readonly observed: Observed
  /** Refusals found before anything was read, for example what this version cannot do. */
  readonly refusals: readonly Diagnostic[]
  /** Limits the plan to these audiences. Absent: all. */
  readonly only?: ReadonlySet<string>
  readonly now: Instant
  readonly musterVersion: string
}

/** Makes the plan. Pure: the same input gives the same bytes. */
export const planChanges = (input: PlanInput): Plan => {
  const { recorded, observed } = input
  const isChosen = ({ audience }: { audience: string }): boolean => input.only?.has(audience) ?? true
  const diff = diffObjects({ desired: buildDesired(input.workspace, input.audiences), recorded, observed })
  const changes = diff.changes.filter(isChosen)
  const audiences = input.audiences.filter(({ id }) => input.only?.has(id) ?? true)
  const plan: Omit<Plan, 'digest'> = {
    formatVersion: 1,
    musterVersion: input.musterVersion,
    plannedAt: input.now,
    target: input.target,
    only: [...(input.only ?? [])].sort(compareText),
    specsDigest: digestOf(input.specs),
    storeHead: recorded.head,
    changes,
    drift: diff.drift.filter(({ address }) => isChosen({ audience: audienceOf(address) })),
    refusals: [
      ...input.refusals,
      ...checkPlan({ audiences, declared: input.audiences.length, recorded, observed, changes }),
    ].sort(compareDiagnostics),
    effects: describeEffects(changes, recorded),
    cost: estimateCost(input, changes),
  }
  return { ...plan, digest: digestPlan(plan) }
}

const audienceOf = (address: string): string => address.slice(address.indexOf('.') + 1)

const describeEffects = (changes: readonly Change[], recorded: RecordedState): MembershipEffect[] =>
  changes
    .filter(({ kind }) => kind === 'cohort')
    .map(({ audience, action }) => ({
      audience,
      effect: EFFECTS[action],
      recordedMembers: recorded.members.get(audience) ?? 0,
    }))

const EFFECTS: Readonly<Record<Action, MembershipEffect['effect']>> = {
  create: 'first-load',
  update: 'follow-source',
  retire: 'remove-all',
  none: 'follow-source',
}

/** A batch holds about this many members when identifiers are as long as a UUID: 120,000 bytes by 47. */
const MEMBERS_PER_CALL = 2_500

const estimateCost = ({ recorded, workspace }: PlanInput, changes: readonly Change[]): PlanCost => {
  const cohortCalls = changes
    .filter(({ kind }) => kind === 'cohort')
    .map(({ action, audience }) => {
      if (action === 'create') return 1
      return action === 'retire' ? Math.ceil((recorded.members.get(audience) ?? 0) / MEMBERS_PER_CALL) : 0
    })
    .reduce((sum, calls) => sum + calls, 0)
  const segmentCalls = changes.filter(
    ({ kind, action }) =>
      action !== 'none' && (kind === 'sendable' || (kind === 'cohort' && action === 'retire')),
  ).length
  return { cohortCalls, segmentCalls, minutes: Math.ceil(cohortCalls / workspace.rates.moengagePerMinute) }
}
