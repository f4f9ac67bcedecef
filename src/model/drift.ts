import type { AudienceId } from './audience.ts'
import type { Address, Drift, PlanTarget } from './plan.ts'
import type { Instant } from './time.ts'

/** An object of which something could not be read. `code` is the failure's; absent when nobody asked. */
export interface UnreadObject {
  readonly address: Address
  readonly code?: string
}

/** What no vendor can tell: who is in a cohort. Our own count of whom it accepted stands in for it. */
export interface UnknowableMembers {
  readonly audience: AudienceId
  readonly recordedMembers: number
  /** Absent when it was never synced to its end. */
  readonly syncedAt?: Instant
}

/** What the vendors show against what was recorded, in three grades that never merge. */
export interface DriftReport {
  readonly target: PlanTarget
  readonly checkedAt: Instant
  /** Read just now and compared. */
  readonly checked: {
    readonly objects: number
    readonly values: number
    readonly findings: readonly Drift[]
  }
  /** Hints that may mislead. */
  readonly estimated: readonly Drift[]
  /** Could have been read, and was not this time. */
  readonly unknown: readonly UnreadObject[]
  readonly unknowable: readonly UnknowableMembers[]
}
