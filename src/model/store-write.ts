import type { RecordedAlert } from './alert.ts'
import type { AudienceId } from './audience.ts'
import type { SyncCount } from './history.ts'
import type { Direction, Member } from './membership.ts'
import type { Address } from './plan.ts'
import type { AssertionReason, QaEvidence, RecordedAllowance, RecordedObject, Tombstone } from './recorded.ts'
import type { Instant } from './time.ts'

/** Intent before each call, outcome after. Counts and codes only. */
export interface JournalEntry {
  readonly runId: string
  readonly at: Instant
  readonly address: Address
  readonly operation: string
  readonly phase: 'intent' | 'accepted' | 'refused' | 'unknown' | 'override'
  readonly count?: number
  readonly detail?: string
}

/** One command's run. `finishedAt` is absent while it goes on, or when it was killed. */
export interface RunRecord {
  readonly runId: string
  readonly command: string
  readonly startedAt: Instant
  readonly finishedAt?: Instant
  readonly outcome?: 'done' | 'partial' | 'refused' | 'failed'
  /** Counts as JSON. Never an identifier. */
  readonly summary?: string
}

/** One step of a transaction. */
export type StoreWrite =
  | { readonly kind: 'journal'; readonly entry: JournalEntry }
  | { readonly kind: 'run'; readonly run: RunRecord }
  | { readonly kind: 'object'; readonly object: RecordedObject }
  | { readonly kind: 'drop-object'; readonly address: Address }
  | { readonly kind: 'tombstone'; readonly tombstone: Tombstone }
  | { readonly kind: 'drop-tombstone'; readonly name: string }
  /** Members, open outcomes and the sync mark go from one ledger key to another, which must have none. */
  | { readonly kind: 'move-ledger'; readonly from: string; readonly to: string }
  /** Members, open outcomes and the sync mark of a ledger key are forgotten; no vendor hears of it. */
  | { readonly kind: 'drop-ledger'; readonly audience: string }
  /** Who left lately under one ledger key, and what was rejected there, counts under another as well. */
  | { readonly kind: 'copy-barred'; readonly from: string; readonly to: string }
  /** Whoever is under both keys has been in since they entered under the former, and is gone since they were there. */
  | { readonly kind: 'carry-times'; readonly from: string; readonly to: string }
  /** One member accepted outside a delta. Writing it twice is writing it once. */
  | { readonly kind: 'member'; readonly audience: AudienceId; readonly member: Member; readonly at: Instant }
  /** The same as `unsettled-batch`, for one identifier outside a delta. */
  | {
      readonly kind: 'unsettled'
      readonly audience: AudienceId
      readonly identifier: string
      readonly direction: Direction
      readonly is: 'open' | 'withdrawn'
      readonly at: Instant
    }
  /** Nothing that was accepted for this audience is certain any more: the next delta sends or removes all of it. */
  | { readonly kind: 'doubt-all'; readonly audience: AudienceId }
  /** The audience was synced to its end. Without `at`, the mark is taken away and the next sync is a first load again. */
  | { readonly kind: 'synced'; readonly audience: AudienceId; readonly at?: Instant }
  /**
   * A batch of the audience's open delta is about to be sent, or (`withdrawn`) was certainly refused. While an outcome
   * is open the next delta takes nothing for granted about its identifiers: wanted ones are added again, others
   * removed. A refusal takes back its own attempt only: what an earlier one did stays open until an acceptance.
   */
  | ({
      readonly kind: 'unsettled-batch'
      readonly is: 'open' | 'withdrawn'
      readonly at: Instant
    } & DeltaRange)
  /**
   * A batch was accepted: the ledger takes it over, and its outcome is no longer open. Of `again`, the assertion has
   * come as far as its last row.
   */
  | ({ readonly kind: 'batch'; readonly at: Instant } & DeltaRange)
  /** MoEngage refused this one identifier while it took others. Writing it twice keeps the later moment. */
  | {
      readonly kind: 'rejected'
      readonly audience: AudienceId
      readonly identifier: string
      readonly at: Instant
    }
  /** All members of a cohort begin to be sent again, from the first one on; or all of them were. */
  | {
      readonly kind: 'assertion'
      readonly audience: AudienceId
      readonly is: 'begun' | 'done'
      readonly at: Instant
      readonly reason: AssertionReason
    }
  | { readonly kind: 'evidence'; readonly evidence: QaEvidence }
  | { readonly kind: 'allowance'; readonly allowance: RecordedAllowance }
  /** Those of one audience were seen by whoever applied a plan. */
  | { readonly kind: 'drop-allowances'; readonly audience: AudienceId }
  /** What a sync counted. Writing the same run and audience again replaces it. */
  | { readonly kind: 'count'; readonly count: SyncCount }
  | { readonly kind: 'alert'; readonly alert: RecordedAlert }
  /** By what `alertKey` makes of it. */
  | { readonly kind: 'drop-alert'; readonly key: string }

/** The lists of a delta. `again` is sent as adds are. */
export type DeltaList = Direction | 'again'

/** Rows of an audience's open delta, by position, both ends included. */
export interface DeltaRange {
  readonly audience: AudienceId
  readonly list: DeltaList
  readonly from: number
  readonly to: number
}
