import type { AudienceId } from './audience.ts'
import type { Address, Attributes, ObjectKind } from './plan.ts'
import type { Instant } from './time.ts'

/**
 * An object as the store remembers it. `pending` means that MoEngage accepted the call but has not listed the
 * object yet; `seen` means a list showed it. A binding lives in our store alone and is always `seen`.
 */
export interface RecordedObject {
  readonly address: Address
  readonly kind: ObjectKind
  readonly audience: AudienceId
  readonly attributes: Attributes
  /** The vendor's id of it, once a list showed it. */
  readonly remoteId?: string
  readonly status: 'pending' | 'seen'
  readonly recordedAt: Instant
}

/** A name that MoEngage will never give again. */
export interface Tombstone {
  readonly name: string
  readonly address: Address
  readonly retiredAt: Instant
}

/** The small state: all that planning needs of the store. Counts of people, never their identifiers. */
export interface RecordedState {
  readonly head: number
  readonly objects: ReadonlyMap<Address, RecordedObject>
  readonly tombstones: ReadonlyMap<string, Tombstone>
  /** Ledger size per audience, in distinct identifiers. */
  readonly members: ReadonlyMap<AudienceId, number>
  /** When an audience was last synced to its end. Absent: its first load is not over, so growth is not a swing. */
  readonly synced: ReadonlyMap<AudienceId, Instant>
}

/** The state of a store that nobody has written to. */
export const EMPTY_STATE: RecordedState = {
  head: 0,
  objects: new Map(),
  tombstones: new Map(),
  members: new Map(),
  synced: new Map(),
}
