import type { Row, SqlValue } from '../sql/statements.ts'

/** What came of a statement: its rows, and how many it gave, made or changed. */
export interface Answer {
  /** What the server says it did, in a word: not always what it was told to. */
  readonly command: string
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
  /** Runs a `COPY … FROM STDIN` on the bytes of a file, and answers how many rows it made. */
  copyFile(sql: string, path: string): Promise<number>
  close(): Promise<void>
}
