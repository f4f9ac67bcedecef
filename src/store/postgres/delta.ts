import type { MembershipRules } from '../../model/membership.ts'
import type { DeltaList } from '../../model/store-write.ts'
import type { Delta } from '../../ports.ts'
import type { ComputedDelta } from './compute-delta.ts'
import type { Connection } from './connection.ts'
import { carryRowsOver, noteLeavers } from './delta-notes.ts'
import type { KeptTables, TableSet } from './delta-tables.ts'
import type { HeldLock } from './lock.ts'

/** An open delta, as batch writes need it. */
export interface OpenDelta extends Pick<TableSet, 'tables' | 'sizes' | 'nameOf'> {
  readonly rules: MembershipRules | undefined
}

export interface DeltaOptions {
  readonly connection: Connection
  readonly held: Pick<HeldLock, 'transact'>
  readonly audience: string
  readonly rules: MembershipRules | undefined
  readonly onClose: () => void
}

/** Offers what a comparison found. */
export const wrapDelta = (options: DeltaOptions, { set, counts, people }: ComputedDelta): Delta => {
  const { tables } = set
  const { connection, held, audience, rules } = options
  return {
    counts,
    people,
    readRows: async (list, after, limit) => {
      const rows = await connection.readRows(
        `SELECT DISTINCT position, identifier FROM ${tables[TABLE[list]]} l
         WHERE position > $after AND position <= $last ORDER BY position`,
        { after, last: after + limit },
      )
      return rows.map(row => ({ position: Number(row.position), identifier: String(row.identifier) }))
    },
    sample: async (list, limit) => {
      const size = { add: counts.adds, remove: counts.removes, again: counts.again }[list]
      const taken = Math.min(size, limit)
      const rows = await connection.readRows(
        `SELECT DISTINCT position, identifier FROM ${tables[TABLE[list]]} l
         WHERE position IN (SELECT place * $size / $parts + 1 FROM generate_series(0, $taken - 1) places(place))
         ORDER BY position`,
        { size, parts: Math.max(1, taken), taken },
      )
      return rows.map(row => String(row.identifier))
    },
    noteLeavers: facts => held.transact(inner => noteLeavers(inner, { audience, rules, ...set }, facts)),
    carryOver: async at => {
      if (set.sizes.carried + set.sizes.handed === 0) return
      await held.transact(inner => carryRowsOver(inner, { audience, ...set }, at))
    },
    close: async () => {
      const left = set.list()
      if (left.length > 0) await connection.transact(inner => inner.run(`DROP TABLE ${left.join(', ')}`))
      options.onClose()
    },
  }
}

/** The table of each list. */
export const TABLE = { add: 'adds', remove: 'removes', again: 'again' } as const satisfies Record<
  DeltaList,
  keyof KeptTables
>
