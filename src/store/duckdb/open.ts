import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FailureError, failureOf } from '../../model/failure.ts'
import type { Clock } from '../../ports.ts'
import { describeHolder } from '../holder.ts'
import { readPublishedLock } from '../snapshot.ts'
import { checkTarget, ensureIdentity, type StoreIdentity } from '../sql/identity.ts'
import { type Connection, wrapConnection } from './connection.ts'
import { DUCKDB } from './engine.ts'
import { checkVersion, migrate } from './versions.ts'

/** How long a writer waits for a reader that is just looking: readers hold the file for well under a second. */
const BUSY_TRIES = 8
const BUSY_WAIT_MS = 250

export interface FileOptions {
  /** The store's file. Its folder is made when missing. */
  readonly path: string
  /** Which accounts the store belongs to, in words. A store that belongs to others is refused. */
  readonly target: string
  readonly clock: Pick<Clock, 'sleep'>
  /** DuckDB's own limit, for example `1GB`; beyond it the engine spills to disk beside the store. */
  readonly memoryLimit?: string
}

export interface WritingOptions extends FileOptions {
  /** A text that nobody else makes: the id of a new store, and of a lock. */
  readonly createId: () => string
}

/** Opens the file to look, refused while somebody writes. Rejects with a `store/…` failure. */
export const openForReading = async (options: FileOptions): Promise<Connection> => {
  const connection = await connect(options, 'READ_ONLY')
  return orClose(connection, async () => {
    await checkVersion(connection, options.path)
    await checkTarget(connection, identityOf(options))
  })
}

/** Opens the file to see what it is: its tables may be missing, those of another version, or no tables of a store. */
export const openUnchecked = (options: FileOptions): Promise<Connection> => connect(options, 'READ_ONLY')

/** Opens the file alone, brought up to date. Rejects with a `store/…` failure. */
export const openForWriting = async (options: WritingOptions): Promise<Connection> => {
  // The engine makes files of its own beside the store, with identifiers in them: a log, and what it spills.
  process.umask(0o077)
  await mkdir(dirname(options.path), { recursive: true })
  const connection = await connectWhenFree(options)
  return orClose(connection, async () => {
    // Left behind by a process that was killed: identifiers that nobody reads again.
    await rm(spillFolder(options.path), { recursive: true, force: true })
    await migrate(connection, options.path)
    await connection.transact(inner => ensureIdentity(inner, identityOf(options), options.createId))
  })
}

const identityOf = ({ path, target }: FileOptions): StoreIdentity => ({ name: path, target })

/** Where the engine puts what does not fit into memory. */
const spillFolder = (path: string): string => `${path}.tmp`

const orClose = async (connection: Connection, check: () => Promise<void>): Promise<Connection> => {
  try {
    await check()
    return connection
  } catch (error) {
    await connection.close()
    throw error
  }
}

const connectWhenFree = async (options: FileOptions): Promise<Connection> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect(options, 'READ_WRITE')
    } catch (error) {
      if (failureOf(error)?.code !== 'store/busy') throw error
      if (attempt >= BUSY_TRIES) throw await nameHolder(error, options.path)
      await options.clock.sleep(BUSY_WAIT_MS)
    }
  }
}

/** The engine knows a process, the published state knows whose it is. */
const nameHolder = async (error: unknown, path: string): Promise<unknown> => {
  const failure = failureOf(error)
  const lock = await readPublishedLock(path)
  if (!failure || !lock) return error
  return new FailureError({ ...failure, detail: `${failure.detail} It is held by ${describeHolder(lock)}.` })
}

const connect = async (
  { path, memoryLimit = '1GB' }: FileOptions,
  accessMode: 'READ_ONLY' | 'READ_WRITE',
): Promise<Connection> => {
  // Imported here because loading the engine costs more than everything else `muster --help` does.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  try {
    const instance = await DuckDBInstance.create(path, {
      access_mode: accessMode,
      threads: '2',
      memory_limit: memoryLimit,
      temp_directory: spillFolder(path),
      preserve_insertion_order: 'false',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    return wrapConnection(instance, await instance.connect(), DUCKDB)
  } catch (error) {
    throw storeFailure(path, error)
  }
}

const storeFailure = (path: string, error: unknown): FailureError => {
  const message = error instanceof Error ? error.message : String(error)
  const holder = /PID (\d+)/.exec(message)?.[1]
  if (message.includes('Could not set lock'))
    return new FailureError({
      origin: 'store',
      code: 'store/busy',
      detail: `"${path}" is in use by another process${holder ? ` (process ${holder})` : ''}.`,
      hint: 'wait for the other muster to finish, then run the same command again',
      retryable: true,
    })
  return new FailureError({
    origin: 'store',
    code: 'store/unreadable',
    detail: `"${path}" could not be opened as a muster store: ${firstLine(message)}`,
    hint: 'check the path, its permissions and the free space; restore a copy if the file was damaged',
    retryable: false,
  })
}

const firstLine = (text: string): string => text.split('\n')[0] ?? ''
