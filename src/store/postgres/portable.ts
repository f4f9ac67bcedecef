import { failureOf } from '../../model/failure.ts'
import { invariant } from '../../model/invariant.ts'
import type { Clock } from '../../ports.ts'
import {
  type CopyTarget,
  ownerOfCopy,
  type PartReader,
  type RowText,
  type StoreFacts,
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
import type { Holder } from '../holder.ts'
import { readStoreId } from '../sql/identity.ts'
import { refuseFenced } from '../sql/lock-row.ts'
import { readHead } from '../sql/state.ts'
import type { Row, Statements } from '../sql/statements.ts'
import type { Connection } from './connection.ts'
import { keepLease } from './keep-lease.ts'
import { type HeldLock, takeLock } from './lock.ts'
import { openForReading, openForWriting, type SessionOptions } from './open.ts'
import { serverFailure } from './server-failure.ts'
import { type PlaceOptions, toSession } from './session.ts'

const DIALECT: Dialect = {
  writeText: column => column,
  writeTime: column => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
  timeType: 'timestamptz',
  fold: identifier => `fold(${identifier})`,
  arrival: table => (table === 'runs' ? 'started_at, seq' : 'seq'),
}

const ROWS_AT_ONCE = 5_000

/** Who copies. */
interface Copier {
  readonly createId: () => string
  readonly holder: Holder
}

export interface CopyOptions extends PlaceOptions, Copier {
  readonly clock: Pick<Clock, 'sleep'>
}

/** Opens a store to copy from: held, so that nobody writes meanwhile. Nothing but its lock is written to. */
export const openPostgresSource = (options: CopyOptions): Promise<PartReader> =>
  openSource({ ...options, ...toSession(options) })

/** The same, over a session of the caller's choice. */
export const openSource = async (session: SessionOptions & Copier): Promise<PartReader> => {
  const connection = (await openForReading(session)) ?? refuseMissing(session.name)
  return orClose(connection, async () => {
    const { lock, end } = await hold(connection, session)
    const storeId = await readStoreId(connection)
    invariant(storeId, 'a store that belongs to somebody has an id')
    return {
      facts: { storeId, head: await readHead(connection) },
      ...wrapParts(connection, end),
      confirm: () => lock.transact(async () => undefined),
    }
  })
}

/** Opens a schema to copy into: an empty one, or one with an unfinished copy of the same store. */
export const openPostgresTarget = (options: CopyOptions, facts: StoreFacts): Promise<CopyTarget> =>
  openTarget({ ...options, ...toSession(options) }, facts)

/** The same, over a session of the caller's choice. */
export const openTarget = async (
  session: SessionOptions & Copier,
  facts: StoreFacts,
): Promise<CopyTarget> => {
  const unfinished = { ...session, target: ownerOfCopy(facts) }
  await checkUnfinished(unfinished)
  const connection = await openForWriting({ ...unfinished, createId: () => facts.storeId })
  return orClose(connection, async () => {
    const { lock, end } = await hold(connection, session)
    return {
      ...wrapParts(connection, end),
      clearPart: part =>
        lock.transact(
          async inner =>
            void (await inner.run(`DELETE FROM ${part.table} WHERE ${conditionOf(part)}`, valuesOf(part))),
        ),
      fillPart: (part, fill) =>
        lock.transact(inner => {
          const table = tableNamed(part.table)
          const insert = insertCells(table, DIALECT)
          return fill(rows => inner.runOnColumns(insert, toColumns(rows, table.columns.length)))
        }),
      finish: ({ head }) => lock.transact(inner => finish(inner, head, session.target)),
    }
  })
}

const finish = async (inner: Statements, head: number, target: string): Promise<void> => {
  await inner.run('UPDATE head SET value = ?', [head])
  await inner.run('DELETE FROM ledger_counts')
  await inner.run(`
    INSERT INTO ledger_counts (audience, pairs, members)
    SELECT audience, count(*), count(DISTINCT identifier) FROM ledger GROUP BY audience`)
  await inner.run('UPDATE target SET value = ?', [target])
}

/** Whatever else lies there is not to be written to. */
const checkUnfinished = async (session: SessionOptions): Promise<void> => {
  try {
    const connection = await openForReading(session)
    if (connection) return await connection.close()
  } catch (error) {
    const failure = failureOf(error)
    if (failure?.code !== 'store/other-target' && failure?.code !== 'store/older') throw error
    refuseTaken(session.name)
  }
  if (!(await isEmptySchema(session))) refuseTaken(session.name)
}

/** One that was made for a store and has nothing in it yet, or none. */
const isEmptySchema = async ({ connect, schema }: SessionOptions): Promise<boolean> => {
  const driver = await connect()
  try {
    const { rows } = await driver.run(
      'SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = $1 LIMIT 1',
      [schema],
    )
    return rows.length === 0
  } catch (error) {
    throw serverFailure(error)
  } finally {
    await driver.close()
  }
}

interface Held {
  readonly lock: HeldLock
  /** Lets go of it, while the session is still there. Rejects when it was somebody else's by then. */
  readonly end: () => Promise<void>
}

const hold = async (connection: Connection, terms: Parameters<typeof takeLock>[1]): Promise<Held> => {
  const lock = await takeLock(connection, terms)
  const lease = keepLease(lock)
  return {
    lock,
    end: async () => {
      await lease.stop()
      if (!(await lock.release(async () => undefined))) await refuseFenced(connection)
    },
  }
}

const orClose = async <T>(connection: Connection, open: () => Promise<T>): Promise<T> => {
  try {
    return await open()
  } catch (error) {
    await connection.close()
    throw error
  }
}

const wrapParts = (
  connection: Connection,
  end: () => Promise<void>,
): Pick<PartReader, 'listParts' | 'readPart' | 'close'> => ({
  listParts: () => listParts(sql => connection.readRows(sql)),
  readPart: (part, take) =>
    connection.transactOnSnapshot(async inner => {
      await inner.run(`DECLARE rows NO SCROLL CURSOR FOR ${selectCells(part, DIALECT)}`, valuesOf(part))
      for (;;) {
        const rows = await inner.readRows(`FETCH ${ROWS_AT_ONCE} FROM rows`)
        if (rows.length === 0) return
        await take(rows.map(toTexts))
      }
    }),
  close: async () => {
    try {
      await end()
    } finally {
      await connection.close()
    }
  },
})

/** Every cell was made a text by the query. */
const toTexts = (row: Row): RowText => Object.values(row) as RowText
