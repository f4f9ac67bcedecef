import { amount } from '../membership/guard-finding.ts'
import type { Audience } from '../model/audience.ts'
import { FailureError, fail, failureOf } from '../model/failure.ts'
import { invariant } from '../model/invariant.ts'
import type { ChangeResult } from '../model/outcome.ts'
import type { Change } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import { cohortAddress } from '../plan/address.ts'
import { leaveBehind } from '../plan/lineage.ts'
import { isGone } from '../plan/listing.ts'
import { findOwn } from '../plan/observed.ts'
import { moveRecord, requireRecorded } from './apply-record.ts'
import { bear, newCohort } from './bear-cohort.ts'
import {
  describeRemoved,
  describeUnsettled,
  drainRules,
  withDrainDelta,
  withLedgerDelta,
} from './ledger-delta.ts'
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
  // Nothing points at one that was never listed, and what is sent to a lost one is lost.
  if (former.status === 'seen' && !isGone(change)) {
    const unsettled = await settleOutcomes(run, former, audience)
    if (unsettled !== undefined) return { kind: 'waiting', why: unsettled }
  }
  const left = leaveBehind(change.audience, former, state)
  const syncedAt = state.synced.get(former.audience)
  const cohort: RecordedObject = { ...newCohort(run, change, former), carriesFrom: left.key }
  await run.store.commit([
    ...moveRecord(state, former, { address: left.address, audience: left.key }),
    { kind: 'object', object: cohort },
    // Another name lets nobody back in: the former key is forgotten when its cohort is drained.
    { kind: 'copy-barred', from: left.key, to: change.audience },
    // Whoever is carried over was synced before: the next sync is judged by the same limits.
    { kind: 'synced', audience: left.key },
    { kind: 'synced', audience: change.audience, ...(syncedAt === undefined ? {} : { at: syncedAt }) },
    journal(run, { address: change.address, operation: 'rename cohort' }, 'accepted', `from ${left.address}`),
  ])
  return carryOver(run, cohort, audience)
}

/**
 * Answers what is open about the former cohort, as a sync would: whoever may be in it without our knowing could not be
 * carried over. Nothing is called when nothing is open. Answers why it has to wait, in which case nothing was sent.
 */
const settleOutcomes = async (
  run: Run,
  cohort: RecordedObject,
  audience: Audience,
): Promise<string | undefined> => {
  const key = cohort.audience
  const target = { audience: key, cohort: cohortRef(cohort, audience) }
  const unsettled = await withDrainDelta(run, key, async delta => describeUnsettled(delta))
  const contrary = await withLedgerDelta(
    run,
    { key, wanted: key, rules: drainRules(run) },
    async ({ counts }) => describeRemoved(counts.keptOut.unsettled),
  )
  if (contrary !== undefined) return contrary
  return withLedgerDelta(run, { key, wanted: key }, async delta => {
    if (unsettled !== undefined && delta.counts.removes > 0) return unsettled
    await pushDelta(run, target, delta, 'add')
    await pushDelta(run, target, delta, 'remove')
    return undefined
  })
}

/**
 * Sends everyone who was accepted for the former cohort. What was sent already is not sent again. A rename of which
 * nothing arrived is undone: its name is somebody else's by now, or refused, or there is nobody to send.
 */
export const carryOver = async (
  run: Run,
  cohort: RecordedObject,
  audience: Audience,
): Promise<ChangeResult> => {
  const { carriesFrom, ...loaded } = cohort
  invariant(carriesFrom !== undefined, `${cohort.address} has nobody to take over`)
  const isFirst = carriesFrom !== cohort.audience
  if (isFirst && (await isTaken(run, cohort))) {
    await takeBack(run, cohort, carriesFrom)
    return failTaken(cohort)
  }
  const result = await loadCohort(run, cohort, { audience, from: carriesFrom }).catch(async error => {
    if (isFirst && isCertain(error) && !(await wasSent(run, cohort))) await takeBack(run, cohort, carriesFrom)
    throw error
  })
  if (result.kind === 'done') {
    const { audience: key } = cohort
    await run.store.commit([
      { kind: 'object', object: loaded },
      // A new name does not begin anybody's stay anew.
      { kind: 'carry-times', from: carriesFrom, to: key },
      // Everyone was sent just now: the interval begins with it.
      { kind: 'assertion', audience: key, is: 'done', at: run.now, reason: 'generation' },
    ])
  } else if (isFirst && !(await wasSent(run, cohort))) await takeBack(run, cohort, carriesFrom)
  return result
}

/** Refused for good: another try would be refused as well. */
const isCertain = (error: unknown): boolean => {
  const failure = failureOf(error)
  return failure !== undefined && !failure.retryable && failure.outcomeUnknown !== true
}

const loadCohort = async (
  run: Run,
  cohort: RecordedObject,
  recipients: Recipients,
): Promise<ChangeResult> => {
  const { wanted, refused } = await sendRecorded(run, cohort, recipients)
  const note = `${amount(refused)} of its members were refused by MoEngage one by one, and are left out`
  if (wanted > 0) return { kind: 'done', ...(refused > 0 ? { note } : {}) }
  return bear(run, cohort, { audience: recipients.audience, isNew: false })
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
const sendRecorded = (run: Run, cohort: RecordedObject, { audience, from }: Recipients) => {
  const key = cohort.audience
  return withLedgerDelta(run, { key, wanted: from }, async delta => {
    const target = { audience: key, cohort: cohortRef(cohort, audience) }
    const { members, refused, refusal } = await pushDelta(run, target, delta, 'add')
    // Nobody was taken: whatever is wrong, it is not these members.
    if (refusal && members === 0) throw new FailureError(refusal)
    return { wanted: delta.counts.wanted, refused }
  })
}

/** Whether the name is listed although nothing was ever sent under it: then it is somebody else's since the plan. */
const isTaken = async (run: Run, cohort: RecordedObject): Promise<boolean> => {
  if (await wasSent(run, cohort)) return false
  const segments = await run.reader.destination.listSegments()
  return findOwn(segments, String(cohort.attributes.name), run.workspace.partner) !== undefined
}

/** Whether anybody was accepted for it, or may have been. */
const wasSent = (run: Run, { audience }: RecordedObject): Promise<boolean> =>
  withLedgerDelta(run, { key: audience }, async ({ counts }) => counts.recorded > 0)

/** Undoes a rename to which nothing was sent: everything stands as it stood before it. */
const takeBack = async (run: Run, cohort: RecordedObject, key: string): Promise<void> => {
  const state = await run.store.readState()
  const { address, audience } = cohort
  const former = requireRecorded(state, cohortAddress(key))
  const syncedAt = state.synced.get(audience)
  await run.store.commit([
    { kind: 'drop-object', address },
    { kind: 'drop-ledger', audience },
    ...moveRecord(state, former, { address, audience }),
    { kind: 'synced', audience, ...(syncedAt === undefined ? {} : { at: syncedAt }) },
    journal(run, { address, operation: 'rename cohort' }, 'refused', 'undone'),
  ])
}

const failTaken = ({ attributes }: RecordedObject): never =>
  fail({
    origin: 'moengage',
    code: 'apply/name-taken',
    detail: `"${attributes.name}" is listed by now, and nothing was sent to it yet: it is somebody else's.`,
    hint: 'choose another name, and plan again',
    retryable: false,
  })
