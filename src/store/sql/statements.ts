import type { Engine } from './engine.ts'

/** A value that a statement takes. A list is given to `unnest`, or to `ANY`. */
export type SqlValue = string | number | boolean | null | readonly (string | null)[]

/** Values by name that a statement may use. */
export type NamedValues = Readonly<Record<string, SqlValue>>

/** Parameters of a statement, by position (`?`) or by name (`$name`). Of those by name, more may be given than it uses. */
export type Values = readonly SqlValue[] | NamedValues

/** A value that a row holds. */
export type Cell = string | number | bigint | boolean | Date | null
export type Row = Record<string, Cell>

/** A value of each row, all of one column. */
export type TextColumn = readonly (string | null)[]

/** What can be done within a transaction, on any engine. */
export interface Statements {
  readonly engine: Engine
  /** Runs one statement, and answers how many rows it made or changed. */
  run(sql: string, values?: Values): Promise<number>
  /** Runs one statement on many rows, given as columns that it unnests: `$1` is the first. */
  runOnColumns(sql: string, columns: readonly TextColumn[]): Promise<void>
  readRows(sql: string, values?: Values): Promise<readonly Row[]>
}

/** Enough to look. */
export type Reads = Pick<Statements, 'engine' | 'readRows'>
