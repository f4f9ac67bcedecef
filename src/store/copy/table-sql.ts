import type { Part } from './parts.ts'
import { type CellKind, type PortableTable, TABLES, tableNamed } from './tables.ts'

/** In what two engines differ, as far as a copy notices. */
export interface Dialect {
  /** A text as it can be read: the same, or with something that the reader takes off again. */
  readonly writeText: (column: string) => string
  /** A moment as text, in UTC and to the microsecond. */
  readonly writeTime: (column: string) => string
  readonly timeType: string
  /** What an identifier is compared as. */
  readonly fold: (identifier: string) => string
  /** In which order rows of a table came that keeps one. */
  readonly arrival: (table: string) => string
}

/** The cells of a part as texts, in the order in which they must be kept. `among`: a further condition. */
export const selectCells = (part: Part, dialect: Dialect, among?: string): string => {
  const { name, columns, isOrdered } = tableNamed(part.table)
  const cells = columns.map(([column, kind]) => `${writeCell(column, kind, dialect)} AS ${column}`)
  const conditions = [conditionOf(part), ...(among === undefined ? [] : [among])].join(' AND ')
  const order = isOrdered ? ` ORDER BY ${dialect.arrival(name)}` : ''
  return `SELECT ${cells.join(', ')} FROM ${name} WHERE ${conditions}${order}`
}

/** Inserts rows that are given as columns. What the engine works out by itself is worked out. */
export const insertCells = ({ name, columns }: PortableTable, dialect: Dialect): string => {
  const given = columns.map((_column, index) => `unnest($${index + 1}) AS c${index}`)
  const names = columns.map(([column]) => column)
  const values = columns.map(([_column, kind], index) => readCell(`c${index}`, kind, dialect))
  const identifier = `c${names.indexOf('identifier')}`
  const isLedger = name === 'ledger'
  return `INSERT INTO ${name} (${[...names, ...(isLedger ? ['folded'] : [])].join(', ')})
    SELECT ${[...values, ...(isLedger ? [`nullif(${dialect.fold(identifier)}, ${identifier})`] : [])].join(', ')}
    FROM (SELECT ${given.join(', ')}) given`
}

/** All whole tables, and of the others the audiences that have rows. */
export const listParts = async (
  readRows: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>,
): Promise<readonly Part[]> => {
  const parts: Part[] = []
  for (const { name, isByAudience } of TABLES) {
    if (!isByAudience) {
      parts.push({ table: name })
      continue
    }
    const rows = await readRows(`SELECT DISTINCT audience FROM ${name} ORDER BY audience`)
    parts.push(...rows.map(({ audience }) => ({ table: name, audience: String(audience) })))
  }
  return parts
}

/** The rows of a part. Its audience, where it has one, is the only value. */
export const conditionOf = ({ audience }: Part): string => (audience === undefined ? 'true' : 'audience = ?')

/** The value of that condition. */
export const valuesOf = ({ audience }: Part): string[] => (audience === undefined ? [] : [audience])

/** Rows as columns. */
export const toColumns = <Cell>(rows: readonly (readonly Cell[])[], count: number): Cell[][] =>
  Array.from({ length: count }, (_each, index) => rows.map(row => row[index] as Cell))

const writeCell = (column: string, kind: CellKind, { writeText, writeTime }: Dialect): string => {
  switch (kind) {
    case 'text':
      return writeText(column)
    case 'time':
      return writeTime(column)
    case 'number':
      return `CAST(${column} AS VARCHAR)`
    case 'flag':
      return `CASE WHEN ${column} THEN 'true' END`
  }
}

const readCell = (cell: string, kind: CellKind, { timeType }: Dialect): string => {
  switch (kind) {
    case 'text':
      return cell
    case 'time':
      return `CAST(${cell} AS ${timeType})`
    case 'number':
      return `CAST(${cell} AS INTEGER)`
    case 'flag':
      return `CAST(${cell} AS BOOLEAN)`
  }
}
