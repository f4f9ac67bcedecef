import type { Reads, Statements } from './statements.ts'

/** How the size of a ledger changed: in rows, and in distinct identifiers. */
export interface SizeChange {
  readonly pairs: number
  readonly members: number
}

/** In what the engines differ, as far as their common SQL notices. */
export interface Engine {
  /** The type of a text, as it is declared: texts sort by their bytes. */
  readonly text: 'VARCHAR' | 'text COLLATE "C"'
  /** The type of a moment. */
  readonly time: 'TIMESTAMP' | 'timestamptz'
  /** A column of every table: the order in which its rows came. */
  readonly arrival: 'rowid' | 'seq'
  /** Where a row of the ledger lies, and the type of that. */
  readonly place: 'rowid' | 'ctid'
  readonly placeType: 'BIGINT' | 'tid'
  /** The expression for an identifier without outer spaces and with every letter made small. */
  fold(expression: string): string
  /** The expression for the bucket, of `buckets`, that a text falls into: see `membership/stage.ts`. */
  drawBucket(expression: string, buckets: number): string
  /** Keeps the size of a ledger, in the transaction that changes it. */
  changeSize(inner: Statements, audience: string, change: SizeChange): Promise<void>
  /** The same, where it cannot be told by how much it changed. */
  recount(inner: Statements, audience: string): Promise<void>
  /** Distinct identifiers per ledger key, of all that have any. */
  readSizes(inner: Reads): Promise<ReadonlyMap<string, number>>
}
