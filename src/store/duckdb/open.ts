import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FailureError, fail } from '../../model/failure.ts'
import type { Clock } from '../../ports.ts'
import { type Connection, wrapConnection } from './connection.ts'
import { MIGRATIONS } from './migrations.ts'

/** How long a writer waits for a reader that is just looking: readers hold the file for well under a second. */
const BUSY_TRIES = 8
const BUSY_WAIT_MS = 250

export interface OpenOptions {
  readonly path: string
  readonly access: 'read' | 'write'
  /** Which accounts the store belongs to, in words. A store that belongs to others is refused. */
  readonly target: string
  readonly clock: Pick<Clock, 'sleep'>
  /** DuckDB's own limit, for example `1GB`; beyond it the engine spills to disk beside the store. */
  readonly memoryLimit?: string
}

/** Opens the file, migrated for `write`, checked for `read`. Rejects with a `store/…` failure. */
export const openConnection = async (options: OpenOptions): Promise<Connection> => {
  if (options.access === 'write') {
    // The engine makes files of its own beside the store, with identifiers in them: a log, and what it spills.
    process.umask(0o077)
    await mkdir(dirname(options.path), { recursive: true })
  }
  const connection = await connectWhenFree(options)
  try {
    await (options.access === 'write'
      ? migrate(connection, options.path)
      : checkVersion(connection, options.path))
    await checkTarget(connection, options)
    return connection
  } catch (error) {
    await connection.close()
    throw error
  }
}

const connectWhenFree = async (options: OpenOptions): Promise<Connection> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect(options)
    } catch (error) {
      const failure = storeFailure(options.path, error)
      if (failure.failure.code !== 'store/busy' || attempt >= BUSY_TRIES || options.access === 'read')
        throw failure
      await options.clock.sleep(BUSY_WAIT_MS)
    }
  }
}

const connect = async ({ path, access, memoryLimit = '1GB' }: OpenOptions): Promise<Connection> => {
  // Imported here because loading the engine costs more than everything else `muster --help` does.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(path, {
    access_mode: access === 'read' ? 'READ_ONLY' : 'READ_WRITE',
    threads: '2',
    memory_limit: memoryLimit,
    temp_directory: `${path}.tmp`,
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  return wrapConnection(instance, await instance.connect())
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

const readVersion = async (connection: Connection): Promise<number> => {
  const tables = await connection.readRows(
    "SELECT 1 FROM duckdb_tables() WHERE table_name = 'schema_version'",
  )
  if (tables.length === 0) return 0
  const [row] = await connection.readRows('SELECT max(version) AS version FROM schema_version')
  return Number(row?.version ?? 0)
}

const migrate = async (connection: Connection, path: string): Promise<void> => {
  const version = await readVersion(connection)
  refuseNewer(version, path)
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < version) continue
    await connection.transact(async inner => {
      await inner.run('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)')
      for (const statement of step.split(';').filter(text => text.trim() !== '')) await inner.run(statement)
      await inner.run('INSERT INTO schema_version VALUES (?)', [index + 1])
    })
  }
}

const checkVersion = async (connection: Connection, path: string): Promise<void> => {
  const version = await readVersion(connection)
  refuseNewer(version, path)
  if (version === MIGRATIONS.length) return
  fail({
    origin: 'store',
    code: 'store/older',
    detail: `"${path}" has version ${version}, this muster needs ${MIGRATIONS.length}.`,
    hint: 'run `muster apply` once: it brings the store up to date',
    retryable: false,
  })
}

/** A ledger says whom one MoEngage workspace was sent: used for another, it would hide everybody from it. */
const checkTarget = async (connection: Connection, { access, path, target }: OpenOptions): Promise<void> => {
  const [row] = await connection.readRows('SELECT value FROM target')
  if (row?.value === target) return
  if (!row) {
    if (access === 'write') await connection.run('INSERT INTO target VALUES (?)', [target])
    return
  }
  fail({
    origin: 'store',
    code: 'store/other-target',
    detail: `"${path}" belongs to ${String(row.value)}, this is ${target}.`,
    hint: 'choose the environment it belongs to with --env, or another store with --store',
    retryable: false,
  })
}

const refuseNewer = (version: number, path: string): void => {
  if (version <= MIGRATIONS.length) return
  fail({
    origin: 'store',
    code: 'store/newer',
    detail: `"${path}" was written by a newer muster (version ${version}, this one knows ${MIGRATIONS.length}).`,
    hint: 'update muster',
    retryable: false,
  })
}
