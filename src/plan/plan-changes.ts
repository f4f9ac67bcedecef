import type { Audience } from '../model/audience.ts'
import { compareDiagnostics, compareText, type Diagnostic } from '../model/diagnostic.ts'
import { unreachable } from '../model/invariant.ts'
import { audienceOfKey, type Change, type MembershipEffect, type Plan, type PlanTarget } from '../model/plan.ts'
import type { RecordedState } from '../model/recorded.ts'
import { DAY_MS, type Instant } from '../model/time.ts'
import type { Workspace } from '../model/workspace.ts'
import { countBeliefs, summarizeReads } from './beliefs.ts'
import { estimateCost, planCalls } from './calls.ts'
import { closeDraft, type DiffInput, type DraftChange, diffObjects } from './diff.ts'
import { digestOf } from './digest.ts'
import { digestPlan } from './document.ts'
import { findDrift } from './drift.ts'
import { buildDesired } from './graph.ts'
import { checkPlan } from './guards/guards.ts'
import { traceLineage } from './lineage.ts'
import { digestObserved, type Observed } from './observed.ts'
import { doubt, leaveUncompared } from './offline.ts'
import { createView } from './view.ts'
import { findWarnings } from './warnings.ts'

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
  /**
   * Without keys and without a store: what is recorded stands for a set of files at best (`base`), and for nothing at
   * all otherwise (`nothing`).
   */
  readonly offline?: 'base' | 'nothing'
  /** Limits the plan to these audiences. Absent: all. */
  readonly only?: ReadonlySet<string>
  readonly now: Instant
  readonly musterVersion: string
}

/** How long a reviewed plan may be applied. */
export const PLAN_VALID_MS = 7 * DAY_MS

/** Makes the plan. Pure: the same input gives the same bytes. */
export const planChanges = (input: PlanInput): Plan => {
  const { recorded, observed, workspace, now } = input
  const isChosen = (key: string): boolean => input.only?.has(audienceOfKey(key)) ?? true
  const view = createView(recorded, observed)
  const desired = buildDesired(workspace, input.audiences)
  const lineage = traceLineage(desired, input.audiences, recorded)
  const byId = new Map(input.audiences.map(audience => [audience.id, audience]))
  const drafts = draftChanges({ workspace, audiences: byId, desired, lineage, view }, input.offline).filter(
    ({ audience }) => isChosen(audience),
  )
  const audiences = input.audiences.filter(({ id }) => isChosen(id))
  const changes = drafts.map(draft => closeChange(draft, recorded))
  const guarded = { audiences, changes, view, isOffline: input.offline !== undefined }
  const { refusals, used } = checkPlan({ ...guarded, declared: input.audiences.length }, workspace.allow, now)
  const plan: Omit<Plan, 'digest'> = {
    formatVersion: 1,
    musterVersion: input.musterVersion,
    plannedAt: now,
    expiresAt: new Date(Date.parse(now) + PLAN_VALID_MS).toISOString(),
    target: input.target,
    isOffline: input.offline !== undefined,
    only: [...(input.only ?? [])].sort(compareText),
    specsDigest: digestOf(input.specs),
    ...(recorded.storeId === undefined ? {} : { storeId: recorded.storeId }),
    storeHead: recorded.head,
    reads: summarizeReads(observed),
    observedDigest: digestObserved(observed, changes),
    beliefs: countBeliefs(drafts.flatMap(({ compared }) => compared)),
    changes,
    drift: findDrift(view).filter(({ address }) => isChosen(audienceOf(address))),
    refusals: [...input.refusals, ...refusals].sort(compareDiagnostics),
    warnings: findWarnings({ ...guarded, allow: workspace.allow, now }),
    overrides: used,
    effects: input.offline === undefined ? describeEffects(changes, recorded) : [],
    cost: estimateCost(changes, workspace),
  }
  return { ...plan, digest: digestPlan(plan) }
}

const draftChanges = (diff: DiffInput, offline: PlanInput['offline']): readonly DraftChange[] => {
  if (offline === 'nothing') return diff.desired.map(leaveUncompared)
  const drafts = diffObjects(diff)
  return offline === 'base' ? drafts.map(doubt) : drafts
}

const closeChange = (draft: DraftChange, recorded: RecordedState): Change => {
  const closed = closeDraft(draft)
  return { ...closed, calls: planCalls(closed, recorded) }
}

const audienceOf = (address: string): string => address.slice(address.indexOf('.') + 1)

const describeEffects = (changes: readonly Change[], recorded: RecordedState): MembershipEffect[] =>
  changes
    .filter(({ kind }) => kind === 'cohort')
    .map(change => ({
      audience: change.audience,
      effect: effectOf(change),
      recordedMembers: recorded.members.get(ledgerKey(change)) ?? 0,
    }))

const ledgerKey = ({ audience, from }: Change): string =>
  from === undefined ? audience : audienceOf(from)

const effectOf = ({ action, attributes }: Change): MembershipEffect['effect'] => {
  switch (action) {
    case 'create':
    case 'adopt':
      return 'first-load'
    case 'rename':
      return attributes.some(({ attribute }) => attribute === 'cohort_id') ? 'carry-over' : 'follow-source'
    case 'retire':
      return 'remove-all'
    case 'forget':
      return 'left-as-is'
    case 'update':
    case 'none':
      return 'follow-source'
    default:
      return unreachable(action)
  }
}
