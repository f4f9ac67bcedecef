import type { Diagnostic } from '../model/diagnostic.ts'
import type { WrittenPlan } from '../model/generated/plan.ts'
import type { Address, AttributeChange, BeliefCount, Change, Drift, Plan } from '../model/plan.ts'

/**
 * A plan as it was before it was written, for showing it. Only for documents that were checked against the schema:
 * every text in it may still be of somebody who means harm.
 */
export const readPlan = (document: WrittenPlan): Plan => ({
  formatVersion: document.format_version,
  musterVersion: document.muster_version,
  plannedAt: document.planned_at,
  expiresAt: document.expires_at,
  target: {
    environment: document.target.environment,
    workspace: document.target.workspace,
    moengageWorkspace: document.target.moengage_workspace,
    moengageDataCenter: document.target.moengage_data_center,
    customerioRegion: document.target.customerio_region,
  },
  isOffline: document.offline,
  only: document.only,
  specsDigest: document.specs_digest,
  ...(document.store_id === undefined ? {} : { storeId: document.store_id }),
  storeHead: document.store_head,
  reads: {
    customerioSegments: document.reads.customerio_segments,
    moengageSegments: document.reads.moengage_segments,
    moengageSendables: document.reads.moengage_sendables,
  },
  observedDigest: document.observed_digest,
  beliefs: readBeliefs(document.beliefs),
  changes: document.changes.map(readChange),
  drift: document.drift.map(readDrift),
  refusals: document.refusals.map(readDiagnostic),
  warnings: document.warnings.map(readDiagnostic),
  advice: (document.advice ?? []).map(readDiagnostic),
  overrides: document.overrides,
  evidence: (document.evidence ?? []).map(({ signed_by, ...counts }) => ({
    ...counts,
    ...(signed_by === undefined ? {} : { signedBy: signed_by }),
  })),
  allowances: document.allowances ?? [],
  effects: document.effects.map(({ recorded_members, ...effect }) => ({
    ...effect,
    recordedMembers: recorded_members,
  })),
  cost: {
    cohortCalls: document.cost.cohort_calls,
    segmentCalls: document.cost.segment_calls,
    sourceCalls: document.cost.source_calls,
    minutes: document.cost.minutes,
    minutesAtVendorLimits: document.cost.minutes_at_vendor_limits,
  },
  digest: document.digest,
})

const readBeliefs = ({
  oldest_recorded_at,
  oldest_unknown_at,
  ...counts
}: WrittenPlan['beliefs']): BeliefCount => ({
  ...counts,
  ...(oldest_recorded_at === undefined ? {} : { oldestRecordedAt: oldest_recorded_at }),
  ...(oldest_unknown_at === undefined ? {} : { oldestUnknownAt: oldest_unknown_at }),
})

const readChange = ({ address, from, remote_id, ...change }: WrittenPlan['changes'][number]): Change => ({
  ...change,
  // The schema holds the pattern of an address.
  address: address as Address,
  attributes: change.attributes.map(readAttribute),
  ...(from === undefined ? {} : { from: from as Address }),
  ...(remote_id === undefined ? {} : { remoteId: remote_id }),
})

type WrittenAttribute = WrittenPlan['changes'][number]['attributes'][number]

const readAttribute = ({ recorded_at, ...change }: WrittenAttribute): AttributeChange => ({
  ...change,
  ...(recorded_at === undefined ? {} : { recordedAt: recorded_at }),
})

const readDrift = ({ address, recorded_at, ...drift }: WrittenPlan['drift'][number]): Drift => ({
  ...drift,
  // The schema holds the pattern of an address.
  address: address as Address,
  ...(recorded_at === undefined ? {} : { recordedAt: recorded_at }),
})

const readDiagnostic = ({
  path,
  line,
  column,
  ...diagnostic
}: WrittenPlan['refusals'][number]): Diagnostic => ({
  ...diagnostic,
  ...(path === undefined || line === undefined || column === undefined ? {} : { at: { path, line, column } }),
})
