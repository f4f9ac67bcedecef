import type { AlerterName, AlertNews, RecordedAlert } from './model/alert.ts'
import type { AudienceId } from './model/audience.ts'
import type { SyncCount } from './model/history.ts'
import type { DeltaCounts, Direction, MembershipRules, SkipReason, SourcePerson } from './model/membership.ts'
import type { Lock, RecordedState } from './model/recorded.ts'
import type { DeltaList, JournalEntry, RunRecord, StoreWrite } from './model/store-write.ts'
import type { Instant } from './model/time.ts'

/** A segment of Customer.io, as one list call shows it. */
export interface SourceSegment {
  readonly segmentId: number
  readonly name: string
  /** `dynamic` is data-driven: read only for everyone but the UI. */
  readonly type: 'dynamic' | 'manual'
  /** False while Customer.io still builds it: its membership is then partial. */
  readonly isFinished: boolean
  /**
   * When it was last edited, by the vendor's clock. Whether a change of its members counts as one is not documented:
   * a hint, not proof. Absent when the vendor does not say.
   */
  readonly updatedAt?: Instant
}

/** What in Customer.io uses a segment, as far as its API tells: other segments and ad audiences are not among it. */
export interface SegmentUse {
  readonly campaigns: number
  readonly newsletters: number
}

/** One page of a segment's people. `next` is opaque; absent at the end. */
export interface PeoplePage {
  readonly people: readonly SourcePerson[]
  readonly next?: string
}

/** What pages of people can tell of each person besides who they are. Other attributes take a people export. */
export type PageKey = 'id' | 'email' | 'cio_id'

/** Which page, and which value of each person on it. Without `start`, the first one. */
export interface PageRequest {
  readonly key: PageKey
  readonly start?: string | undefined
  readonly limit?: number | undefined
}

/** Customer.io, read only. Every method rejects with a `FailureError` when the vendor cannot be read. */
export interface SourceReader {
  listSegments(): Promise<readonly SourceSegment[]>
  /** Undefined when there is no such segment: never the same as an empty one. */
  readSegment(segmentId: number): Promise<SourceSegment | undefined>
  countPeople(segmentId: number): Promise<number>
  readPeoplePage(segmentId: number, request: PageRequest): Promise<PeoplePage>
  /** Undefined when there is no such segment. */
  readSegmentUse(segmentId: number): Promise<SegmentUse | undefined>
}

/** Whose the Track keys are. Reads, and nothing else. */
export interface TrackReader {
  readAccount(): Promise<{ readonly region: string; readonly workspaceId: number }>
}

/** A people export of Customer.io: one file with everybody of a segment, as of one moment. */
export interface PeopleExport {
  readonly exportId: number
  readonly status: 'pending' | 'done' | 'failed'
  /** How many people the file holds. 0 before it is done. */
  readonly total: number
  /** The vendor's own words on what is in it: they name the segment, in a form that is documented nowhere. */
  readonly description: string
}

/**
 * Customer.io's people exports. Reads in the end, but an export is made by a call that must not be repeated: given to
 * what syncs and applies, never to what plans.
 */
export interface PeopleExports {
  listExports(): Promise<readonly PeopleExport[]>
  /** Everybody of a segment, with one more column. Not to be repeated: without an answer, look for it in the list. */
  startExport(segmentId: number, attribute?: string): Promise<PeopleExport>
  /** Undefined when there is no such export. */
  readExport(exportId: number): Promise<PeopleExport | undefined>
  /**
   * The people of an export that is done, in pages, with one column of each. The last one is not told when the file
   * holds fewer than `total`, or its last line does not end: what breaks off may break off within an identifier.
   */
  readPeople(done: PeopleExport, column: string): AsyncIterable<PeoplePage['people']>
}

/** A segment of the destination, cohorts included: the list does not tell them apart. */
export interface DestinationSegment {
  readonly remoteId: string
  readonly name: string
}

/** A sendable segment: one cohort, less its suppressions, all by the vendor's ids. */
export interface SendableDefinition {
  readonly name: string
  readonly include: string
  readonly exclude: readonly string[]
}

/** What was read of a sendable segment. `foreign`: somebody gave it filters that muster would never write. */
export type ObservedSendable =
  | ({ readonly kind: 'sendable' } & SendableDefinition)
  | { readonly kind: 'foreign'; readonly name: string }

