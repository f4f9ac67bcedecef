import { cutBatch, sliceLimit } from '../membership/batch.ts'
import type { Audience } from '../model/audience.ts'
import { invariant } from '../model/invariant.ts'
import type { RecordedObject } from '../model/recorded.ts'
import { cohortAddress } from '../plan/address.ts'
import type { CohortRef, Delta, DeltaRow, Direction } from '../ports.ts'
import { stopIfAborted } from './interrupt.ts'
import { makeJournalledCall, type Run } from './run.ts'

export interface PushTarget {
  readonly audience: string
  readonly cohort: CohortRef
}

/** Counted as it goes, so that a failure half-way still tells what was done: calls made, members accepted. */
export interface PushTally {
  calls: number
  members: number
}

/** Names the recorded cohort in calls. The name is the recorded one: specs may have moved on since apply. */
export const cohortRef = (cohort: RecordedObject, audience?: Audience): CohortRef => ({
  cohortId: String(cohort.attributes.cohort_id),
  name: String(cohort.attributes.name),
  description: audience?.description ?? '',
})

/**
 * Sends one direction of a delta, batch after batch, one in flight. The ledger takes over each batch with its
 * acceptance, in one transaction.
 */
export const pushDelta = async (
  run: Run,
  target: PushTarget,
  delta: Delta,
  direction: Direction,
  tally: PushTally = { calls: 0, members: 0 },
): Promise<void> => {
  const size = run.writer.destination.sizeBatch(target.cohort, direction)
  const limit = sliceLimit(size)
  const total = direction === 'add' ? delta.counts.adds : delta.counts.removes
  let waiting: readonly DeltaRow[] = []
  let done = 0
  while (done < total) {
    stopIfAborted(run.signal)
    const after = waiting.at(-1)?.position ?? done
    if (waiting.length < limit && after < total) {
      waiting = [...waiting, ...(await delta.readRows(direction, after, limit))]
    }
    const batch = cutBatch(waiting, size)
    invariant(batch, `the delta of ${target.audience} ends before its count`)
    const range = { audience: target.audience, list: direction, from: batch.from, to: batch.to }
    await makeJournalledCall(
      run,
      {
        address: cohortAddress(target.audience),
        operation: `${direction} members`,
        count: batch.identifiers.length,
      },
      () => {
        tally.calls += 1
        return run.writer.destination.changeMembers(target.cohort, direction, batch.identifiers)
      },
      {
        intent: [{ kind: 'unsettled-batch', is: 'open', at: run.now, ...range }],
        accepted: () => [{ kind: 'batch', at: run.now, ...range }],
        refused: [{ kind: 'unsettled-batch', is: 'withdrawn', at: run.now, ...range }],
      },
    )
    waiting = waiting.slice(batch.identifiers.length)
    done = batch.to
    tally.members += batch.identifiers.length
    run.reporter.report({ subject: target.audience, phase: 'push', done, total })
  }
}
