import { type FileHandle, open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { failOnFile } from '../file-failure.ts'
import type { Row } from '../sql/statements.ts'
import { type DatabasePlace, readTls } from './database-url.ts'
import type { Driver } from './driver.ts'

const CONNECT_TIMEOUT_MS = 15_000

/** How soon either side asks whether the other is still there, so that a machine that vanished is not waited for. */
const KEEP_ALIVE_S = 30

/** Opens a session on a server. Rejects with the server's own error, or with that of the network. */
export const connectPg = async (place: DatabasePlace): Promise<Driver> => {
  // Imported here because most commands need no database.
  const { Client } = await import('pg')
  const client = new Client({
    host: place.host,
    port: place.port,
    database: place.database,
    user: place.user,
    password: place.password,
    ssl: await readTls(place.tls),
    application_name: 'muster',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_S * 1_000,
  })
  // A connection that is lost while nothing is asked: whatever is asked next is told of it.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(WATCH)
  } catch (error) {
    await client.end()
    throw error
  }
  return wrapClient(client)
}

/**
 * Lets the server notice that we are gone, also while it works: until then our lock is held. One that is too old for that
 * is refused later, in words.
 */
const WATCH = `
  SELECT set_config(name, '5s', false) FROM pg_settings WHERE name = 'client_connection_check_interval';
  SET tcp_keepalives_idle TO ${KEEP_ALIVE_S};
  SET tcp_keepalives_interval TO 10;
  SET tcp_keepalives_count TO 3`

const wrapClient = (client: Client): Driver => ({
  run: async (sql, values) => {
    const { command, rows, rowCount } = await client.query<Row>(sql, [...values])
    return { command, rows, count: rowCount ?? 0 }
  },
  copyFile: async (sql, path) => {
    const { from } = await import('pg-copy-streams')
    const file = await open(path).catch((error: unknown) => failOnFile(path, error))
    try {
      const copying = client.query(from(sql))
      await pipeline(readAll(file), copying)
      return copying.rowCount
    } finally {
      await file.close()
    }
  },
  close: () => client.end(),
})

const COPY_CHUNK_BYTES = 256 * 1024

const readAll = (file: FileHandle) =>
  file.createReadStream({ autoClose: false, highWaterMark: COPY_CHUNK_BYTES })
