import type { AudienceId } from './audience.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { Instant } from './time.ts'

/** The kinds of object muster manages. An address is `<kind>.<audience id>`. */
export const OBJECT_KINDS = ['source', 'cohort', 'binding', 'sendable'] as const
export type ObjectKind = (typeof OBJECT_KINDS)[number]

/** Stable name of a managed object. A cohort that a rename left behind has `@<generation>` until it is drained. */
export type Address = `${ObjectKind}.${string}`

/** Actions and their symbols. Adding one must break the build wherever it was forgotten. */
export const ACTIONS = {
  create: '+',
  update: '~',
  adopt: '>',
  rename: '»',
  retire: '-',
  forget: '.',
  none: '=',
} as const
export type Action = keyof typeof ACTIONS

/**
 * How far a compared value can be trusted. `read`: the vendor showed it just now. `recorded`: from our own record,
 * because it lives there alone or no vendor ever shows it. `unknown`: a vendor could show it, and it was not read
 * this time.
 */
export type Belief = 'read' | 'recorded' | 'unknown'

/** A value that may stand in a plan. Flat on purpose: text, numbers and lists of text, no person's identifier. */
export type PlanValue = string | number | boolean | readonly string[]

export type Attributes = Readonly<Record<string, PlanValue>>

/**
 * Who made a value differ. `file`: what is declared is not what was applied. `drift`: what the vendor shows is not
 * what was applied. `both`: neither is.
 */
export type Origin = 'file' | 'drift' | 'both'

/** One attribute that differs. `before` is absent on create, `after` on retire. */
export interface AttributeChange {
  readonly attribute: string
  /** What it is believed to be: what was read where something was, else what was recorded. */
  readonly before?: PlanValue
  readonly after?: PlanValue
  readonly belief: Belief
  readonly origin: Origin
  /** What was recorded, where that is not `before`: the third side of the comparison. */
  readonly recorded?: PlanValue
  /** For values that are not `read`: when they were recorded. Absent when nothing is recorded either. */
  readonly recordedAt?: Instant
}

/** Write calls by name. The journal and the plan use the same words. */
export const OPERATIONS = {
  'create source segment': 'customerio',
  'fill source segment': 'customerio',
  'remove from source segment': 'customerio',
  'delete source segment': 'customerio',
  'create cohort': 'moengage',
  'add members': 'moengage',
  'remove members': 'moengage',
  'create sendable segment': 'moengage',
  'update sendable segment': 'moengage',
  'archive segment': 'moengage',
} as const
export type Operation = keyof typeof OPERATIONS

/**
 * Calls of one kind that a change makes. `members` where the number of calls follows from a count of people. Who is
 * taken out of a manual segment is not known to a plan: there, both are the most it may come to.
 */
export interface PlannedCall {
  readonly operation: Operation
  readonly calls: number
  readonly members?: number
}

export interface Change {
  readonly address: Address
  readonly kind: ObjectKind
  /** The ledger's key too. Of a cohort that a rename left behind: `<audience id>@<generation>`. */
  readonly audience: AudienceId
  readonly action: Action
  /** Why this action was chosen. For people only: apply must never branch on it. */
  readonly reason: string
  readonly attributes: readonly AttributeChange[]
  /** The weakest belief among all values compared, those that do not differ included. */
  readonly belief: Belief
  /** Calls that write, in the order in which apply makes them. */
  readonly calls: readonly PlannedCall[]
  /** Where the record stands so far, when the audience gets another id (`moved_from`). */
  readonly from?: Address
  /** The object's id at the vendor. Only with `adopt`. */
  readonly remoteId?: string
}

/** How sure a finding is. `checked`: read and compared. `estimated`: a hint that may mislead. */
export type DriftGrade = 'checked' | 'estimated'

/** Observed differs from recorded: a finding for people, not a change. */
export interface Drift {
  readonly address: Address
  readonly attribute: string
  readonly detail: string
  readonly grade: DriftGrade
  readonly recorded?: PlanValue
  readonly observed?: PlanValue
  readonly recordedAt?: Instant
}

/** What applying does to the people in one cohort, as a count from the ledger. */
export interface MembershipEffect {
  readonly audience: AudienceId
  readonly effect: 'first-load' | 'remove-all' | 'carry-over' | 'left-as-is' | 'follow-source'
  readonly recordedMembers: number
}

/** The QA run that an audience goes to `canary` or `live` on. Counts, never identifiers. */
export interface PlanEvidence {
  readonly audience: AudienceId
  readonly at: Instant
  /** How many the workspace names. */
  readonly testers: number
  readonly accepted: number
  /** How many of the testers MoEngage knows. Absent when it could not be asked. */
  readonly resolved?: number
  /** A colleague's name. Absent when nobody signed. */
  readonly signedBy?: string
}

