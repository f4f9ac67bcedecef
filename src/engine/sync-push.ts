import type { Direction } from '../model/membership.ts'
import type { DeltaList } from '../model/store-write.ts'
import { type CohortLine, cohortRef, openPush, type Push, pushDelta } from './push.ts'
import type { Run } from './run.ts'
import type { PreparedSync } from './sync-audience.ts'

/** Members that both directions come to, as far as no guard stopped them. */
export const startLine = ({ delta, stopped }: Pick<PreparedSync, 'delta' | 'stopped'>): CohortLine => ({
  done: 0,
  total: (stopped.has('add') ? 0 : delta.counts.adds) + (stopped.has('remove') ? 0 : delta.counts.removes),
})

/** Sends one direction, unless a guard stopped it. */
export const pushPrepared = async (
  run: Run,
  prepared: PreparedSync,
  direction: Direction,
): Promise<PreparedSync> => {
  if (prepared.stopped.has(direction)) return prepared
  const { delta, tally } = prepared
  await timePush(run, prepared, () => pushDelta(run, targetOf(prepared), delta, direction, tally[direction]))
  return prepared
}

/** One list of a prepared audience, to be sent batch by batch. */
export const openPreparedPush = (run: Run, prepared: PreparedSync, list: DeltaList): Push =>
  openPush(run, {
    target: targetOf(prepared),
    delta: prepared.delta,
    list,
    tally: prepared.tally[list],
  })

/** Adds to the time that was spent on sending this audience, waits for the pace included. */
export const timePush = async <T>(
  run: Run,
  { timings }: PreparedSync,
  work: () => Promise<T>,
): Promise<T> => {
  const startedMs = run.clock.monotonicMs()
  try {
    return await work()
  } finally {
    timings.pushMs += run.clock.monotonicMs() - startedMs
  }
}

const targetOf = ({ audience, cohort, line }: PreparedSync) => ({
  audience: audience.id,
  cohort: cohortRef(cohort, audience),
  line,
})

/** A sync that nothing stopped is marked, so that the next one is judged as a swing. */
export const markSynced = async (run: Run, { audience, stopped }: PreparedSync): Promise<void> => {
  if (stopped.size === 0) await run.store.commit([{ kind: 'synced', audience: audience.id, at: run.now }])
}
