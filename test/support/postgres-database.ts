import { setTimeout as wait } from 'node:timers/promises'
import { parseDatabaseUrl } from '../../src/store/postgres/database-url.ts'
import { connectPg } from '../../src/store/postgres/pg-driver.ts'
import { findServerUrl, makeSchemaName } from './postgres-server.ts'

/** A database that nobody else uses, on the server for tests. */
export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** Makes one, empty or as another is. */
export const makeDatabase = async (template?: string): Promise<TestDatabase> => {
  const serverUrl = await findServerUrl()
  if (serverUrl === undefined)
    throw new Error('a database of its own needs a server: see MUSTER_TEST_POSTGRES')
  const name = makeSchemaName()
  await copyDatabase(serverUrl, name, template)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: async () => void (await runOn(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  }
}

/** Puts another database in the place of one, of the same name. */
export const replaceDatabase = async (url: string, template: string): Promise<void> => {
  const serverUrl = (await findServerUrl()) ?? ''
  await runOn(serverUrl, `DROP DATABASE ${databaseOf(url)} WITH (FORCE)`)
  await copyDatabase(serverUrl, databaseOf(url), template)
}

const COPY_TRIES = 20
const COPY_WAIT_MS = 100

/** One that was in use a moment ago cannot be copied until the server has noticed that it is no more. */
const copyDatabase = async (serverUrl: string, name: string, template?: string): Promise<void> => {
  const copied = template === undefined ? '' : ` TEMPLATE ${databaseOf(template)}`
  for (let attempt = 1; ; attempt += 1) {
    try {
      await runOn(serverUrl, `CREATE DATABASE ${name}${copied}`)
      return
    } catch (error) {
      if (attempt === COPY_TRIES) throw error
      await wait(COPY_WAIT_MS)
    }
  }
}

/** Whether there is a server that databases can be made on. */
export const hasServer = async (): Promise<boolean> => (await findServerUrl()) !== undefined

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
