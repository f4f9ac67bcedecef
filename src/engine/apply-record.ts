import { invariant } from '../model/invariant.ts'
import type { ChangeResult } from '../model/outcome.ts'
import type { Address, Attributes, Change } from '../model/plan.ts'
import type { RecordedObject, RecordedState, Tombstone } from '../model/recorded.ts'
import type { StoreWrite } from '../model/store-write.ts'
import { isReference } from '../plan/address.ts'
import { findReferring } from '../plan/references.ts'
import { journal, type Run } from './run.ts'

/** The record that a change goes on from. */
export const requireRecorded = (state: RecordedState, address: Address): RecordedObject => {
  const object = state.objects.get(address)
  invariant(object, `${address} is changed, but was never recorded`)
  return object
}

/** Puts a record under another address, and makes every record that refers to it follow. No vendor hears of it. */
export const moveRecord = (
  state: RecordedState,
  object: RecordedObject,
  to: Pick<RecordedObject, 'address' | 'audience'>,
): readonly StoreWrite[] => [
  { kind: 'drop-object', address: object.address },
  { kind: 'object', object: { ...object, ...to } },
  ...(object.kind === 'cohort' && object.audience !== to.audience
    ? [{ kind: 'move-ledger', from: object.audience, to: to.audience } as const]
    : []),
  // Whom muster put into a manual segment stands under the segment's own address.
  ...(object.kind === 'source' && object.address !== to.address
    ? [{ kind: 'move-ledger', from: object.address, to: to.address } as const]
    : []),
  ...(object.kind === 'cohort' ? followReferences(state, object.address, to.address) : []),
]

const followReferences = (state: RecordedState, from: Address, to: Address): StoreWrite[] =>
  findReferring(state, from).map(object => ({
    kind: 'object',
    object: { ...object, attributes: replace(object.attributes, from, to) },
  }))

const replace = (attributes: Attributes, from: Address, to: Address): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      if (!isReference(name)) return [name, value]
      const follow = (text: string): string => (text === from ? to : text)
      return [name, Array.isArray(value) ? value.map(follow).sort() : follow(String(value))]
    }),
  )

/** Drops the record of something that muster lets go of. What it is at the vendor stays as it is. */
export const forgetObject = async (run: Run, change: Change): Promise<ChangeResult> => {
  const state = await run.store.readState()
  const object = requireRecorded(state, change.address)
  const pointing = findPointing(state, change.address)
  // Nobody would keep its members right any more, while others still rely on them.
  if (pointing !== undefined) return { kind: 'waiting', why: pointing }
  await run.store.commit(letGo(run, object))
  return { kind: 'done', note: 'let go; nothing was changed at the vendors' }
}

/** Which recorded sendable segments still point at a cohort, as a sentence; undefined when none does. */
export const findPointing = (state: RecordedState, address: Address): string | undefined => {
  const pointing = findReferring(state, address).map(each => each.address)
  if (pointing.length === 0) return undefined
  return `${pointing.join(', ')} still ${pointing.length === 1 ? 'points' : 'point'} at it`
}

/** The steps of letting go of one object: its record and its ledger are dropped, its name is remembered. */
export const letGo = (run: Pick<Run, 'runId' | 'now'>, object: RecordedObject): readonly StoreWrite[] => {
  const { address, kind, audience } = object
  const tombstone = buryName(run, object, 'forgotten')
  return [
    { kind: 'drop-object', address },
    ...(tombstone ? [{ kind: 'tombstone', tombstone } as const] : []),
    ...(kind === 'cohort' ? [{ kind: 'drop-ledger', audience } as const] : []),
    ...(kind === 'source' ? [{ kind: 'drop-ledger', audience: address } as const] : []),
    ...(kind === 'binding' ? [{ kind: 'synced', audience } as const] : []),
    journal(run, { address, operation: `forget ${kind}` }, 'accepted'),
  ]
}

/** Remembers a name that MoEngage will not give again. Customer.io gives names as often as one likes. */
export const buryName = (
  run: Pick<Run, 'now'>,
  object: RecordedObject,
  reason: Tombstone['reason'],
): Tombstone | undefined => {
  const { address, kind, attributes } = object
  if (kind !== 'cohort' && kind !== 'sendable') return undefined
  return {
    name: String(attributes.name),
    address,
    retiredAt: run.now,
    reason,
    ...(attributes.cohort_id === undefined ? {} : { cohortId: String(attributes.cohort_id) }),
  }
}