/** A guard that a person let pass in a sync since the last apply. */
export interface PlanAllowance {
  readonly audience: AudienceId
  readonly guard: string
  readonly reason: string
  readonly at: Instant
}

/** Calls that applying makes, and how long they take: at the configured rates, and at the vendors' own limits. */
export interface PlanCost {
  readonly cohortCalls: number
  readonly segmentCalls: number
  readonly sourceCalls: number
  readonly minutes: number
  readonly minutesAtVendorLimits: number
}

/** How many values were compared, by belief, over all objects. The oldest of those that were not read. */
export interface BeliefCount {
  readonly read: number
  readonly recorded: number
  readonly unknown: number
  readonly oldestRecordedAt?: Instant
  readonly oldestUnknownAt?: Instant
}

/** What became of one class of things to read. */
export type ReadOutcome =
  | { readonly kind: 'read'; readonly count: number }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'not-tried' }

export interface PlanReads {
  readonly customerioSegments: ReadOutcome
  readonly moengageSegments: ReadOutcome
  /** Sendable segments: how many were read, or why one of them could not be. */
  readonly moengageSendables: ReadOutcome
}

/** A guard that a person lets pass, declared in workspace.yaml and so reviewed like any other line. */
export interface Override {
  readonly guard: string
  /** Absent: for the whole workspace. */
  readonly audience?: AudienceId
  readonly by: string
  readonly because: string
  /** The last day on which it counts, `2026-12-01`. */
  readonly until: string
}

/** Which account a plan speaks of. Printed with every plan. */
export interface PlanTarget {
  readonly environment: string
  readonly workspace: string
  readonly moengageWorkspace: string
  readonly moengageDataCenter: string
  readonly customerioRegion: string
}

/** The plan document. Counts only: no person's identifier and no credential can be expressed by its types. */
export interface Plan {
  readonly formatVersion: 1
  readonly musterVersion: string
  readonly plannedAt: Instant
  /** After this moment apply refuses the document. */
  readonly expiresAt: Instant
  readonly target: PlanTarget
  /** Made without keys and without a store: a thing to read, never to apply. */
  readonly isOffline: boolean
  /** Audiences that the plan was limited to, sorted; empty when it covers all. */
  readonly only: readonly AudienceId[]
  /** SHA-256 over the canonical form of all specs; the order of files does not matter. */
  readonly specsDigest: string
  /** Which store was compared with. Absent when there was none yet, or none was asked. */
  readonly storeId?: string
  /** Count of changes ever recorded by the store when this plan was made. */
  readonly storeHead: number
  readonly reads: PlanReads
  /** SHA-256 over what was observed of the objects that this plan concerns. */
  readonly observedDigest: string
  readonly beliefs: BeliefCount
  readonly changes: readonly Change[]
  readonly drift: readonly Drift[]
  readonly refusals: readonly Diagnostic[]
  /** What a reviewer should know and apply does not stop at. */
  readonly warnings: readonly Diagnostic[]
  /** What rules say of the store. No part of what is reviewed: each sync may change it. */
  readonly advice: readonly Diagnostic[]
  /** Overrides without which there would be a refusal. */
  readonly overrides: readonly Override[]
  /** What the promotions of this plan rest on: see `findPromotions`. */
  readonly evidence: readonly PlanEvidence[]
  /** Told until a plan that showed them is applied. Nothing follows from them. */
  readonly allowances: readonly PlanAllowance[]
  readonly effects: readonly MembershipEffect[]
  readonly cost: PlanCost
  /** SHA-256 over RFC 8785 canonical JSON of what was reviewed: see `digestPlan`. */
  readonly digest: string
}

/** The changes that do something. */
export const pendingChanges = (plan: Pick<Plan, 'changes'>): readonly Change[] =>
  plan.changes.filter(({ action }) => action !== 'none')

/** The audience of a ledger key: `vip` for `vip`, and for `vip@g1`, which a rename left behind. */
export const audienceOfKey = (key: string): AudienceId => key.replace(/@g\d+$/, '')

/** Whether a ledger key, or an address, is that of a cohort which a rename left behind. */
export const isLeftBehind = (key: string): boolean => audienceOfKey(key) !== key

/** A new cohort takes the place of a recorded one: another name is another cohort. */
export const isReplacement = ({
  kind,
  action,
  attributes,
}: Pick<Change, 'kind' | 'action' | 'attributes'>): boolean =>
  kind === 'cohort' && action === 'rename' && attributes.some(({ attribute }) => attribute === 'cohort_id')
