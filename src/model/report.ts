import type { AudienceId } from './audience.ts'
import type { PlanAllowance, PlanTarget } from './plan.ts'
import type { Assertion, QaEvidence } from './recorded.ts'
import type { Instant } from './time.ts'

/** What the store knows of one audience. Counts of people, never their identifiers. */
export interface AudienceReport {
  /** The ledger key: of a cohort that a rename left behind with its generation. */
  readonly audience: AudienceId
  /** The recorded name of its cohort. Absent: there is none yet. */
  readonly cohort?: string
  readonly members: number
  /** Absent: never synced to its end. */
  readonly syncedAt?: Instant
  readonly asserted?: Assertion
  readonly evidence?: QaEvidence
  readonly allowances: readonly PlanAllowance[]
}

/** How many people are in two audiences at once. */
export interface SharedPeople {
  /** In the order of their text. */
  readonly audiences: readonly [AudienceId, AudienceId]
  readonly people: number
  /** The one with fewer members, and which part of them is shared, 0 to 1. */
  readonly smaller: AudienceId
  readonly shareOfSmaller: number
}

/** What can be told of all audiences without asking any vendor. */
export interface StoreReport {
  readonly target: PlanTarget
  readonly reportedAt: Instant
  readonly audiences: readonly AudienceReport[]
  /** The most shared first; pairs that share nobody are left out. */
  readonly shared: readonly SharedPeople[]
}
