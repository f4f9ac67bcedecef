import { fail, failureOf } from '../../model/failure.ts'
import type { Clock } from '../../ports.ts'
import { checkTarget, ensureIdentity, type StoreIdentity } from '../sql/identity.ts'
import type { Reads, Statements } from '../sql/statements.ts'
import { createTurns, type InTurn } from '../turns.ts'
import { type Connection, wrapDriver } from './connection.ts'
import type { Driver } from './driver.ts'
import { refuseHeld } from './lock.ts'
import { serverFailure } from './server-failure.ts'
import { isUpToDate, migrate, readVersion, refuseOlder } from './versions.ts'

/** A server that starts, or a standby that takes over, is waited for: 1, 2, 4 and 8 seconds. */
const CONNECT_TRIES = 5
const CONNECT_WAIT_MS = 1_000

/** The first with hash joins on places of rows. */
const OLDEST_SERVER = 14

/** Which store of a database, and whose. */
export interface SchemaPlace extends StoreIdentity {
  /** A schema of its own, so that it can lie beside other tables and be granted by itself. */
  readonly schema: string
}

/** How a session begins. */
export interface SessionOptions extends SchemaPlace {
  readonly connect: () => Promise<Driver>
  readonly clock: Pick<Clock, 'sleep'>
  /** The queue of the session, when it is not this connection's alone. */
  readonly inTurn?: InTurn
}

export interface WritingOptions extends SessionOptions {
  /** A text that nobody else makes: the id of a new store, and of a lock. */
  readonly createId: () => string
}

/** Opens a session to look. Undefined when there is no store yet, which stays so. */
export const openForReading = async (options: SessionOptions): Promise<Connection | undefined> => {
  const connection = await openSession(options)
  return orClose(connection, async () => {
    const version = await readVersion(connection, options)
    if (version === 0) {
      await connection.close()
      return undefined
    }
    refuseOlder(version, options.name)
    await checkTarget(connection, options)
    return connection
  })
}

/** Opens a session to write, on a store that is there and up to date then. Rejects with a `store/…` failure. */
export const openForWriting = async (options: WritingOptions): Promise<Connection> => {
  const connection = await openSession(options)
  return orClose(connection, async () => {
    await connection.transact(inner => prepare(inner, options))
    return connection
  })
}

const orClose = async <T>(connection: Connection, check: () => Promise<T>): Promise<T> => {
  try {
    return await check()
  } catch (error) {
    await connection.close()
    throw error
  }
}

/** Two runs may meet here for the first time: the second one finds everything made. */
const prepare = async (inner: Statements, options: WritingOptions): Promise<void> => {
  await inner.run('SELECT pg_advisory_xact_lock(hashtext(?))', [`muster ${options.schema}`])
  const version = await readVersion(inner, options)
  if (!isUpToDate(version)) {
    // An older muster may be at work, which does not know the tables as they are afterwards.
    if (version > 0) await refuseHeld(inner, options)
    await ensureSchema(inner, options.schema)
    await migrate(inner, version)
  }
  await ensureIdentity(inner, options, options.createId)
}

/** Looked for first: who may not make one is refused even where it is there. */
const ensureSchema = async (inner: Statements, schema: string): Promise<void> => {
  const there = await inner.readRows('SELECT 1 FROM pg_namespace WHERE nspname = ?', [schema])
  if (there.length === 0) await inner.run(`CREATE SCHEMA ${quoteName(schema)}`)
}

const openSession = async (options: SessionOptions): Promise<Connection> => {
  const connection = wrapDriver(await connectWhenUp(options), options.inTurn ?? createTurns())
  return orClose(connection, async () => {
    await connection.transact(inner => set(inner, options))
    await checkServer(connection)
    return connection
  })
}

const connectWhenUp = async ({ connect, clock }: SessionOptions): Promise<Driver> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect()
    } catch (error) {
      const failure = serverFailure(error)
      if (failureOf(failure)?.code !== 'store/unreachable' || attempt >= CONNECT_TRIES) throw failure
      await clock.sleep(CONNECT_WAIT_MS * 2 ** (attempt - 1))
    }
  }
}

/**
 * What a session needs to be told, whatever the server, the database or the role have for others. Rows of the ledger are
 * looked up one by one, by their place or their identifier, and most of them lie in memory.
 */
const set = async (inner: Statements, { schema }: SessionOptions): Promise<void> => {
  await inner.run(`
    SET search_path TO ${quoteName(schema)};
    SET client_min_messages TO warning;
    SET statement_timeout TO 0;
    SET jit TO off;
    SET temp_buffers TO '64MB';
    SET random_page_cost TO 1.1;
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`)
}

const checkServer = async (connection: Reads): Promise<void> => {
  const [row] = await connection.readRows(
    `SELECT current_setting('server_version_num')::integer / 10000 AS version,
            current_setting('server_encoding') AS encoding`,
  )
  if (Number(row?.version) < OLDEST_SERVER)
    refuseServer(`is of version ${row?.version}`, `use PostgreSQL ${OLDEST_SERVER} or newer`)
  if (row?.encoding !== 'UTF8')
    refuseServer(`holds texts as ${row?.encoding}`, 'use a database that was made with ENCODING UTF8')
}

const refuseServer = (what: string, hint: string): never =>
  fail({ origin: 'store', code: 'store/unreadable', detail: `The database ${what}.`, hint, retryable: false })

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`
