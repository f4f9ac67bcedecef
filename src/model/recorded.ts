import type { AudienceId } from './audience.ts'
import type { Address, Attributes, ObjectKind } from './plan.ts'
import type { Instant } from './time.ts'

/**
 * An object as the store remembers it. `pending` means that the vendor accepted the call but has not listed the
 * object yet; `seen` means a list showed it. A binding lives in our store alone and is always `seen`.
 */
export interface RecordedObject {
  readonly address: Address
  readonly kind: ObjectKind
  /** The ledger's key too: see `Change.audience`. */
  readonly audience: AudienceId
  readonly attributes: Attributes
  /** The vendor's id of it, once a list showed it. */
  readonly remoteId?: string
  readonly status: 'pending' | 'seen'
  readonly recordedAt: Instant
  /** What is `adopted` was there before muster. Only what was `created` is ever deleted. */
  readonly origin: 'created' | 'adopted'
  /** What a vendor showed when it was last applied, such as when a segment was edited. Hints, never desired. */
  readonly hints?: Attributes
  /** Ledger key whose members must all be sent to it before anything may point at it: a rename that is under way. */
  readonly carriesFrom?: string
}

/** A name that the vendor will never give again, or that muster has let go. */
export interface Tombstone {
  readonly name: string
  readonly address: Address
  readonly retiredAt: Instant
  /** `forgotten`: it may still be there, and may be adopted again. */
  readonly reason: 'retired' | 'renamed' | 'forgotten'
  /** Of a cohort: the id that was sent with it. Never sent for another one. */
  readonly cohortId?: string
}

/** Who holds the store. The fence grows with every holder: a write under an older one is refused by the store. */
export interface Lock {
  readonly id: string
  readonly fence: number
  /** A person or a machine, for example `ci@runner-3`. */
  readonly owner: string
  readonly command: string
  readonly runId: string
  readonly runUrl?: string
  readonly acquiredAt: Instant
  /** Moved forward with every commit. */
  readonly expiresAt: Instant
}

/** How far it is that all members of a cohort are sent again. */
export interface Assertion {
  /** When it was last through. Absent: never. */
  readonly completedAt?: Instant
  /** Set while one is under way. */
  readonly startedAt?: Instant
  readonly reason?: AssertionReason
}

/** `interval`: it was time. `asked`: `sync --full`. `generation`: the cohort was lost and made anew. */
export type AssertionReason = 'interval' | 'asked' | 'generation'

/** That an audience was pushed to its testers, and what came of it. Counts, never identifiers. */
export interface QaEvidence {
  readonly audience: AudienceId
  readonly at: Instant
  readonly runId: string
  /** What was tried: source and identifier, as the binding describes them. Evidence of anything else is none. */
  readonly source: string
  readonly identifier: string
  /** How many testers the workspace named. */
  readonly testers?: number
  /** Testers of the source that MoEngage accepted. */
  readonly accepted: number
  /** How many of all testers it knows. Absent when it could not be asked. */
  readonly resolved?: number
  /** Absent: no person vouches for it. */
  readonly signedOff?: SignOff
}

/** That a colleague saw the testers get what they should. `by` is a name, never an address. */
export interface SignOff {
  readonly by: string
  readonly at: Instant
  readonly note?: string
}

/** A guard of one sync that a person let pass. Shown in plans until the next apply. */
export interface RecordedAllowance {
  readonly audience: AudienceId
  readonly guard: string
  readonly reason: string
  readonly at: Instant
  readonly runId: string
}

/** The small state: all that planning needs of the store. Counts of people, never their identifiers. */
export interface RecordedState {
  /** Made once with the store, at random. Absent when there is no store yet. */
  readonly storeId?: string
  readonly head: number
  readonly objects: ReadonlyMap<Address, RecordedObject>
  readonly tombstones: ReadonlyMap<string, Tombstone>
  /** Ledger size per ledger key, in distinct identifiers. */
  readonly members: ReadonlyMap<string, number>
  /** When an audience was last synced to its end. Absent: its first load is not over, so growth is not a swing. */
  readonly synced: ReadonlyMap<AudienceId, Instant>
  readonly asserted: ReadonlyMap<AudienceId, Assertion>
  /** The latest of each audience. */
  readonly evidence: ReadonlyMap<AudienceId, QaEvidence>
  /** The latest of each audience and guard, under `<audience>:<guard>`. */
  readonly allowances: ReadonlyMap<string, RecordedAllowance>
  /** Absent when nobody holds the store. */
  readonly lock?: Lock
}

/** The state of a store that nobody has written to. */
export const EMPTY_STATE: RecordedState = {
  head: 0,
  objects: new Map(),
  tombstones: new Map(),
  members: new Map(),
  synced: new Map(),
  asserted: new Map(),
  evidence: new Map(),
  allowances: new Map(),
}
