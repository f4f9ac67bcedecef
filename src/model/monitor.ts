import type { RecordedAlert } from './alert.ts'
import type { PlanTarget } from './plan.ts'
import type { Instant } from './time.ts'

/** What a monitor found, whom it told, and what it could not look at. Names, counts and codes alone. */
export interface MonitorReport {
  readonly target: PlanTarget
  readonly lookedAt: Instant
  /** Audiences that are synced. */
  readonly watched: number
  /** In the words of this look. */
  readonly open: readonly RecordedAlert[]
  readonly begun: readonly RecordedAlert[]
  readonly over: readonly RecordedAlert[]
  /** Code of why MoEngage's list could not be read. */
  readonly listFailure?: string
  readonly told: readonly { readonly name: string; readonly done: string }[]
  readonly failures: readonly { readonly code: string; readonly detail: string; readonly hint?: string }[]
}
