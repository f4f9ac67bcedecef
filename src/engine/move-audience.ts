import type { AudienceId } from '../model/audience.ts'
import { type Address, audienceOfKey, type Change } from '../model/plan.ts'
import type { RecordedObject, RecordedState } from '../model/recorded.ts'
import type { StoreWrite } from '../model/store-write.ts'
import { addressOf, audienceOf } from '../plan/address.ts'
import { moveRecord } from './apply-record.ts'
import { journal, type Run } from './run.ts'

/** Everything recorded of an audience, what its renames left behind included. */
export const recordedOf = ({ objects }: RecordedState, audience: AudienceId): readonly RecordedObject[] =>
  [...objects.values()].filter(object => audienceOfKey(object.audience) === audience)

/** Puts all of an audience's records, its ledger and its QA evidence under another id. The other id must have none. */
export const moveAudience = (
  state: RecordedState,
  from: AudienceId,
  to: AudienceId,
): readonly StoreWrite[] => {
  let moved = state
  const records = recordedOf(state, from).flatMap(({ address }) => {
    const object = moved.objects.get(address)
    if (!object) return []
    const key = `${to}${object.audience.slice(from.length)}`
    const record = followKey(object, from, to)
    const writes = moveRecord(moved, record, { address: addressOf(object.kind, key), audience: key })
    moved = { ...moved, objects: foresee(moved.objects, writes) }
    return writes
  })
  const evidence = state.evidence.get(from)
  return [
    ...records,
    ...(evidence ? [{ kind: 'evidence', evidence: { ...evidence, audience: to } } as const] : []),
  ]
}

/** A rename that is under way takes its members from a key that moves too. */
const followKey = (object: RecordedObject, from: AudienceId, to: AudienceId): RecordedObject =>
  object.carriesFrom === undefined || audienceOfKey(object.carriesFrom) !== from
    ? object
    : { ...object, carriesFrom: `${to}${object.carriesFrom.slice(from.length)}` }

/** The objects as they will be, so that a second move sees what the first one did to it. */
export const foresee = (
  objects: RecordedState['objects'],
  writes: readonly StoreWrite[],
): ReadonlyMap<Address, RecordedObject> => {
  const after = new Map(objects)
  for (const write of writes) {
    if (write.kind === 'drop-object') after.delete(write.address)
    if (write.kind === 'object') after.set(write.object.address, write.object)
  }
  return after
}

/**
 * Moves everything of an audience that has another id now, with the first of its changes: a part of it left under the
 * former id would be taken for an audience whose file is gone, without what protects it.
 */
export const moveToNewId = async (run: Run, { from, address, audience }: Change): Promise<void> => {
  if (from === undefined) return
  const state = await run.store.readState()
  // Moved before: with an earlier change, or by a run that was interrupted after it.
  if (!state.objects.has(from)) return
  const former = audienceOfKey(audienceOf(from))
  await run.store.commit([
    ...moveAudience(state, former, audience),
    journal(run, { address, operation: 'move record' }, 'accepted', `from ${from}`),
  ])
}
