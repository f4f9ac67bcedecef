import { splitRows } from '../membership/batch.ts'
import { type Failure, FailureError, failureOf } from '../model/failure.ts'
import { invariant } from '../model/invariant.ts'
import type { Direction } from '../model/membership.ts'
import type { DeltaList, StoreWrite } from '../model/store-write.ts'
import { cohortAddress } from '../plan/address.ts'
import type { CohortRef, DeltaRow } from '../ports.ts'
import { stopIfAborted } from './interrupt.ts'
import { journal, makeJournalledCall, type Run } from './run.ts'

/** Counted as it goes, so that a failure half-way still tells what was done. */
export interface PushTally {
  /** Calls made, accepted or not; repeats of one call count once. */
  calls: number
  /** Members accepted. */
  members: number
  /** Members that MoEngage refused by themselves, while it took others. */
  refused: number
  /** How it refused the last of them. */
  refusal?: Failure
}

/** A tally of nothing. */
export const createTally = (): PushTally => ({ calls: 0, members: 0, refused: 0 })

/** One list of one cohort's delta, on its way. */
export interface Sending {
  readonly run: Run
  readonly audience: string
  readonly cohort: CohortRef
  readonly list: DeltaList
  readonly tally: PushTally
  /** Refused one by one, and not written down yet: see `recordRefused`. */
  readonly unwritten: string[]
  /** How many were refused one by one since the last acceptance. */
  refusedInARow: number
  /** Set when so many removes were refused that the rest of the list is left for another time. */
  isGivenUp: boolean
}

/** Which way a list goes. */
export const directionOf = (list: DeltaList): Direction => (list === 'remove' ? 'remove' : 'add')

/**
 * Sends rows in one call. The ledger takes them over with the acceptance, in one transaction. Answers the refusal when
 * it may be one member's fault; every other failure is thrown.
 */
export const sendRows = async (sending: Sending, rows: readonly DeltaRow[]): Promise<Failure | undefined> => {
  const { run, audience, cohort, list, tally } = sending
  stopIfAborted(run.signal)
  const [first, last] = [rows[0], rows.at(-1)]
  invariant(first && last, `a call for ${audience} needs members`)
  const direction = directionOf(list)
  const range = { audience, list, from: first.position, to: last.position }
  // By the clock, not by the run's moment: a run may take an hour, and contrary calls wait from here on.
  const at = run.clock.now()
  try {
    await makeJournalledCall(
      run,
      { address: cohortAddress(audience), operation: `${direction} members`, count: rows.length },
      () => {
        tally.calls += 1
        const identifiers = rows.map(({ identifier }) => identifier)
        return run.writer.destination.changeMembers(cohort, direction, identifiers)
      },
      {
        intent: [{ kind: 'unsettled-batch', is: 'open', at, ...range }],
        accepted: () => [{ kind: 'batch', at: run.now, ...range }],
        refused: [{ kind: 'unsettled-batch', is: 'withdrawn', at, ...range }],
        // The last attempt may be minutes younger than the first one.
        unknown: () => [{ kind: 'unsettled-batch', is: 'open', at: run.clock.now(), ...range }],
      },
    )
  } catch (error) {
    const failure = failureOf(error)
    if (failure && mayBeOfOneMember(failure)) return failure
    throw error
  }
  tally.members += rows.length
  sending.refusedInARow = 0
  return undefined
}

/** Certainly refused, and for what was in the call: not for who sent it, to which cohort, how fast, or when. */
export const mayBeOfOneMember = ({ code, status, outcomeUnknown }: Failure): boolean => {
  if (outcomeUnknown === true) return false
  if (code === 'provider/too-large') return true
  return code === 'provider/bad-request' && (status === 400 || status === 422)
}

/** So many members refused one by one, and nothing accepted at all: then it is not the members. */
const MOST_REFUSED = 5

/** The same where others were accepted before: bad members may lie side by side, but not without end. */
const MOST_REFUSED_IN_A_ROW = 50

/**
 * Finds who of a refused batch is to blame, and sends everybody else. Both halves are tried before either is taken
 * apart: the one that is accepted proves that the cohort takes calls, at the cost of two calls for each halving. Of
 * members that are sent again the order counts: how far it has come must never tell of somebody who was passed over.
 */
export const isolateRefused = async (
  sending: Sending,
  rows: readonly DeltaRow[],
  failure: Failure,
): Promise<void> => {
  const [only] = rows
  if (only && rows.length === 1) return noteRefused(sending, only, failure)
  const refused: { readonly part: readonly DeltaRow[]; readonly failure: Failure }[] = []
  for (const part of splitRows(rows)) {
    if (sending.isGivenUp) return
    const refusal = await sendRows(sending, part)
    if (refusal && sending.list === 'again') await isolateRefused(sending, part, refusal)
    else if (refusal) refused.push({ part, failure: refusal })
  }
  for (const each of refused) if (!sending.isGivenUp) await isolateRefused(sending, each.part, each.failure)
}

/**
 * Counts a member that was refused alone. Without end, it is not the members: then adding fails. Removing ends quietly,
 * because whoever cannot be removed is the same in the next run, and must not keep others from being added.
 */
const noteRefused = (sending: Sending, { identifier }: DeltaRow, failure: Failure): void => {
  const { list, tally, unwritten } = sending
  tally.refused += 1
  tally.refusal = failure
  sending.refusedInARow += 1
  unwritten.push(identifier)
  if (sending.refusedInARow < (tally.members === 0 ? MOST_REFUSED : MOST_REFUSED_IN_A_ROW)) return
  if (list !== 'remove') throw new FailureError(failure)
  sending.isGivenUp = true
}

/**
 * Writes down who was refused, so that they are left out for a while. Only when others were accepted: a fault of the
 * whole batch must not be taken for one of its members'. Who is in the ledger already stays there.
 */
export const recordRefused = async ({ run, audience, list, tally, unwritten }: Sending): Promise<void> => {
  const identifiers = unwritten.splice(0)
  if (list !== 'add' || identifiers.length === 0 || tally.members === 0) return
  const call = {
    address: cohortAddress(audience),
    operation: 'leave out rejected members',
    count: identifiers.length,
  }
  await run.store.commit([
    ...identifiers.map((identifier): StoreWrite => ({ kind: 'rejected', audience, identifier, at: run.now })),
    journal(run, call, 'refused', tally.refusal?.code),
  ])
}
