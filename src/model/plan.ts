import type { AudienceId } from './audience.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { Instant } from './time.ts'

/** The kinds of object muster manages. An address is `<kind>.<audience id>`. */
export const OBJECT_KINDS = ['cohort', 'binding', 'sendable'] as const
export type ObjectKind = (typeof OBJECT_KINDS)[number]

export type Address = `${ObjectKind}.${string}`

/** Actions and their symbols. Adding one must break the build wherever it was forgotten. */
export const ACTIONS = { create: '+', update: '~', retire: '-', none: '=' } as const
export type Action = keyof typeof ACTIONS

/** Where a compared value came from: the vendor just now, our own record, or nowhere. */
export type Belief = 'read' | 'recorded' | 'unknown'

/** A value that may stand in a plan. Flat on purpose: text, numbers and lists of text, no person's identifier. */
export type PlanValue = string | number | boolean | readonly string[]

export type Attributes = Readonly<Record<string, PlanValue>>

/** One attribute that differs. `before` is absent on create, `after` on retire. */
export interface AttributeChange {
  readonly attribute: string
  readonly before?: PlanValue
  readonly after?: PlanValue
  readonly belief: Belief
  /** For `recorded` values: when it was recorded. */
  readonly recordedAt?: Instant
}

export interface Change {
  readonly address: Address
  readonly kind: ObjectKind
  readonly audience: AudienceId
  readonly action: Action
  /** Why this action was chosen. For people only: apply must never branch on it. */
  readonly reason: string
  readonly attributes: readonly AttributeChange[]
}

/** Observed differs from recorded: a finding for people, not a change. */
export interface Drift {
  readonly address: Address
  readonly attribute: string
  readonly detail: string
}

/** What applying does to the people in one cohort, as a count from the ledger. */
export interface MembershipEffect {
  readonly audience: AudienceId
  readonly effect: 'first-load' | 'remove-all' | 'follow-source'
  readonly recordedMembers: number
}

/** Calls that applying makes, and how long they take at the configured rates. */
export interface PlanCost {
  readonly cohortCalls: number
  readonly segmentCalls: number
  readonly minutes: number
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
  readonly target: PlanTarget
  /** Audiences that the plan was limited to, sorted; empty when it covers all. */
  readonly only: readonly AudienceId[]
  /** SHA-256 over the canonical form of all specs; the order of files does not matter. */
  readonly specsDigest: string
  /** Count of changes ever recorded by the store when this plan was made. */
  readonly storeHead: number
  readonly changes: readonly Change[]
  readonly drift: readonly Drift[]
  readonly refusals: readonly Diagnostic[]
  readonly effects: readonly MembershipEffect[]
  readonly cost: PlanCost
  /** SHA-256 over RFC 8785 canonical JSON of what was reviewed: everything but `plannedAt`, `effects` and itself. */
  readonly digest: string
}

/** The changes that do something. */
export const pendingChanges = (plan: Pick<Plan, 'changes'>): readonly Change[] =>
  plan.changes.filter(({ action }) => action !== 'none')
