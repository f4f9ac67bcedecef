import { type Batch, cutBatch, halveBudget, sliceLimit } from '../membership/batch.ts'
import type { Audience } from '../model/audience.ts'
import { invariant, unreachable } from '../model/invariant.ts'
import type { RecordedObject } from '../model/recorded.ts'
import type { DeltaList } from '../model/store-write.ts'
import type { BatchSize, CohortRef, Delta, DeltaRow } from '../ports.ts'
import {
  createTally,
  directionOf,
  isolateRefused,
  type PushTally,
  recordRefused,
  type Sending,
  sendRows,
} from './push-batch.ts'
import type { Run } from './run.ts'

/** What is learned of a cohort and counted for it while one run sends to it, whatever the list. */
export interface CohortLine {
  /** Set once a batch was too large: this cohort's calls stay smaller for the rest of the run. */
  budgetBytes?: number
  /** Members dealt with so far, and all that are to be. */
  done: number
  total: number
}

export interface PushTarget {
  readonly audience: string
  readonly cohort: CohortRef
  /** Absent: a line of its own for each list. */
  readonly line?: CohortLine
}

export interface PushPlan {
  readonly target: PushTarget
  readonly delta: Delta
  readonly list: DeltaList
  readonly tally: PushTally
}

/** Names the recorded cohort in calls. The name is the recorded one: specs may have moved on since apply. */
export const cohortRef = (cohort: RecordedObject, audience?: Audience): CohortRef => ({
  cohortId: String(cohort.attributes.cohort_id),
  name: String(cohort.attributes.name),
  description: audience?.description ?? '',
})

/** Sends one list of a delta, batch after batch, one in flight. Answers what was done. */
export const pushDelta = async (
  run: Run,
  target: PushTarget,
  delta: Delta,
  list: DeltaList,
  tally: PushTally = createTally(),
): Promise<PushTally> => {
  const push = openPush(run, { target, delta, list, tally })
  while (await push.sendNext());
  return tally
}

/** One list of a delta, to be sent batch by batch. */
export interface Push {
  /** Sends the next batch and whatever follows from its refusal. False when there is none left. */
  sendNext(): Promise<boolean>
}

/** Begins with the first row of the list. */
export const openPush = (run: Run, { target, delta, list, tally }: PushPlan): Push => {
  const { audience, cohort } = target
  const size = run.writer.destination.sizeBatch(cohort, directionOf(list))
  const total = countOf(delta, list)
  const line = target.line ?? { done: 0, total }
  const rows = readAhead(delta, list, { limit: sliceLimit(size), total })
  const sending: Sending = {
    run,
    audience,
    cohort,
    list,
    tally,
    unwritten: [],
    refusedInARow: 0,
    isGivenUp: false,
  }

  const settle = async (batch: Batch): Promise<number> => {
    const failure = await sendRows(sending, batch.rows)
    if (failure?.code === 'provider/too-large' && batch.rows.length > 1) {
      line.budgetBytes = halveBudget(batch, size)
      return 0
    }
    if (failure) await isolateRefused(sending, batch.rows, failure)
    return batch.rows.length
  }

  return {
    sendNext: async () => {
      const waiting = await rows.peek()
      const batch = cutBatch(waiting, withBudget(size, line.budgetBytes))
      if (!batch) return false
      const dealtWith = await settle(batch)
      rows.drop(dealtWith)
      line.done += dealtWith
      if (tally.members > 0 || rows.isAtEnd()) await recordRefused(sending)
      if (dealtWith > 0)
        run.reporter.report({ subject: audience, phase: 'push', done: line.done, total: line.total })
      return !rows.isAtEnd() && !sending.isGivenUp
    },
  }
}

const withBudget = (size: BatchSize, budgetBytes = size.budgetBytes): BatchSize => ({ ...size, budgetBytes })

const countOf = ({ counts }: Delta, list: DeltaList): number => {
  switch (list) {
    case 'add':
      return counts.adds
    case 'remove':
      return counts.removes
    case 'again':
      return counts.again
    default:
      return unreachable(list)
  }
}

interface RowsAhead {
  /** The rows that come next, enough of them for one batch, unless fewer are left. */
  peek(): Promise<readonly DeltaRow[]>
  drop(count: number): void
  isAtEnd(): boolean
}

/** Reads a list in slices, and keeps what did not fit into the last batch. */
const readAhead = (
  delta: Delta,
  list: DeltaList,
  { limit, total }: { readonly limit: number; readonly total: number },
): RowsAhead => {
  let waiting: readonly DeltaRow[] = []
  let done = 0
  return {
    peek: async () => {
      const after = done + waiting.length
      if (waiting.length < limit && after < total) {
        const slice = await delta.readRows(list, after, limit)
        invariant(slice.length > 0, 'a delta ends before its count')
        waiting = waiting.concat(slice)
      }
      return waiting
    },
    drop: count => {
      waiting = waiting.slice(count)
      done += count
    },
    isAtEnd: () => done >= total,
  }
}
