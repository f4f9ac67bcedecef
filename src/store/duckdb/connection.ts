import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api'
import { fail } from '../../model/failure.ts'
import { createTurns } from '../turns.ts'

/** A value that a row may hold, as DuckDB's JavaScript conversion gives it. */
export type Cell = string | number | bigint | boolean | Date | null

/** Parameters of a statement, by position or by name. */
export type Values = DuckDBValue[] | Record<string, DuckDBValue>

/** A value of each row, all of one column. */
export type TextColumn = readonly (string | null)[]

/** One connection on which statements run strictly one after the other, so that a transaction is never shared. */
export interface Connection {
  run(sql: string, values?: Values): Promise<void>
  /** Runs one statement on many rows, given as columns that it unnests: `$1` is the first. */
  runOnColumns(sql: string, columns: readonly TextColumn[]): Promise<void>
  readRows(sql: string, values?: Values): Promise<Record<string, Cell>[]>
  readColumns(sql: string, values?: Values): Promise<Cell[][]>
  /** Runs `work` alone, between BEGIN and COMMIT; any throw rolls back. */
  transact<T>(work: (inner: Statements) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export type Statements = Pick<Connection, 'run' | 'runOnColumns' | 'readRows'>

/** Enough to look. */
export type Reads = Pick<Statements, 'readRows'>

/** Wraps a native connection. Closing it closes the instance, which frees the file for other processes. */
export const wrapConnection = (instance: DuckDBInstance, native: DuckDBConnection): Connection => {
  const inTurn = createTurns()
  const statements: Statements = {
    run: async (sql, values = []) => void (await orStoreFailure(native.run(sql, values))),
    runOnColumns: async (sql, columns) => {
      const { LIST, VARCHAR, listValue } = await import('@duckdb/node-api')
      const types = columns.map(() => LIST(VARCHAR))
      await orStoreFailure(native.run(sql, columns.map(listValue), types))
    },
    readRows: async (sql, values = []) =>
      // The JS conversion of the column types in our tables yields exactly the union `Cell`.
      (await orStoreFailure(native.runAndReadAll(sql, values))).getRowObjectsJS() as Record<string, Cell>[],
  }
  return {
    run: (sql, values) => inTurn(() => statements.run(sql, values)),
    runOnColumns: (sql, columns) => inTurn(() => statements.runOnColumns(sql, columns)),
    readRows: (sql, values) => inTurn(() => statements.readRows(sql, values)),
    readColumns: (sql, values = []) =>
      inTurn(
        async () => (await orStoreFailure(native.runAndReadAll(sql, values))).getColumnsJS() as Cell[][],
      ),
    transact: work =>
      inTurn(async () => {
        await statements.run('BEGIN')
        try {
          const result = await work(statements)
          await statements.run('COMMIT')
          return result
        } catch (error) {
          // After a fault of the disk the engine may have rolled back by itself; the first error is the one to tell.
          await native.run('ROLLBACK').catch(() => undefined)
          throw error
        }
      }),
    close: () =>
      inTurn(async () => {
        native.closeSync()
        instance.closeSync()
      }),
  }
}

/** The engine's own sentence may quote a row, and so a person: only the kind of its error is told. */
const orStoreFailure = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    const kind = /^[A-Za-z ]+ Error/.exec(error instanceof Error ? error.message : '')?.[0] ?? 'an error'
    return fail({
      origin: 'store',
      code: 'store/failed',
      detail: `The store could not be read or written (${kind}).`,
      hint: 'check the free space and the permissions of its folder, then run the same command again',
      retryable: true,
    })
  }
}