/** MoEngage, read only. It cannot list the members of anything. */
export interface DestinationReader {
  /** All there are, or those of exactly this name. A reader that knows no names may answer with all. */
  listSegments(name?: string): Promise<readonly DestinationSegment[]>
  /** Undefined when there is none by that id. */
  readSendable(remoteId: string): Promise<ObservedSendable | undefined>
  /** Why the destination would not take this identifier, or undefined when it would. Pure. */
  refusesIdentifier(identifier: string): SkipReason | undefined
}

/** The most users that one look-up asks for. Source: vendors' fact sheet for MoEngage, section 4.2. */
export const MOST_USERS_PER_LOOKUP = 20

/** Whether MoEngage knows users. Reads, and is a POST all the same: given to what syncs, never to what plans. */
export interface UserLookup {
  /** How many of these, at most `MOST_USERS_PER_LOOKUP`, it knows. Undefined once a run has spent its look-ups. */
  countKnown(identifiers: readonly string[]): Promise<number | undefined>
}

/** All that planning is given. */
export interface Reader {
  readonly source: SourceReader
  readonly destination: DestinationReader
}

/** Names a cohort in a write call. `cohortId` is ours and never comes back. */
export interface CohortRef {
  readonly cohortId: string
  readonly name: string
  readonly description: string
}

/** How many bytes a batch may have and what each part costs, encoded as UTF-8. */
export interface BatchSize {
  readonly budgetBytes: number
  readonly envelopeBytes: number
  /** Bytes that one more member costs, its separator included. */
  memberBytes(identifier: string): number
}

/** The most ids that one call to a manual segment may hold. Source: Customer.io's Track API, add_customers. */
export const MOST_IDS_PER_CALL = 1_000

/** Customer.io's writes: manual segments alone. Nothing that plans may import or be given this. */
export interface SourceWriter {
  /** Not repeatable: a second call makes a second segment. When no answer comes, look for it by name and type. */
  createSegment(definition: {
    readonly name: string
    readonly description: string
  }): Promise<{ readonly segmentId: number }>
  /** At most `MOST_IDS_PER_CALL` ids. Accepted is not done: ids that belong to nobody are ignored without a word. */
  changePeople(segmentId: number, direction: Direction, ids: readonly string[]): Promise<void>
  /** Manual segments only. Resolves when it is gone, also when it was gone before. */
  deleteSegment(segmentId: number): Promise<void>
}

/** All that applying and syncing are given to write with. */
export interface Writer {
  readonly destination: DestinationWriter
  /** Rejects with `config/no-key` when it is used and the workspace names no Track keys. */
  readonly source: SourceWriter
}

/** MoEngage's writes. Nothing that plans may import or be given this. */
export interface DestinationWriter {
  sizeBatch(cohort: CohortRef, direction: Direction): BatchSize
  /** Resolves when the batch was accepted, which is not the same as done. */
  changeMembers(cohort: CohortRef, direction: Direction, identifiers: readonly string[]): Promise<void>
  createSendable(definition: SendableDefinition): Promise<{ readonly remoteId: string }>
  updateSendable(remoteId: string, definition: SendableDefinition): Promise<void>
  /** Asks for the segment to be put away. `not-confirmed`: the vendor would not, or cannot for this kind. */
  retireSegment(segment: DestinationSegment): Promise<'confirmed' | 'not-confirmed'>
}

/** One person read from the source. Without an identifier they are counted and not sent. */
export interface SpooledPerson {
  readonly person: string
  readonly identifier?: string | undefined
}

/** Where read people wait on disk until they are compared. */
export interface Spool {
  /** The note of the last append that is certainly on disk, when this spool goes on with one that was kept. */
  readonly resumed?: string
  /** With a `note`, all that was appended so far can be gone on with later, from what the note says. */
  append(people: readonly SpooledPerson[], note?: string): Promise<void>
  /** Appends everyone recorded under another ledger key, in the engine. */
  appendRecorded(audience: string): Promise<void>
  /** Compares what was appended with the ledger, in the engine. Ends the spool. */
  computeDelta(options?: CompareOptions): Promise<Delta>
  /** Ends it, and leaves what has a note for the next spool of the same audience and `resumeKey`. */
  keep(): Promise<void>
  discard(): Promise<void>
}

