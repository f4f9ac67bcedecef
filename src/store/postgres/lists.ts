import type { ListReader } from '../sql/delta.ts'
import type { Reads, Statements } from '../sql/statements.ts'

/** Reads lists of open deltas from their temporary tables. */
export const createListReader = (reads: Reads): ListReader => ({
  readRows: async (table, after, limit) => {
    const rows = await reads.readRows(
      `SELECT DISTINCT position, identifier FROM ${table} l
       WHERE position > $after AND position <= $last ORDER BY position`,
      { after, last: after + limit },
    )
    return rows.map(row => ({ position: Number(row.position), identifier: String(row.identifier) }))
  },
  sample: async (table, size, count) => {
    const rows = await reads.readRows(
      `SELECT DISTINCT position, identifier FROM ${table} l
       WHERE position IN (SELECT place * $size / $parts + 1 FROM generate_series(0, $count - 1) places(place))
       ORDER BY position`,
      { size, parts: Math.max(1, count), count },
    )
    return rows.map(row => String(row.identifier))
  },
})

/** From so many rows on it is dearer to read a list than to look up where a batch of it lies. */
const WORTH_AN_INDEX = 20_000

/** A list lies in the order of its positions, so that an index of a few kilobytes finds any of them. */
export const indexList = async (inner: Statements, table: string, rows: number): Promise<void> => {
  if (rows < WORTH_AN_INDEX) return
  await inner.run(`CREATE INDEX ON ${table} USING brin (position) WITH (pages_per_range = 8)`)
}
