import type { AudienceId } from './audience.ts'

/** One person as a page of the source gives it. `person` never changes; the rest may, and may be missing. */
export interface SourcePerson {
  readonly person: string
  readonly id?: string
  readonly email?: string
}

/** A member to be: who (for the ledger) and under which identifier (for the cohort). */
export interface Member {
  readonly person: string
  readonly identifier: string
}

/** Why a person of the source is not sent. Counted, never listed. */
export type SkipReason = 'no-identifier' | 'reserved-identifier' | 'unsendable-identifier'

/** How a read of the source ended. Removes are computed from `complete` only. */
export type ReadOutcome =
  | { readonly kind: 'complete' }
  | { readonly kind: 'incomplete'; readonly reason: IncompleteReason }

export type IncompleteReason = 'still-building' | 'count-disagrees' | 'cursor-repeated' | 'empty-page'

/** What one sync would change, in distinct identifiers. `recorded` is the ledger before it, open outcomes included. */
export interface DeltaCounts {
  readonly recorded: number
  readonly wanted: number
  readonly adds: number
  readonly removes: number
}

/** The row of `sync --json`, one for each audience. Field names are part of the command line's contract. */
export interface SyncResult {
  readonly id: AudienceId
  /** Distinct people read from the source. */
  readonly read: number
  /** Distinct identifiers the cohort should have after exit rules and stage. */
  readonly wanted: number
  /** Distinct identifiers that entered and left, by MoEngage's acceptance. */
  readonly added: number
  readonly removed: number
  /** Leavers that stay for now, because a guard stopped removes. */
  readonly held: number
  /** People of the source that carry no sendable identifier. */
  readonly skipped: number
  /** Names of the guards that stopped something, empty when none did. */
  readonly refused: readonly string[]
  /** Members in the ledger afterwards. */
  readonly accepted: number
  /** Write calls that were made, accepted or not; repeats of one call count once. */
  readonly calls: number
}
