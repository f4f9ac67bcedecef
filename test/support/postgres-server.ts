import { randomBytes } from 'node:crypto'
import { parseDatabaseUrl } from '../../src/store/postgres/database-url.ts'
import type { Driver } from '../../src/store/postgres/driver.ts'
import { connectPg } from '../../src/store/postgres/pg-driver.ts'
import { isConnectionLost } from '../../src/store/postgres/server-failure.ts'
import type { Row } from '../../src/store/sql/statements.ts'
import { createTurns, type InTurn } from '../../src/store/turns.ts'
import { connectPglite } from './pglite-driver.ts'

/** A server for tests, or a PostgreSQL within this process where no server answers. */
export interface TestServer {
  readonly name: string
  /** Undefined within the process. */
  readonly url?: string
  readonly connect: () => Promise<Driver>
  /** The one queue of the one session within the process. */
  readonly inTurn?: InTurn
}

const { MUSTER_TEST_POSTGRES: url = 'postgres://postgres@127.0.0.1:5432/test' } = process.env

/** The server at `MUSTER_TEST_POSTGRES`. With `pglite` there, or when nobody answers: one within this process. */
export const findServer = async (): Promise<TestServer> => {
  if (!(await isServed())) return startWithin()
  return { name: 'PostgreSQL', url, connect: connectToServer }
}

/** The URL of that server. Undefined when nobody answers: what needs a real one is skipped. */
export const findServerUrl = async (): Promise<string | undefined> => ((await isServed()) ? url : undefined)

const connectToServer = () => connectPg(parseDatabaseUrl(url))

const isServed = async (): Promise<boolean> => {
  if (url === 'pglite') return false
  try {
    await (await connectToServer()).close()
    return true
  } catch (error) {
    if (!isConnectionLost(error)) throw error
    return false
  }
}

/** It takes a byte order mark at the beginning of a text for one of its own, as decoders do unless they are told. */
const KeepingDecoder = class extends TextDecoder {
  constructor(label?: string, options?: ConstructorParameters<typeof TextDecoder>[1]) {
    super(label, { ...options, ignoreBOM: true })
  }
}

const startWithin = async (): Promise<TestServer> => {
  globalThis.TextDecoder = KeepingDecoder
  const { PGlite } = await import('@electric-sql/pglite')
  const database = await PGlite.create()
  return { name: 'PGlite', connect: async () => connectPglite(database), inTurn: createTurns() }
}

/** A name that no other test uses, whoever else uses the server. */
export const makeSchemaName = (): string => `muster_test_${randomBytes(6).toString('hex')}`

/** Runs statements beside whatever a test does. */
export const runAside = async (server: TestServer, sql: string): Promise<void> =>
  void (await readAside(server, sql))

/** The same, and answers with the rows of the last one. */
export const readAside = async (server: TestServer, sql: string): Promise<readonly Row[]> => {
  const driver = await server.connect()
  try {
    return (await (server.inTurn ?? createTurns())(() => driver.run(sql, []))).rows
  } finally {
    await driver.close()
  }
}
