import type { AudienceId, ExitRule, Stage } from './audience.ts'
import type { AssertionReason } from './recorded.ts'
import type { Instant } from './time.ts'

/** Into a cohort, or out of it. */
export type Direction = 'add' | 'remove'

/**
 * One person as a page of the source gives it. `person` never changes. `value` is what they carry of the one key that was
 * asked for, unchanged; undefined when they carry none. It may be another one tomorrow.
 */
export interface SourcePerson {
  readonly person: string
  readonly value: string | undefined
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

export type IncompleteReason =
  | 'still-building'
  | 'count-disagrees'
  | 'cursor-repeated'
  | 'empty-page'
  /** Far more than the segment counts. */
  | 'too-many-people'
  /** The file holds another number of people than the export says. */
  | 'export-disagrees'

/**
 * Why somebody stays in a cohort although the source no longer has them. `sticky`, `keep`: the exit rule. `unsettled`: a
 * call that may have added them has no answer yet, and a contrary one could overtake it; or they are wanted again, and a
 * call that may have removed them has no answer yet. `case-twin`: their identifier differs from a wanted one in case or
 * outer spaces only, and nobody knows whether MoEngage tells the two apart.
 */
export const HOLD_REASONS = ['sticky', 'keep', 'unsettled', 'case-twin'] as const
export type HoldReason = (typeof HOLD_REASONS)[number]

/**
 * Why somebody of the source who carries an identifier is not let in. `stage`: not rolled out to them. `holdout`: held
 * out for comparison. `no-reentry`: left too short a time ago. `rejected`: MoEngage refused this very identifier lately,
 * and nobody is in under it. `unsettled`: a call that may have removed them has no answer yet.
 */
export const KEEP_OUT_REASONS = ['stage', 'holdout', 'no-reentry', 'rejected', 'unsettled'] as const
export type KeepOutReason = (typeof KEEP_OUT_REASONS)[number]

/**
 * What decides, besides the source, who belongs to a cohort. Data alone: `retainMember` and `chooseStageReason` say what
 * it means for one person, and the engine of each store says the same for all of them at once.
 */
export interface MembershipRules {
  readonly exit: ExitRule
  readonly stage: Stage
  /** 0 to 99. Nobody is held out in the stage `qa`. */
  readonly holdoutPercent: number
  /** Identifiers. Only they are let in in the stage `qa`. */
  readonly testers: readonly string[]
  readonly now: Instant
  /** Identifiers that were rejected at this moment or later are not sent. */
  readonly rejectedSince: Instant
  /** Calls without an answer that are younger than this hold contrary calls back. */
  readonly unsettledSince: Instant
}

/** What one sync would change, in distinct identifiers unless it says people. */
export interface DeltaCounts {
  /** The ledger before it, open outcomes included. */
  readonly recorded: number
  /** Who should be in the cohort afterwards, those held by the exit rule included. */
  readonly wanted: number
  readonly adds: number
  readonly removes: number
  /** Members that nothing is wrong with, to be sent again. 0 unless it was asked for. */
  readonly again: number
  /** By the first reason that applies, in the order of `HOLD_REASONS`. */
  readonly held: Readonly<Record<HoldReason, number>>
  /** People, by the first reason that applies, in the order of `KEEP_OUT_REASONS`. */
  readonly keptOut: Readonly<Record<KeepOutReason, number>>
}

/** Nobody, for every reason. */
export const NOBODY_HELD: DeltaCounts['held'] = { sticky: 0, keep: 0, unsettled: 0, 'case-twin': 0 }
export const NOBODY_KEPT_OUT: DeltaCounts['keptOut'] = {
  stage: 0,
  holdout: 0,
  'no-reentry': 0,
  rejected: 0,
  unsettled: 0,
}

/**
 * Only the reasons that apply to somebody. `guard`: leavers that a guard keeps for now. `refused`: those that MoEngage
 * refused to take out, while it took others.
 */
export type HeldBy = Readonly<Partial<Record<HoldReason | 'guard' | 'refused', number>>>
export type KeptOut = Readonly<Partial<Record<KeepOutReason, number>>>

/** What the row of `sync --json` is made from, one for each audience. The required fields are scripts' to rely on. */
export interface SyncResult {
  readonly id: AudienceId
  /** Distinct people read from the source. */
  readonly read: number
  /** Distinct identifiers the cohort should have after exit rules and stage. */
  readonly wanted: number
  /** Distinct identifiers that entered and left, by MoEngage's acceptance. */
  readonly added: number
  readonly removed: number
  /** Leavers that stay for now: by the exit rule, because an answer is open, or because a guard stopped removes. */
  readonly held: number
  /** People of the source that carry no sendable identifier. */
  readonly skipped: number
  /** Names of the guards that stopped something, empty when none did. */
  readonly refused: readonly string[]
  /** Members in the ledger afterwards. */
  readonly accepted: number
  /** Write calls that were made, accepted or not; repeats of one call count once. */
  readonly calls: number
  readonly heldBy?: HeldBy
  /** People of the source who carry an identifier and are not let in. */
  readonly keptOut?: KeptOut
  /** Members that nothing was wrong with and that were sent again. */
  readonly again?: number
  /** Why, also when nobody's turn came in this run. */
  readonly againReason?: AssertionReason
  /** Identifiers that MoEngage refused by themselves, whichever way they were sent. */
  readonly rejected?: number
  /** Of a sample of those to be added, the share that MoEngage knows, 0 to 1. Absent when nobody was looked up. */
  readonly matchRate?: number
  /** Absent when nothing was read. */
  readonly timings?: PhaseTimings
}

/** Whole milliseconds spent on one audience, waits for vendors and for the pace included. */
export interface PhaseTimings {
  readonly readMs: number
  readonly diffMs: number
  readonly pushMs: number
}
