import type { Diagnostic } from '../model/diagnostic.ts'
import type { AttributeChange, Change, Plan } from '../model/plan.ts'
import { digestOf } from './digest.ts'

/** The plan as a document: what a file holds and what is digested. */
export type WrittenPlan = ReturnType<typeof writeUndigested> & { readonly digest: string }

/** Digest of what a reviewer looked at. When it was looked at, and how many people it concerned then, is left out. */
export const digestPlan = (plan: Omit<Plan, 'digest'>): string => digestReviewed(writeUndigested(plan))

/** True when a document is still what it says it is. */
export const isIntact = ({ digest, ...undigested }: WrittenPlan): boolean =>
  digestReviewed(undigested) === digest

const digestReviewed = ({
  planned_at: _at,
  effects: _effects,
  ...reviewed
}: Omit<WrittenPlan, 'digest'>): string => digestOf(reviewed)

/** The document's shape. Counts, names and attributes only: there is no place for a person or a credential. */
export const writePlan = (plan: Plan): WrittenPlan => ({
  ...writeUndigested(plan),
  digest: plan.digest,
})

const writeUndigested = (plan: Omit<Plan, 'digest'>) => ({
  format_version: plan.formatVersion,
  muster_version: plan.musterVersion,
  planned_at: plan.plannedAt,
  target: {
    environment: plan.target.environment,
    workspace: plan.target.workspace,
    moengage_workspace: plan.target.moengageWorkspace,
    moengage_data_center: plan.target.moengageDataCenter,
    customerio_region: plan.target.customerioRegion,
  },
  only: plan.only,
  specs_digest: plan.specsDigest,
  store_head: plan.storeHead,
  changes: plan.changes.map(writeChange),
  drift: plan.drift,
  refusals: plan.refusals.map(writeRefusal),
  effects: plan.effects.map(({ audience, effect, recordedMembers }) => ({
    audience,
    effect,
    recorded_members: recordedMembers,
  })),
  cost: {
    cohort_calls: plan.cost.cohortCalls,
    segment_calls: plan.cost.segmentCalls,
    minutes: plan.cost.minutes,
  },
})

const writeChange = (change: Change) => ({
  address: change.address,
  kind: change.kind,
  audience: change.audience,
  action: change.action,
  reason: change.reason,
  attributes: change.attributes.map(writeAttribute),
})

const writeAttribute = ({ attribute, before, after, belief, recordedAt }: AttributeChange) => ({
  attribute,
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
  belief,
  ...(recordedAt === undefined ? {} : { recorded_at: recordedAt }),
})

const writeRefusal = ({ code, severity, summary, detail, at, hint }: Diagnostic) => ({
  code,
  severity,
  summary,
  detail,
  ...(at ? { path: at.path, line: at.line, column: at.column } : {}),
  ...(hint === undefined ? {} : { hint }),
})
