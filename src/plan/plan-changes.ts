import type { Audience } from '../model/audience.ts'
import { compareDiagnostics, compareText, type Diagnostic } from '../model/diagnostic.ts'
import { audienceOfKey, type Plan, type PlanTarget } from '../model/plan.ts'
import type { RecordedState } from '../model/recorded.ts'
import { DAY_MS, type Instant } from '../model/time.ts'
import type { Workspace } from '../model/workspace.ts'
import { audienceOf } from './address.ts'
import { withAdoptable } from './adopt.ts'
import { describeAllowances } from './allowances.ts'
import { countBeliefs, summarizeReads } from './beliefs.ts'
import { findSegmentsInUse, planCalls } from './calls.ts'
import { estimateCost } from './cost.ts'
import { diffObjects, sortForApply } from './diff.ts'
import { digestOf } from './digest.ts'
import { digestPlan } from './document.ts'
import { closeDraft, type DiffInput, type DraftChange } from './draft.ts'
import { findDrift } from './drift.ts'
import { describeEffects } from './effects.ts'
import { nameGenerations } from './generation.ts'
import { buildDesired, buildSuspended } from './graph.ts'
import { checkPlan } from './guards/guards.ts'
import { findRecorded, traceLineage } from './lineage.ts'
import { digestObserved, makeTellable, type Observed } from './observed.ts'
import { doubt, leaveUncompared } from './offline.ts'
import { describeEvidence, findPromotions } from './promotions.ts'
import { createView, type View } from './view.ts'
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
  /** What rules say of what is recorded, below an error. Absent: nobody asked them. */
  readonly advice?: readonly Diagnostic[]
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
  const { recorded, workspace, now } = input
  const observed = makeTellable(input.observed)
  const isChosen = chooseKeys(input)
  const diff = prepareDiff(input, createView(recorded, observed, workspace.partner))
  const { view, lineage } = diff
  const drafts = draftChanges(diff, input.offline).filter(({ audience }) => isChosen(audience))
  const segmentsInUse = findSegmentsInUse([...diff.desired, ...diff.suspended])
  const changes = drafts.map(draft => {
    const closed = closeDraft(draft)
    return { ...closed, calls: planCalls(closed, { view, lineage, segmentsInUse }) }
  })
  const guarded = {
    audiences: input.audiences.filter(({ id }) => isChosen(id)),
    changes,
    view,
    lineage,
    isOffline: input.offline !== undefined,
  }
  const { refusals, used } = checkPlan(
    {
      ...guarded,
      declared: input.audiences.length,
      partner: workspace.partner,
      isQaRequired: workspace.qa.isRequired,
    },
    workspace.allow,
    now,
  )
  const plan: Omit<Plan, 'digest'> = {
    formatVersion: 1,
    musterVersion: input.musterVersion,
    plannedAt: now,
    expiresAt: new Date(Date.parse(now) + PLAN_VALID_MS).toISOString(),
    target: input.target,
    isOffline: guarded.isOffline,
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
    advice: (input.advice ?? []).toSorted(compareDiagnostics),
    overrides: used,
    evidence: describeEvidence(findPromotions({ ...guarded, recorded }), workspace),
    allowances: describeAllowances(recorded, isChosen),
    effects: guarded.isOffline ? [] : describeEffects(changes, diff),
    cost: estimateCost(changes, workspace),
  }
  return { ...plan, digest: digestPlan(plan) }
}

/** Whether the plan covers what is kept under a ledger key: of a chosen audience, under its former id too. */
const chooseKeys = ({ only, audiences }: PlanInput): ((key: string) => boolean) => {
  if (!only) return () => true
  const former = audiences.flatMap(({ id, movedFrom }) =>
    only.has(id) && movedFrom !== undefined ? [movedFrom] : [],
  )
  const chosen = new Set([...only, ...former])
  return key => chosen.has(audienceOfKey(key))
}

const prepareDiff = ({ workspace, audiences, recorded }: PlanInput, view: View): DiffInput => {
  const declared = buildDesired(workspace, audiences)
  const recordedFor = findRecorded(audiences, recorded)
  const desired = nameGenerations(declared, recordedFor, view)
  const compared = {
    workspace,
    audiences: new Map(audiences.map(audience => [audience.id, audience])),
    desired,
    declared: new Map(declared.map(object => [object.address, object])),
    suspended: buildSuspended(workspace, audiences),
    lineage: traceLineage(desired, recordedFor, recorded),
    view,
  }
  return { ...compared, addressesAfter: withAdoptable(compared) }
}

const draftChanges = (diff: DiffInput, offline: PlanInput['offline']): readonly DraftChange[] => {
  if (offline === 'nothing') return sortForApply(leaveUncompared(diff), diff)
  const drafts = diffObjects(diff)
  return offline === 'base' ? drafts.map(doubt) : drafts
}
