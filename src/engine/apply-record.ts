import { invariant } from '../model/invariant.ts'
import type { Address, Attributes, Change } from '../model/plan.ts'
import type { RecordedObject, RecordedState, Tombstone } from '../model/recorded.ts'
import { isReference } from '../plan/address.ts'
import type { StoreWrite } from '../ports.ts'
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
  ...(object.kind === 'cohort' ? followReferences(state, object.address, to.address) : []),
]

const followReferences = (state: RecordedState, from: Address, to: Address): StoreWrite[] =>
  [...state.objects.values()]
    .filter(({ kind, attributes }) => kind === 'sendable' && refersTo(attributes, from))
    .map(object => ({
      kind: 'object',
      object: { ...object, attributes: replace(object.attributes, from, to) },
    }))

/** Whether a recorded sendable segment includes or excludes the object. */
export const refersTo = ({ include, exclude }: Attributes, address: Address): boolean =>
  include === address || (Array.isArray(exclude) && exclude.includes(address))

const replace = (attributes: Attributes, from: Address, to: Address): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      if (!isReference(name)) return [name, value]
      const follow = (text: string): string => (text === from ? to : text)
      return [name, Array.isArray(value) ? value.map(follow).sort() : follow(String(value))]
    }),
  )

/** Moves the record of an audience that has another id now. */
export const moveToNewId = async (run: Run, change: Change): Promise<void> => {
  if (change.from === undefined) return
  const state = await run.store.readState()
  const object = state.objects.get(change.from)
  // Moved before, by a run that was interrupted after it.
  if (!object) return
  const writes = moveRecord(state, object, { address: change.address, audience: change.audience })
  await run.store.commit([
    ...writes,
    journal(run, { address: change.address, operation: 'move record' }, 'accepted', `from ${change.from}`),
  ])
}

/** Drops the record of something that muster lets go of. What it is at the vendor stays as it is. */
export const forgetObject = async (run: Run, change: Change): Promise<void> => {
  const object = requireRecorded(await run.store.readState(), change.address)
  await run.store.commit(letGo(run, object))
}

/** The steps of letting go of one object: its record and its ledger are dropped, its name is remembered. */
export const letGo = (run: Pick<Run, 'runId' | 'now'>, object: RecordedObject): readonly StoreWrite[] => {
  const { address, kind, audience } = object
  const tombstone = buryName(run, object, 'forgotten')
  return [
    { kind: 'drop-object', address },
    ...(tombstone ? [{ kind: 'tombstone', tombstone } as const] : []),
    ...(kind === 'cohort' ? [{ kind: 'drop-ledger', audience } as const] : []),
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
