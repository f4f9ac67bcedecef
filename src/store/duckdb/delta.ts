import type { MembershipRules } from '../../model/membership.ts'
import type { DeltaList } from '../../model/store-write.ts'
import type { Delta } from '../../ports.ts'
import type { ComputedDelta } from './compute-delta.ts'
import type { Connection } from './connection.ts'
import { carryRowsOver, noteLeavers } from './delta-notes.ts'
import type { KeptTables, TableSet } from './delta-tables.ts'
import type { HeldLock } from './lock.ts'

/** An open delta, as batch writes need it. */
export interface OpenDelta extends Pick<TableSet, 'tables' | 'sizes'> {
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
      const [positions = [], identifiers = []] = await connection.readColumns(
        // Positions have no gaps, and the engine skips blocks without any of the range.
        `SELECT DISTINCT position, ${READABLE} FROM ${tables[TABLE[list]]}
         WHERE position > ? AND position <= ? ORDER BY position`,
        [after, after + limit],
      )
      return positions.map((position, index) => ({
        position: Number(position),
        identifier: readText(identifiers[index]),
      }))
    },
    sample: async (list, limit) => {
      const size = { add: counts.adds, remove: counts.removes, again: counts.again }[list]
      const taken = Math.min(size, limit)
      const [identifiers = []] = await connection.readColumns(
        `SELECT DISTINCT ${READABLE}, position FROM ${tables[TABLE[list]]}
         WHERE position IN (SELECT place * ?::BIGINT // ?::BIGINT + 1 FROM range(?::BIGINT) places(place))
         ORDER BY position`,
        [size, Math.max(1, taken), taken],
      )
      return identifiers.map(readText)
    },
    noteLeavers: facts => held.transact(inner => noteLeavers(inner, { audience, rules, ...set }, facts)),
    carryOver: async at => {
      if (set.sizes.carried + set.sizes.handed === 0) return
      await held.transact(inner => carryRowsOver(inner, { audience, ...set }, at))
    },
    close: async () => {
      for (const table of set.list()) await connection.run(`DROP TABLE IF EXISTS ${table}`)
      options.onClose()
    },
  }
}

/** The table of each list. */
export const TABLE = { add: 'adds', remove: 'removes', again: 'again' } as const satisfies Record<
  DeltaList,
  keyof KeptTables
>

/** The engine's client takes a byte order mark at the beginning of a text for one of its own, so something stands before. */
const READABLE = "concat('=', identifier)"
const readText = (cell: unknown): string => String(cell).slice(1)
