import { parseDatabaseUrl } from '../../src/store/postgres/database-url.ts'
import { connectPg } from '../../src/store/postgres/pg-driver.ts'
import { findServer, makeSchemaName } from './postgres-server.ts'

/** A database that nobody else uses, on the server for tests. */
export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** Makes one, empty or as another is. That one must not be in use. */
export const makeDatabase = async (template?: string): Promise<TestDatabase> => {
  const { url: serverUrl } = await findServer()
  if (serverUrl === undefined)
    throw new Error('a database of its own needs a server: see MUSTER_TEST_POSTGRES')
  const name = makeSchemaName()
  const copied = template === undefined ? '' : ` TEMPLATE ${databaseOf(template)}`
  await runOn(serverUrl, `CREATE DATABASE ${name}${copied}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: async () => void (await runOn(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  }
}

/** Whether there is a server that databases can be made on. */
export const hasServer = async (): Promise<boolean> => (await findServer()).url !== undefined

/** Runs one statement on a database, beside whatever a test does. */
export const runOn = async (url: string, sql: string): Promise<readonly unknown[]> => {
  const driver = await connectPg(parseDatabaseUrl(url))
  try {
    return (await driver.run(sql, [])).rows
  } finally {
    await driver.close()
  }
}

const databaseOf = (url: string): string => new URL(url).pathname.slice(1)
