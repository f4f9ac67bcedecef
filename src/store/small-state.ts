import type { AudienceId } from '../model/audience.ts'
import { unreachable } from '../model/invariant.ts'
import type { Address } from '../model/plan.ts'
import type { QaEvidence, RecordedAllowance, RecordedObject, Tombstone } from '../model/recorded.ts'
import type { StoreWrite } from '../model/store-write.ts'

/**
 * What a write is about. `change`: what plans are made from, so it raises the head. `note`: what happened, for people.
 * `ledger`: people, marks and counts of them; it never leaves the store.
 */
const ABOUT = {
  object: 'change',
  'drop-object': 'change',
  tombstone: 'change',
  'drop-tombstone': 'change',
  'move-ledger': 'change',
  'drop-ledger': 'change',
  journal: 'note',
  run: 'note',
  'copy-barred': 'ledger',
  'carry-times': 'ledger',
  member: 'ledger',
  unsettled: 'ledger',
  'doubt-all': 'ledger',
  synced: 'ledger',
  'unsettled-batch': 'ledger',
  batch: 'ledger',
  rejected: 'ledger',
  assertion: 'ledger',
  evidence: 'note',
  allowance: 'note',
  'drop-allowances': 'note',
  count: 'ledger',
  alert: 'ledger',
  'drop-alert': 'ledger',
} as const satisfies Record<StoreWrite['kind'], 'change' | 'note' | 'ledger'>

type Kind = keyof typeof ABOUT
type LoggedKind = { [K in Kind]: (typeof ABOUT)[K] extends 'ledger' ? never : K }[Kind]

/** Writes that hold no person: the only ones that may be written down outside the store. */
export type LoggedWrite = Extract<StoreWrite, { readonly kind: LoggedKind }>

/** True when a write may be written down outside the store. */
export const isLogged = (write: StoreWrite): write is LoggedWrite => isLoggedKind(write.kind)

/** The same, of a kind that was read from a file. */
export const isLoggedKind = (kind: unknown): kind is LoggedKind =>
  typeof kind === 'string' && Object.hasOwn(ABOUT, kind) && ABOUT[kind as Kind] !== 'ledger'

/** True when a write changes what plans are made from. */
export const raisesHead = (write: StoreWrite): boolean => ABOUT[write.kind] === 'change'

/** What can be written to by key. */
interface Keyed<K, V> {
  set(key: K, value: V): unknown
  delete(key: K): unknown
}

/** The part of the state that can be told without the ledger. */
export interface SmallState {
  readonly objects: Keyed<Address, RecordedObject>
  readonly tombstones: Keyed<string, Tombstone>
  readonly evidence: Keyed<AudienceId, QaEvidence>
  readonly allowances: Keyed<string, RecordedAllowance> & { keys(): Iterable<string> }
}

/** Does to a small state what the store did to its own. */
export const changeSmallState = (
  { objects, tombstones, evidence, allowances }: SmallState,
  write: LoggedWrite,
): void => {
  switch (write.kind) {
    case 'object':
      objects.set(write.object.address, write.object)
      return
    case 'drop-object':
      objects.delete(write.address)
      return
    case 'tombstone':
      tombstones.set(write.tombstone.name, write.tombstone)
      return
    case 'drop-tombstone':
      tombstones.delete(write.name)
      return
    case 'evidence':
      evidence.set(write.evidence.audience, write.evidence)
      return
    case 'allowance':
      allowances.set(`${write.allowance.audience}:${write.allowance.guard}`, write.allowance)
      return
    case 'drop-allowances':
      for (const key of [...allowances.keys()])
        if (key.startsWith(`${write.audience}:`)) allowances.delete(key)
      return
    case 'move-ledger':
    case 'drop-ledger':
    case 'journal':
    case 'run':
      return
    default:
      unreachable(write)
  }
}
