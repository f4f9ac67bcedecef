import type { MembershipRules } from '../../model/membership.ts'
import type { Delta, DeltaRow } from '../../ports.ts'
import type { ComputedDelta } from './compute-delta.ts'
import { carryRowsOver, noteLeavers } from './delta-notes.ts'
import { TABLE } from './open-delta.ts'
import type { Statements } from './statements.ts'

/** Reads from the table of a list, whose positions have no gaps. */
export interface ListReader {
  readRows(table: string, after: number, limit: number): Promise<readonly DeltaRow[]>
  /** So many of all `size` positions, evenly spread. */
  sample(table: string, size: number, count: number): Promise<readonly string[]>
}

export interface DeltaOptions {
  readonly lists: ListReader
  /** Runs `work` in one transaction under the lock. */
  readonly transact: <T>(work: (inner: Statements) => Promise<T>) => Promise<T>
  readonly audience: string
  readonly rules: MembershipRules | undefined
  readonly dropTables: (names: readonly string[]) => Promise<void>
  readonly onClose: () => void
}

/** Offers what a comparison found. */
export const wrapDelta = (options: DeltaOptions, { set, counts, people }: ComputedDelta): Delta => {
  const { tables } = set
  const { lists, transact, audience, rules } = options
  return {
    counts,
    people,
    readRows: (list, after, limit) => lists.readRows(tables[TABLE[list]], after, limit),
    sample: (list, limit) => {
      const size = { add: counts.adds, remove: counts.removes, again: counts.again }[list]
      return lists.sample(tables[TABLE[list]], size, Math.min(size, limit))
    },
    noteLeavers: facts => transact(inner => noteLeavers(inner, { audience, rules, ...set }, facts)),
    carryOver: async at => {
      if (set.sizes.carried + set.sizes.handed === 0) return
      await transact(inner => carryRowsOver(inner, { audience, ...set }, at))
    },
    close: async () => {
      await options.dropTables(set.list())
      options.onClose()
    },
  }
}
