import type { Diagnostic } from '../model/diagnostic.ts'
import type { WrittenPlan } from '../model/generated/plan.ts'
import type { AttributeChange, BeliefCount, Change, Drift, Override, Plan } from '../model/plan.ts'
import { digestOf } from './digest.ts'

type Undigested = Omit<WrittenPlan, 'digest' | 'seal'>

/**
 * Digest of what a reviewer decides on: the same decision has the same digest, whenever and however often it is
 * planned. When it was looked at, how sure the look was, and what follows from counts of people, is left out; so are
 * the QA run that a promotion rests on, since a later one is as good, and what was let pass in syncs, since it is past,
 * and advice that counts people.
 */
export const digestPlan = (plan: Omit<Plan, 'digest'>): string => digestReviewed(writeUndigested(plan))

/** True when a document is still what it says it is, in what was reviewed and in everything else. */
export const isIntact = (document: WrittenPlan): boolean => {
  const { seal, ...sealed } = document
  const { digest, ...undigested } = sealed
  return digestReviewed(undigested) === digest && digestOf(sealed) === seal
}

const digestReviewed = ({
  planned_at: _plannedAt,
  expires_at: _expiresAt,
  observed_digest: _observed,
  reads: _reads,
  beliefs: _beliefs,
  evidence: _evidence,
  allowances: _allowances,
  advice: _advice,
  effects: _effects,
  cost: _cost,
  changes,
  ...reviewed
}: Undigested): string =>
  digestOf({ ...reviewed, changes: changes.map(({ calls: _calls, ...change }) => change) })

/** The document's shape. Counts, names and attributes only: there is no place for a person or a credential. */
export const writePlan = (plan: Plan): WrittenPlan => {
  const sealed = { ...writeUndigested(plan), digest: plan.digest }
  return { ...sealed, seal: digestOf(sealed) }
}

const writeUndigested = (plan: Omit<Plan, 'digest'>): Undigested => ({
  format_version: plan.formatVersion,
  muster_version: plan.musterVersion,
  planned_at: plan.plannedAt,
  expires_at: plan.expiresAt,
  target: {
    environment: plan.target.environment,
    workspace: plan.target.workspace,
    moengage_workspace: plan.target.moengageWorkspace,
    moengage_data_center: plan.target.moengageDataCenter,
    customerio_region: plan.target.customerioRegion,
  },
  offline: plan.isOffline,
  only: plan.only,
  specs_digest: plan.specsDigest,
  ...(plan.storeId === undefined ? {} : { store_id: plan.storeId }),
  store_head: plan.storeHead,
  reads: {
    customerio_segments: plan.reads.customerioSegments,
    moengage_segments: plan.reads.moengageSegments,
    moengage_sendables: plan.reads.moengageSendables,
  },
  observed_digest: plan.observedDigest,
  beliefs: writeBeliefs(plan.beliefs),
  changes: plan.changes.map(writeChange),
  drift: plan.drift.map(writeDrift),
  refusals: plan.refusals.map(writeDiagnostic),
  warnings: plan.warnings.map(writeDiagnostic),
  ...(plan.advice.length === 0 ? {} : { advice: plan.advice.map(writeDiagnostic) }),
  overrides: plan.overrides.map(writeOverride),
  evidence: plan.evidence.map(({ signedBy, ...counts }) => ({
    ...counts,
    ...(signedBy === undefined ? {} : { signed_by: signedBy }),
  })),
  allowances: plan.allowances.map(({ audience, guard, reason, at }) => ({ audience, guard, reason, at })),
  effects: plan.effects.map(({ audience, effect, recordedMembers }) => ({
    audience,
    effect,
    recorded_members: recordedMembers,
  })),
  cost: {
    cohort_calls: plan.cost.cohortCalls,
    segment_calls: plan.cost.segmentCalls,
    source_calls: plan.cost.sourceCalls,
    minutes: plan.cost.minutes,
    minutes_at_vendor_limits: plan.cost.minutesAtVendorLimits,
  },
})

const writeBeliefs = ({ read, recorded, unknown, oldestRecordedAt, oldestUnknownAt }: BeliefCount) => ({
  read,
  recorded,
  unknown,
  ...(oldestRecordedAt === undefined ? {} : { oldest_recorded_at: oldestRecordedAt }),
  ...(oldestUnknownAt === undefined ? {} : { oldest_unknown_at: oldestUnknownAt }),
})

const writeChange = (change: Change): WrittenPlan['changes'][number] => ({
  address: change.address,
  kind: change.kind,
  audience: change.audience,
  action: change.action,
  reason: change.reason,
  attributes: change.attributes.map(writeAttribute),
  belief: change.belief,
  calls: change.calls,
  ...(change.from === undefined ? {} : { from: change.from }),
  ...(change.remoteId === undefined ? {} : { remote_id: change.remoteId }),
})

type WrittenAttribute = WrittenPlan['changes'][number]['attributes'][number]

const writeAttribute = (change: AttributeChange): WrittenAttribute => {
  const { attribute, before, after, belief, origin, recorded, recordedAt } = change
  return {
    // The schema lists the names that a plan may hold; a test plans all kinds and checks the documents against it.
    attribute: attribute as WrittenAttribute['attribute'],
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    belief,
    origin,
    ...(recorded === undefined ? {} : { recorded }),
    ...(recordedAt === undefined ? {} : { recorded_at: recordedAt }),
  }
}

/** A finding as it stands in documents. */
export const writeDrift = (drift: Drift): WrittenPlan['drift'][number] => ({
  address: drift.address,
  attribute: drift.attribute as WrittenAttribute['attribute'],
  detail: drift.detail,
  grade: drift.grade,
  ...(drift.recorded === undefined ? {} : { recorded: drift.recorded }),
  ...(drift.observed === undefined ? {} : { observed: drift.observed }),
  ...(drift.recordedAt === undefined ? {} : { recorded_at: drift.recordedAt }),
})

const writeDiagnostic = ({ code, severity, summary, detail, at, hint }: Diagnostic) => ({
  code,
  severity,
  summary,
  detail,
  ...(hint === undefined ? {} : { hint }),
  ...(at ? { path: at.path, line: at.line, column: at.column } : {}),
})

const writeOverride = ({
  guard,
  audience,
  by,
  because,
  until,
}: Override): WrittenPlan['overrides'][number] => ({
  guard: guard as WrittenPlan['overrides'][number]['guard'],
  ...(audience === undefined ? {} : { audience }),
  by,
  because,
  until,
})
