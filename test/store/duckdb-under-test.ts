import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Connection } from '../../src/store/duckdb/connection.ts'
import { holdStore } from '../../src/store/duckdb/held-store.ts'
import { openForWriting } from '../../src/store/duckdb/open.ts'
import { createDuckdbStateReader } from '../../src/store/duckdb/store.ts'
import { unlockDuckdbStore } from '../../src/store/duckdb/unlock.ts'
import { createSurroundings, type StoreUnderTest } from '../contract/store-under-test.ts'

/** An embedded store in a folder of its own. */
export const createDuckdb = async (): Promise<StoreUnderTest> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-store-'))
  const options = { path: join(folder, 'state', 'local.duckdb'), target: 'the test', ...createSurroundings() }
  let connection: Connection
  const open = async () => {
    connection = await openForWriting(options)
    return holdStore(connection, options)
  }
  return {
    open,
    die: () => connection.close(),
    // The engine lets no second process in; a file system that forgets locks would.
    seize: () => holdStore(connection, options),
    unlock: lockId => unlockDuckdbStore(options, lockId),
    readStateAside: () => createDuckdbStateReader(options).readState(),
    cleanUp: () => rm(folder, { recursive: true }),
  }
}
