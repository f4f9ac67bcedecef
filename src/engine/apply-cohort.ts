import type { Audience } from '../model/audience.ts'
import { invariant } from '../model/invariant.ts'
import type { Member } from '../model/membership.ts'
import type { ChangeResult } from '../model/outcome.ts'
import type { Change } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import { LISTED } from '../plan/diff.ts'
import { findRenamed, leaveBehind } from '../plan/lineage.ts'
import type { StoreWrite } from '../ports.ts'
import { afterChange } from './apply-attributes.ts'
import { moveRecord, requireRecorded } from './apply-record.ts'
import { cohortRef, pushDelta } from './push.ts'
import { findFirstMember } from './read-members.ts'
import { journal, makeJournalledCall, type Run } from './run.ts'

/**
 * A cohort is born with its first accepted member; an empty call may create nothing, so one rightful member of the
 * source is sent, and stands in the ledger from then on. It is recorded as pending before the call: whatever happens
 * to the call, the name is known to be ours. An update means that a pending one is looked for, and sent again.
 * Source: vendors' fact sheet for MoEngage, sections 2.4 and 8.
 */
export const createCohort = async (
  run: Run,
  change: Change,
  audience: Audience | undefined,
): Promise<ChangeResult> => {
  const listing = change.attributes.find(({ attribute }) => attribute === LISTED)?.before
  if (listing === 'now') return { kind: 'done' }
  invariant(audience, `${change.address} is created without a spec`)
  const state = await run.store.readState()
  const recorded = state.objects.get(change.address)
  if (recorded?.carriesFrom !== undefined) return carryOver(run, recorded, audience)
  if (recorded && findRenamed(state).has(recorded.audience)) return sendAgain(run, recorded, audience)
  return bear(run, recorded ?? newCohort(run, change, {}), { audience, isNew: recorded === undefined })
}

const newCohort = (run: Run, change: Change, former: Partial<RecordedObject>): RecordedObject => ({
  address: change.address,
  kind: 'cohort',
  audience: change.audience,
  attributes: afterChange(former.attributes ?? {}, change),
  status: 'pending',
  recordedAt: run.now,
  origin: 'created',
})

interface Birth {
  readonly audience: Audience
  /** Not recorded yet: a refusal takes the record back. */
  readonly isNew: boolean
}

const bear = async (run: Run, cohort: RecordedObject, { audience, isNew }: Birth): Promise<ChangeResult> => {
  const first = audience.rollout.stage.kind === 'paused' ? undefined : await findFirstMember(run, audience)
  if (!first)
    return { kind: 'waiting', why: 'it has nobody to send yet; a cohort is born with its first member' }
  await makeJournalledCall(
    run,
    { address: cohort.address, operation: 'create cohort', count: 1 },
    () => run.writer.destination.changeMembers(cohortRef(cohort, audience), 'add', [first.identifier]),
    birthWrites(run, cohort, { first, isNew }),
  )
  return { kind: 'done' }
}

const birthWrites = (
  run: Run,
  cohort: RecordedObject,
  { first, isNew }: { readonly first: Member; readonly isNew: boolean },
) => {
  const { audience } = cohort
  const markFirst = (is: 'open' | 'withdrawn'): StoreWrite => ({
    kind: 'unsettled',
    audience,
    identifier: first.identifier,
    is,
  })
  const record: StoreWrite = { kind: 'object', object: cohort }
  // A cohort that was never listed may have lost whatever it was sent before.
  const doubt: StoreWrite = { kind: 'doubt-all', audience }
  const drop: StoreWrite = { kind: 'drop-object', address: cohort.address }
  return {
    intent: [isNew ? record : doubt, markFirst('open')],
    accepted: (): StoreWrite[] => [{ kind: 'member', audience, member: first, at: run.now }],
    refused: [markFirst('withdrawn'), ...(isNew ? [drop] : [])],
  }
}

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
  if (await hasOpenOutcomes(run, former.audience))
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
const carryOver = async (run: Run, cohort: RecordedObject, audience: Audience): Promise<ChangeResult> => {
  const { carriesFrom, ...loaded } = cohort
  invariant(carriesFrom !== undefined, `${cohort.address} has nobody to take over`)
  const sent = await sendRecorded(run, cohort, { audience, from: carriesFrom })
  await run.store.commit([{ kind: 'object', object: loaded }])
  return sent > 0 ? { kind: 'done' } : bear(run, loaded, { audience, isNew: false })
}

/**
 * One that was never listed may have lost everybody. After a rename all of them are sent again, not a first member
 * alone: other segments point at it as soon as it is listed, so it counts as listed only when the last of them is sent.
 */
const sendAgain = async (run: Run, cohort: RecordedObject, audience: Audience): Promise<ChangeResult> => {
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

/** Takes over what is there: from now on it is ours to fill, and its members so far stay unknown. */
export const adoptCohort = async (run: Run, change: Change): Promise<ChangeResult> => {
  invariant(change.remoteId !== undefined, `${change.address} is adopted without an id`)
  const object: RecordedObject = {
    ...newCohort(run, change, {}),
    status: 'seen',
    remoteId: change.remoteId,
    origin: 'adopted',
  }
  await run.store.commit([
    { kind: 'object', object },
    { kind: 'drop-tombstone', name: String(object.attributes.name) },
    journal(run, { address: change.address, operation: 'adopt cohort' }, 'accepted'),
  ])
  return { kind: 'done', note: 'members that others sent to it are not known, and stay' }
}