export interface SpoolOptions {
  /**
   * Says what is read, and how: a spool that was kept, or left behind by a process that died, is gone on with when it
   * was opened with the same key, else thrown away. Absent: begins anew, and cannot be kept.
   */
  readonly resumeKey?: string
}

export interface CompareOptions {
  /** Absent: whoever was appended is wanted, and everybody else leaves. So two ledgers are compared. */
  readonly rules?: MembershipRules
  /** Lists members that are certain, too, from where the assertion under way has come to. */
  readonly again?: boolean
}

/** How many people are in both of two ledgers. */
export interface Overlap {
  /** In the order of their text. */
  readonly audiences: readonly [AudienceId, AudienceId]
  readonly people: number
}

/** One row of a delta. Positions count from 1 in each direction and have no gaps. */
export interface DeltaRow {
  readonly position: number
  readonly identifier: string
}

/** The difference between what is wanted and the ledger, kept in the engine and read in slices. */
export interface Delta {
  readonly counts: DeltaCounts
  /** Distinct people among those appended: pages may show one twice. */
  readonly people: number
  /** Up to `limit` rows after `after`, in order. Empty at the end. */
  readRows(list: DeltaList, after: number, limit: number): Promise<readonly DeltaRow[]>
  /** Up to `limit` identifiers of a list, spread evenly over it. */
  sample(list: DeltaList, limit: number): Promise<readonly string[]>
  /**
   * Keeps in mind since when members are gone from the source, which `sticky from exit` counts from; whoever is back is
   * no longer leaving. Only a complete read tells who is gone: without it, only returns are noted.
   */
  noteLeavers(facts: { readonly at: Instant; readonly isComplete: boolean }): Promise<void>
  /** Takes over ledger rows that need no call: another person already carries the identifier, or still does. */
  carryOver(at: Instant): Promise<void>
  close(): Promise<void>
}

/** Reads the small state. Must answer while another process holds the store. */
export interface StateReader {
  readState(): Promise<RecordedState>
}

/** Reads what syncs counted. */
export interface HistoryReader {
  /** The last `limit` of an audience, oldest first. */
  readCounts(audience: AudienceId, limit: number): Promise<readonly SyncCount[]>
}

/**
 * The store: small state and ledger behind one door, so that one transaction commits both. Opened by one process
 * at a time; opening one that is not free rejects with `store/busy`.
 */
export interface Store extends StateReader, HistoryReader {
  /** Under which this process holds the store. Every commit extends it, and is refused with `store/fenced` once
   * somebody else has taken over. */
  readonly lock: Lock
  /** The lock of a run that never let go, and that this one took over from. */
  readonly tookOverFrom?: Lock
  /** All or nothing. Raises the head when what plans are made from is among the writes: objects, tombstones, ledger keys. */
  commit(writes: readonly StoreWrite[]): Promise<void>
  openSpool(audience: AudienceId, options?: SpoolOptions): Promise<Spool>
  /** People that each two ledgers share, all pairs with at least one, in one query. By person, not by identifier. */
  readOverlaps(): Promise<readonly Overlap[]>
  /** Newest last. For people and tests; no decision is taken on it. */
  readJournal(limit: number): Promise<readonly JournalEntry[]>
  /** Newest last; those of one command, or all. */
  readRuns(limit: number, command?: string): Promise<readonly RunRecord[]>
  /** Trouble that was found and not yet told to be over, by its key. */
  readAlerts(): Promise<ReadonlyMap<string, RecordedAlert>>
  close(): Promise<void>
}

/** Tells people what began and what is over. Rejects with a `FailureError` when they may not have heard of it. */
export interface Alerter {
  readonly name: AlerterName
  /** Answers what was done, in a few words; nothing when there was nothing to say. */
  tell(news: AlertNews): Promise<string | undefined>
}

/** Time as an argument. `now` may be set by the user; waiting and measuring never follow it. */
export interface Clock {
  now(): Instant
  monotonicMs(): number
  /** Resolves after the wait, or at once when the signal is or becomes aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** A number in [0, 1). */
export type Random = () => number

export type Phase = 'refresh' | 'read' | 'diff' | 'push' | 'apply' | 'verify'

/** How far something is. `total` is absent when it is not known. */
export interface ProgressEvent {
  readonly subject: string
  readonly phase: Phase
  readonly done: number
  readonly total?: number
}

/** Told how far things are; decides for itself whether and how to show it. */
export interface Reporter {
  report(event: ProgressEvent): void
}
