import { fail } from '../model/failure.ts'
import type { ChangeResult } from '../model/outcome.ts'
import { audienceOfKey, type Change, isLeftBehind } from '../model/plan.ts'
import type { RecordedObject, RecordedState } from '../model/recorded.ts'
import type { StoreWrite } from '../model/store-write.ts'
import { cohortAddress } from '../plan/address.ts'
import { isGone } from '../plan/listing.ts'
import type { Delta } from '../ports.ts'
import { buryName, findPointing, requireRecorded } from './apply-record.ts'
import { describeUnsettled, withDrainDelta, withLedgerDelta } from './ledger-delta.ts'
import { cohortRef, pushDelta } from './push.ts'
import { journal, makeJournalledCall, type Run } from './run.ts'

/**
 * Removes everyone we recorded, then asks for the archive, and remembers the name for ever. One that is lost has nobody
 * to be removed: its record is dropped, and nothing is called.
 */
export const retireCohort = async (run: Run, change: Change): Promise<ChangeResult> => {
  const state = await run.store.readState()
  if (isLeftBehind(change.audience) && !state.objects.has(change.address))
    return { kind: 'waiting', why: 'the rename that leaves it behind is not done yet' }
  const object = requireRecorded(state, change.address)
  const why = reasonToWait(state, object)
  if (why !== undefined) return { kind: 'waiting', why }
  if (isGone(change)) return dropLost(run, object)
  const unsettled = await removeEverybody(run, object)
  if (unsettled !== undefined) return { kind: 'waiting', why: unsettled }
  return archive(run, object, {
    reason: isLeftBehind(object.audience) ? 'renamed' : 'retired',
    prefix: 'all recorded members removed; ',
  })
}

/**
 * Emptied under a segment that still leaves its members out, it would let them be messaged. Emptied before the one that
 * takes its place is there, it would leave them nowhere.
 */
const reasonToWait = (state: RecordedState, { address, audience }: RecordedObject): string | undefined => {
  const { objects } = state
  const pointing = findPointing(state, address)
  if (pointing !== undefined) return pointing
  const successor =
    [...objects.values()].find(each => each.carriesFrom === audience && each.address !== address) ??
    (isLeftBehind(audience) ? objects.get(cohortAddress(audienceOfKey(audience))) : undefined)
  return successor?.status === 'pending'
    ? `${successor.address}, which takes its place, is not listed by MoEngage yet`
    : undefined
}

const dropLost = async (run: Run, object: RecordedObject): Promise<ChangeResult> => {
  const call = { address: object.address, operation: 'drop lost cohort' }
  await run.store.commit([...bury(run, object, 'renamed'), journal(run, call, 'accepted')])
  return { kind: 'done', note: 'MoEngage no longer lists it: its record is dropped, nothing was called' }
}

/** Answers why it has to wait, in which case nothing was sent. */
const removeEverybody = (run: Run, object: RecordedObject): Promise<string | undefined> => {
  const { audience, status } = object
  const remove = async (delta: Delta): Promise<undefined> => {
    const { refusal } = await pushDelta(run, { audience, cohort: cohortRef(object) }, delta, 'remove')
    return refusal && fail(refusal)
  }
  // Nothing points at one that was never listed: whoever a late add still brings into it is reached by nobody.
  if (status === 'pending') return withLedgerDelta(run, { key: audience }, remove)
  return withDrainDelta(run, audience, async delta => describeUnsettled(delta) ?? remove(delta))
}

/** Asks for the archive and remembers the name: MoEngage never gives one twice. */
export const retireSendable = async (run: Run, change: Change): Promise<ChangeResult> =>
  archive(run, requireRecorded(await run.store.readState(), change.address), {
    reason: 'retired',
    prefix: '',
  })

interface Farewell {
  readonly reason: 'retired' | 'renamed'
  /** What was done before, for the note. */
  readonly prefix: string
}

const archive = async (
  run: Run,
  object: RecordedObject,
  { reason, prefix }: Farewell,
): Promise<ChangeResult> => {
  const { address, remoteId } = object
  const name = String(object.attributes.name)
  const writes = bury(run, object, reason)
  // What is listed under the name by now may be somebody else's: nothing tells it from a call of ours that got lost.
  if (remoteId === undefined) {
    await run.store.commit(writes)
    return { kind: 'done', note: `${prefix}never seen in the list of MoEngage, so nothing was archived` }
  }
  const archived = await makeJournalledCall(
    run,
    { address, operation: 'archive segment' },
    () => run.writer.destination.retireSegment({ remoteId, name }),
    { accepted: () => writes },
  )
  return { kind: 'done', note: `${prefix}archive ${archived} by MoEngage` }
}

/** Record and ledger go, the name is remembered. */
const bury = (run: Run, object: RecordedObject, reason: Farewell['reason']): readonly StoreWrite[] => {
  const tombstone = buryName(run, object, reason)
  return [
    { kind: 'drop-object', address: object.address },
    ...(tombstone ? [{ kind: 'tombstone', tombstone } as const] : []),
    ...(object.kind === 'cohort' ? [{ kind: 'drop-ledger', audience: object.audience } as const] : []),
  ]
}
