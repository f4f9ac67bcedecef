import type { Delta, Store } from '../../src/ports.ts'
import { compareOn, day, sticky } from '../contract/run-day.ts'

/** A cohort of a vendor that takes every call. */
export type Cohort = Set<string>

/** One sync of a cohort, as the engine does it. */
export interface CohortSync {
  readonly cohort: Cohort
  readonly now: number
  /** Words as in `readPeople`. */
  readonly source: string
  /** Members of a batch. Few, so that there are several. */
  readonly most?: number
}

const rules = { exit: sticky(1, 'entry', 30) }

/** Compares, sends removes and adds in batches, each with its intent before and its acceptance after it. */
export const syncCohort = async (store: Store, sync: CohortSync): Promise<void> => {
  const { now, source } = sync
  const delta = await compareOn(store, now, source, { rules })
  await delta.noteLeavers({ at: day(now), isComplete: true })
  await delta.carryOver(day(now))
  await send(store, delta, 'remove', sync)
  await send(store, delta, 'add', sync)
  await delta.close()
  await store.commit([{ kind: 'synced', audience: 'vip', at: day(now) }])
}

const send = async (
  store: Store,
  delta: Delta,
  list: 'add' | 'remove',
  { cohort, now, most = 2 }: CohortSync,
): Promise<void> => {
  const size = list === 'add' ? delta.counts.adds : delta.counts.removes
  for (let from = 1; from <= size; from += most) {
    const range = { audience: 'vip', list, from, to: Math.min(size, from + most - 1), at: day(now) }
    await store.commit([{ kind: 'unsettled-batch', is: 'open', ...range }])
    for (const { identifier } of await delta.readRows(list, from - 1, range.to - from + 1)) {
      if (list === 'add') cohort.add(identifier)
      else cohort.delete(identifier)
    }
    await store.commit([{ kind: 'batch', ...range }])
  }
}
