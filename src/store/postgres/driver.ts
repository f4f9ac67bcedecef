/** A value that a statement takes. A list is given to `unnest`. */
export type SqlValue = string | number | boolean | null | readonly (string | null)[]

/** A value that a row holds. */
export type Cell = string | number | bigint | boolean | Date | null
export type Row = Record<string, Cell>

/** What came of a statement: its rows, and how many it gave, made or changed. */
export interface Answer {
  readonly rows: readonly Row[]
  readonly count: number
}

/**
 * One session on a server, which runs one statement at a time: no more of PostgreSQL's protocol than a store needs. It
 * rejects with the server's own error, or with that of the network.
 */
export interface Driver {
  /** Values stand for `$1`, `$2` and so on. Without any, it may be several statements. */
  run(sql: string, values: readonly SqlValue[]): Promise<Answer>
  /** Runs a `COPY … FROM STDIN` on the bytes of a file. */
  copyFile(sql: string, path: string): Promise<void>
  close(): Promise<void>
}
