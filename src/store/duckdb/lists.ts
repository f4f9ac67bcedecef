import type { ListReader } from '../sql/delta.ts'
import type { Connection } from './connection.ts'

/** Reads lists of open deltas from their temporary tables. */
export const createListReader = (connection: Connection): ListReader => ({
  readRows: async (table, after, limit) => {
    const [positions = [], identifiers = []] = await connection.readColumns(
      // Positions have no gaps, and the engine skips blocks without any of the range.
      `SELECT DISTINCT position, ${READABLE} FROM ${table}
       WHERE position > ? AND position <= ? ORDER BY position`,
      [after, after + limit],
    )
    return positions.map((position, index) => ({
      position: Number(position),
      identifier: readText(identifiers[index]),
    }))
  },
  sample: async (table, size, count) => {
    const [identifiers = []] = await connection.readColumns(
      `SELECT DISTINCT ${READABLE}, position FROM ${table}
       WHERE position IN (SELECT place * ?::BIGINT // ?::BIGINT + 1 FROM range(?::BIGINT) places(place))
       ORDER BY position`,
      [size, Math.max(1, count), count],
    )
    return identifiers.map(readText)
  },
})

/** The engine's client takes a byte order mark at the beginning of a text for one of its own, so something stands before. */
const READABLE = "concat('=', identifier)"
const readText = (cell: unknown): string => String(cell).slice(1)
