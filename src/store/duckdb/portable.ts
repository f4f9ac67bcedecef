import { existsSync } from 'node:fs'
import { failureOf } from '../../model/failure.ts'
import { invariant } from '../../model/invariant.ts'
import {
  type CopyTarget,
  ownerOfCopy,
  type Part,
  type PartReader,
  type RowText,
  type StoreFacts,
  type TakeRows,
} from '../copy/parts.ts'
import { refuseMissing, refuseTaken } from '../copy/refusals.ts'
import {
  conditionOf,
  type Dialect,
  insertCells,
  listParts,
  selectCells,
  toColumns,
  valuesOf,
} from '../copy/table-sql.ts'
import { tableNamed } from '../copy/tables.ts'
import { readStoreId } from '../sql/identity.ts'
import { readHead } from '../sql/state.ts'
import type { Row } from '../sql/statements.ts'
import type { Connection } from './connection.ts'
import { fold } from './fold.ts'
import { type FileOptions, openForReading, openForWriting, openUnchecked } from './open.ts'

const DIALECT: Dialect = {
  // The engine's client takes a byte order mark at the beginning of a text for one of its own, so something stands before.
  writeText: column => `'=' || ${column}`,
  writeTime: column => `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%fZ')`,
  timeType: 'TIMESTAMP',
  fold,
  arrival: table => (table === 'runs' ? 'started_at, rowid' : 'seq'),
}

/** So many places of rows are looked through at once. The engine skips what lies elsewhere. */
const ROWS_AT_ONCE = 20_000

/** Opens a file to copy from. Nothing is written to it, and nobody else writes meanwhile: the engine sees to both. */
export const openDuckdbSource = async (options: FileOptions): Promise<PartReader> => {
  if (!existsSync(options.path)) return refuseMissing(options.path)
  const connection = await openForReading(options)
  const storeId = await readStoreId(connection)
  invariant(storeId, 'a store that belongs to somebody has an id')
  return {
    facts: { storeId, head: await readHead(connection) },
    ...wrapParts(connection),
    // The engine keeps the file to itself as long as it is open.
    confirm: async () => undefined,
  }
}

/** Opens a file to copy into: a new one, or one with an unfinished copy of the same store. */
export const openDuckdbTarget = async (options: FileOptions, facts: StoreFacts): Promise<CopyTarget> => {
  const owned = { ...options, target: ownerOfCopy(facts) }
  if (existsSync(options.path)) await checkUnfinished(owned)
  const connection = await openForWriting({ ...owned, createId: () => facts.storeId })
  return {
    ...wrapParts(connection),
    clearPart: part =>
      connection.transact(
        async inner =>
          void (await inner.run(`DELETE FROM ${part.table} WHERE ${conditionOf(part)}`, valuesOf(part))),
      ),
    fillPart: (part, fill) =>
      connection.transact(inner => {
        const table = tableNamed(part.table)
        const insert = insertCells(table, DIALECT)
        return fill(rows => inner.runOnColumns(insert, toColumns(rows, table.columns.length)))
      }),
    finish: ({ head }) =>
      connection.transact(async inner => {
        await inner.run('UPDATE head SET value = ?', [head])
        await inner.run('DELETE FROM ledger_counts')
        await inner.run('INSERT INTO ledger_counts SELECT DISTINCT audience, NULL::INTEGER FROM ledger')
        await inner.run('UPDATE target SET value = ?', [options.target])
      }),
  }
}

/** Whatever else lies there is not to be written to. */
const checkUnfinished = async (options: FileOptions): Promise<void> => {
  const connection = await openUnchecked(options).catch((error: unknown) => {
    if (failureOf(error)?.code === 'store/busy') throw error
    return refuseTaken(options.path)
  })
  try {
    if (!(await isUnfinished(connection, options.target))) refuseTaken(options.path)
  } finally {
    await connection.close()
  }
}

/** A copy that was killed when it had hardly begun has some of its tables, and belongs to nobody yet. */
const isUnfinished = async (connection: Connection, owner: string): Promise<boolean> => {
  const tables = await connection.readRows('SELECT table_name FROM duckdb_tables()')
  const names = tables.map(({ table_name }) => String(table_name))
  if (!names.includes('target')) return names.every(name => name === 'schema_version')
  const [row] = await connection.readRows('SELECT value FROM target')
  return row === undefined || row.value === owner
}

const wrapParts = (connection: Connection): Pick<PartReader, 'listParts' | 'readPart' | 'close'> => ({
  listParts: () => listParts(sql => connection.readRows(sql)),
  readPart: async (part, take) => {
    const places = await connection.readRows(
      `SELECT min(rowid)::BIGINT AS first, max(rowid)::BIGINT AS last FROM ${part.table} WHERE ${conditionOf(part)}`,
      valuesOf(part),
    )
    const { first = null, last = null } = places[0] ?? {}
    if (first === null) return
    // Small, and its order is another than that of its places.
    const atOnce = part.table === 'runs' ? Number(last) + 1 : ROWS_AT_ONCE
    for (let place = Number(first); place <= Number(last); place += atOnce)
      await readSlice(connection, part, { from: place, to: place + atOnce }, take)
  },
  close: () => connection.close(),
})

const readSlice = async (
  connection: Connection,
  part: Part,
  { from, to }: { readonly from: number; readonly to: number },
  take: TakeRows,
): Promise<void> => {
  const sql = selectCells(part, DIALECT, `rowid >= ${from} AND rowid < ${to}`)
  const rows = await connection.readRows(sql, valuesOf(part))
  if (rows.length > 0) await take(rows.map(row => toTexts(row, part)))
}

/** Every cell was made a text by the query. */
const toTexts = (row: Row, part: Part): RowText => {
  const { columns } = tableNamed(part.table)
  const cells = Object.values(row) as RowText
  return cells.map((cell, index) => (columns[index]?.[1] === 'text' && cell !== null ? cell.slice(1) : cell))
}
