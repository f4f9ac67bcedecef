import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Connection } from '../../src/store/postgres/connection.ts'
import { holdStore } from '../../src/store/postgres/held-store.ts'
import { openForWriting } from '../../src/store/postgres/open.ts'
import { readPostgresState } from '../../src/store/postgres/read-state.ts'
import { removePostgresLock } from '../../src/store/postgres/unlock.ts'
import { createSurroundings, type StoreUnderTest } from '../contract/store-under-test.ts'
import { makeSchemaName, runAside, type TestServer } from '../support/postgres-server.ts'

/** A store in a schema of its own. */
export const createPostgres = async (server: TestServer): Promise<StoreUnderTest> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-store-'))
  const schema = makeSchemaName()
  const { clock, ...surroundings } = createSurroundings()
  const options = {
    ...server,
    ...surroundings,
    name: `test.${schema}`,
    schema,
    target: 'the test',
    spoolFolder: join(folder, 'spool'),
    clock: { ...clock, sleep: async () => void (await wait(50)) },
  }
  const connections: Connection[] = []
  const open = async () => {
    const connection = await openForWriting(options)
    connections.push(connection)
    return holdStore(connection, options)
  }
  return {
    open,
    die: async () => connections.at(-1)?.close(),
    seize: async () => {
      await runAside(server, `UPDATE ${schema}.locks SET expires_at = now()`)
      return open()
    },
    unlock: lockId => removePostgresLock(options, lockId),
    readStateAside: () => readPostgresState(options),
    cleanUp: async () => {
      for (const connection of connections) await connection.close()
      await runAside(server, `DROP SCHEMA IF EXISTS ${schema} CASCADE`)
      await rm(folder, { recursive: true })
    },
  }
}
