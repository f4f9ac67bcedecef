import type { Audience } from '../model/audience.ts'
import { fail } from '../model/failure.ts'
import { invariant } from '../model/invariant.ts'
import type { ChangeResult } from '../model/outcome.ts'
import type { Change } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import { cohortAddress } from '../plan/address.ts'
import { leaveBehind } from '../plan/lineage.ts'
import { findOwn } from '../plan/observed.ts'
import { moveRecord, requireRecorded } from './apply-record.ts'
import { bear, newCohort } from './bear-cohort.ts'
import { cohortRef, pushDelta } from './push.ts'
import { journal, type Run } from './run.ts'

/**
 * A new cohort under a new name and a new id; the one it takes the place of keeps its record under an address of its
 * own until it is drained. Everyone recorded is sent to the new one before anything points at it: a suppression that
 * was empty for a moment would let people be messaged who must not be.
 */
export const renameCohort = async (
  run: Run,
  change: Change,
  audience: Audience | undefined,
): Promise<ChangeResult> => {
  invariant(audience, `${change.address} is renamed without a spec`)
  const state = await run.store.readState()
  const former = requireRecorded(state, change.address)
  // Nothing points at one that was never listed, and no sync is sent to it.
  if (former.status === 'seen' && (await hasOpenOutcomes(run, former.audience)))
    return { kind: 'waiting', why: 'some calls to it have no outcome yet: sync once, then apply again' }
  const left = leaveBehind(change.audience, former, state)
  const syncedAt = state.synced.get(former.audience)
  const cohort: RecordedObject = { ...newCohort(run, change, former), carriesFrom: left.key }
  await run.store.commit([
    ...moveRecord(state, former, { address: left.address, audience: left.key }),
    { kind: 'object', object: cohort },
    // Whoever is carried over was synced before: the next sync is judged by the same limits.
    { kind: 'synced', audience: left.key },
    { kind: 'synced', audience: change.audience, ...(syncedAt === undefined ? {} : { at: syncedAt }) },
    journal(run, { address: change.address, operation: 'rename cohort' }, 'accepted', `from ${left.address}`),
  ])
  return carryOver(run, cohort, audience)
}

/** Whether somebody may be in a cohort, or out of it, without our knowing: they could not be carried over. */
const hasOpenOutcomes = async (run: Run, key: string): Promise<boolean> => {
  const spool = await run.store.openSpool(key)
  await spool.appendRecorded(key)
  const delta = await spool.computeDelta({ reassert: false })
  await delta.close()
  return delta.counts.adds + delta.counts.removes > 0
}

/** Sends everyone who was accepted for the former cohort. What was sent already is not sent again. */
export const carryOver = async (
  run: Run,
  cohort: RecordedObject,
  audience: Audience,
): Promise<ChangeResult> => {
  const { carriesFrom, ...loaded } = cohort
  invariant(carriesFrom !== undefined, `${cohort.address} has nobody to take over`)
  if (carriesFrom !== cohort.audience && (await isTaken(run, cohort)))
    return takeBack(run, cohort, carriesFrom)
  const sent = await sendRecorded(run, cohort, { audience, from: carriesFrom })
  const result: ChangeResult =
    sent > 0 ? { kind: 'done' } : await bear(run, cohort, { audience, isNew: false })
  // Until something was sent, what is listed under its name is somebody else's.
  if (result.kind === 'done') await run.store.commit([{ kind: 'object', object: loaded }])
  return result
}

/**
 * One that was never listed may have lost everybody. After a rename all of them are sent again, not a first member
 * alone: other segments point at it as soon as it is listed, so it counts as listed only when the last of them is sent.
 */
export const sendAgain = async (
  run: Run,
  cohort: RecordedObject,
  audience: Audience,
): Promise<ChangeResult> => {
  const loading: RecordedObject = { ...cohort, carriesFrom: cohort.audience }
  await run.store.commit([
    { kind: 'doubt-all', audience: cohort.audience },
    { kind: 'object', object: loading },
  ])
  return carryOver(run, loading, audience)
}

interface Recipients {
  readonly audience: Audience
  /** The ledger key whose members are sent. */
  readonly from: string
}

/** Sends everyone under a ledger key, but for those who are certain to be there. Answers how many there are in all. */
const sendRecorded = async (
  run: Run,
  cohort: RecordedObject,
  { audience, from }: Recipients,
): Promise<number> => {
  const spool = await run.store.openSpool(cohort.audience)
  await spool.appendRecorded(from)
  const delta = await spool.computeDelta({ reassert: false })
  try {
    await pushDelta(run, { audience: cohort.audience, cohort: cohortRef(cohort, audience) }, delta, 'add')
  } finally {
    await delta.close()
  }
  return delta.counts.wanted
}

/** Whether the name is listed although nothing was ever sent under it: then it is somebody else's since the plan. */
const isTaken = async (run: Run, cohort: RecordedObject): Promise<boolean> => {
  const spool = await run.store.openSpool(cohort.audience)
  const delta = await spool.computeDelta({ reassert: false })
  await delta.close()
  if (delta.counts.recorded > 0) return false
  const segments = await run.reader.destination.listSegments()
  return findOwn(segments, String(cohort.attributes.name), run.workspace.partner) !== undefined
}

/** Undoes a rename to which nothing was sent: everything stands as it stood before it. */
const takeBack = async (run: Run, cohort: RecordedObject, key: string): Promise<never> => {
  const state = await run.store.readState()
  const { address, audience } = cohort
  const former = requireRecorded(state, cohortAddress(key))
  const syncedAt = state.synced.get(audience)
  await run.store.commit([
    { kind: 'drop-object', address },
    { kind: 'drop-ledger', audience },
    ...moveRecord(state, former, { address, audience }),
    { kind: 'synced', audience, ...(syncedAt === undefined ? {} : { at: syncedAt }) },
    journal(run, { address, operation: 'rename cohort' }, 'refused', 'name taken'),
  ])
  return fail({
    origin: 'moengage',
    code: 'apply/name-taken',
    detail: `"${cohort.attributes.name}" is listed by now, and nothing was sent to it yet: it is somebody else's.`,
    hint: 'choose another name, and plan again',
    retryable: false,
  })
}
