import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api'
import { fail } from '../../model/failure.ts'
import { invariant } from '../../model/invariant.ts'
import type { Engine } from '../sql/engine.ts'
import type { Cell, NamedValues, Reads, Row, SqlValue, Statements, Values } from '../sql/statements.ts'
import { createTurns } from '../turns.ts'

/** One connection on which statements run strictly one after the other, so that a transaction is never shared. */
export interface Connection extends Reads {
  readColumns(sql: string, values?: Values): Promise<Cell[][]>
  /** Runs `work` alone, between BEGIN and COMMIT; any throw rolls back. */
  transact<T>(work: (inner: Statements) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Wraps a native connection. Closing it closes the instance, which frees the file for other processes. */
export const wrapConnection = (
  instance: DuckDBInstance,
  native: DuckDBConnection,
  engine: Engine,
): Connection => {
  const inTurn = createTurns()
  const read = (sql: string, values: Values) => orStoreFailure(native.runAndReadAll(sql, bind(sql, values)))
  const statements: Statements = {
    engine,
    // Whatever changes rows answers with one: how many.
    run: async (sql, values = []) => Number((await read(sql, values)).getRowObjectsJS()[0]?.Count ?? 0),
    runOnColumns: async (sql, columns) => {
      const { LIST, VARCHAR, listValue } = await import('@duckdb/node-api')
      const types = columns.map(() => LIST(VARCHAR))
      await orStoreFailure(native.run(sql, columns.map(listValue), types))
    },
    // The JS conversion of the column types in our tables yields exactly the union `Cell`.
    readRows: async (sql, values = []) => (await read(sql, values)).getRowObjectsJS() as Row[],
  }
  return {
    engine,
    readRows: (sql, values) => inTurn(() => statements.readRows(sql, values)),
    readColumns: (sql, values = []) =>
      inTurn(async () => (await read(sql, values)).getColumnsJS() as Cell[][]),
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

/** The engine refuses a value by name that a statement does not use. */
const bind = (sql: string, values: Values): DuckDBValue[] | Record<string, DuckDBValue> => {
  if (isByPosition(values)) return values.map(toNative)
  const used = Object.entries(values).filter(([name]) => new RegExp(`\\$${name}(?![A-Za-z0-9_])`).test(sql))
  return Object.fromEntries(used.map(([name, value]) => [name, toNative(value)]))
}

const isByPosition = (values: Values): values is Exclude<Values, NamedValues> => Array.isArray(values)

const toNative = (value: SqlValue): DuckDBValue => {
  // Lists are written into the statements of this engine, or given as columns.
  invariant(typeof value !== 'object' || value === null, 'a value for the engine is no list')
  return value
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
