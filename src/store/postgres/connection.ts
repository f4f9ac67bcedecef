import { FailureError, fail } from '../../model/failure.ts'
import type { Reads, Statements, Values } from '../sql/statements.ts'
import type { InTurn } from '../turns.ts'
import { bind } from './bind.ts'
import type { Answer, Driver } from './driver.ts'
import { POSTGRES } from './engine.ts'
import { isConnectionLost, serverFailure } from './server-failure.ts'

/** What can be done within a transaction, on this engine alone. */
export interface ServerStatements extends Statements {
  /** Fills a table from a file of delimited rows, and answers how many they are. */
  copyRows(table: string, path: string): Promise<number>
}

/** One session on which statements run strictly one after the other, so that a transaction is never shared. */
export interface Connection extends Reads {
  /** Runs `work` alone, between BEGIN and COMMIT; any throw rolls back. */
  transact<T>(work: (inner: ServerStatements) => Promise<T>): Promise<T>
  /** The same, and all that `work` reads is of one moment, whoever writes meanwhile. */
  transactOnSnapshot<T>(work: (inner: ServerStatements) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Wraps a session. `inTurn` is its queue. */
export const wrapDriver = (driver: Driver, inTurn: InTurn): Connection => {
  const statements = wrapStatements(driver)
  const transact = <T>(begin: string, work: (inner: ServerStatements) => Promise<T>): Promise<T> =>
    inTurn(async () => {
      await statements.run(begin)
      let result: T
      try {
        result = await work(statements)
      } catch (error) {
        // After a lost connection there is nothing to roll back; the first error is the one to tell.
        await statements.run('ROLLBACK').catch(() => undefined)
        throw error
      }
      await commit(driver)
      return result
    })
  return {
    engine: POSTGRES,
    readRows: (sql, values) => inTurn(() => statements.readRows(sql, values)),
    transact: work => transact('BEGIN ISOLATION LEVEL READ COMMITTED', work),
    transactOnSnapshot: work => transact('BEGIN ISOLATION LEVEL REPEATABLE READ', work),
    close: () => inTurn(() => driver.close()),
  }
}

const wrapStatements = (driver: Driver): ServerStatements => {
  const ask = async (sql: string, values: Values): Promise<Answer> => {
    const bound = bind(sql, values)
    return orFailure(driver.run(bound.sql, bound.values))
  }
  return {
    engine: POSTGRES,
    run: async (sql, values = []) => (await ask(sql, values)).count,
    runOnColumns: async (sql, columns) => {
      const named = columns.map((column, index) => [`column${index + 1}`, column] as const)
      await ask(sql.replaceAll(/\$(\d+)/g, '$$column$1'), Object.fromEntries(named))
    },
    readRows: async (sql, values = []) => (await ask(sql, values)).rows,
    copyRows: (table, path) =>
      orFailure(driver.copyFile(`COPY ${table} FROM STDIN WITH (${COPY_FORMAT})`, path)),
  }
}

/** As a spool is written: no field holds a control character, so that none is ever quoted. An empty one is NULL. */
const COPY_FORMAT =
  "FORMAT csv, DELIMITER E'\\x1f', QUOTE E'\\x01', ESCAPE E'\\x01', NULL '', ENCODING 'UTF8'"

/** Without an answer nobody knows whether it was done. It is not asked again: the next run looks at what there is. */
const commit = async (driver: Driver): Promise<void> => {
  let command: string
  try {
    command = (await driver.run('COMMIT', [])).command
  } catch (error) {
    const { failure } = serverFailure(error)
    if (!isConnectionLost(error)) throw new FailureError(failure)
    throw new FailureError({
      ...failure,
      detail: `${failure.detail} Whether what was being written was kept is not known.`,
      outcomeUnknown: true,
    })
  }
  // Of a transaction in which a statement failed, the server answers a COMMIT with a ROLLBACK, and with no error.
  if (command !== 'COMMIT') refuseRolledBack()
}

const refuseRolledBack = (): never =>
  fail({
    origin: 'store',
    code: 'store/failed',
    detail: 'The database took back what was being written. Nothing of it was kept.',
    hint: 'check the log of the server, then run the same command again',
    retryable: true,
  })

const orFailure = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    throw serverFailure(error)
  }
}
