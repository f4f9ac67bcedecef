import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failureOf } from '../../src/model/failure.ts'
import { createDuckdbStateReader, openDuckdbStore } from '../../src/store/duckdb/store.ts'
import { describeStoreContract } from '../contract/store-contract.ts'

const clock = { sleep: async (ms: number) => void (await sleep(Math.min(ms, 5))) }
const makeFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'muster-store-'))

describeStoreContract('DuckDB', async () => {
  const folder = await makeFolder()
  const path = join(folder, 'state', 'local.duckdb')
  return {
    open: () => openDuckdbStore({ path, clock }),
    readStateAside: () => createDuckdbStateReader({ path, clock }).readState(),
    cleanUp: () => rm(folder, { recursive: true }),
  }
})

describe('the embedded file', () => {
  let folder: string
  let path: string
  beforeEach(async () => {
    folder = await makeFolder()
    path = join(folder, 'local.duckdb')
  })
  afterEach(() => rm(folder, { recursive: true }))

  const failureFrom = async (work: Promise<unknown>) => failureOf(await work.catch((error: unknown) => error))

  test('reading a store that does not exist creates nothing', async () => {
    const state = await createDuckdbStateReader({ path, clock }).readState()
    expect(state.head).toBe(0)
    expect(existsSync(path)).toBe(false)
  })

  test('a second process is told who holds the store, and can still read the state', async () => {
    const holder = await holdInAnotherProcess(path)
    try {
      const failure = await failureFrom(openDuckdbStore({ path, clock }))
      expect(failure).toMatchObject({ origin: 'store', code: 'store/busy', retryable: true })
      expect(failure?.detail).toContain(`(process ${holder.pid})`)
      const state = await createDuckdbStateReader({ path, clock }).readState()
      expect(state.tombstones.has('held')).toBe(true)
    } finally {
      holder.kill('SIGKILL')
      await once(holder, 'exit')
    }
    const store = await openDuckdbStore({ path, clock })
    expect((await store.readState()).tombstones.has('held')).toBe(true)
    await store.close()
  })

  test('a file that is no database is refused and left as it is', async () => {
    await writeFile(path, 'not a database, but somebody needs it\n')
    const failure = await failureFrom(openDuckdbStore({ path, clock }))
    expect(failure?.code).toBe('store/unreadable')
    expect(await readFile(path, 'utf8')).toBe('not a database, but somebody needs it\n')
  })

  test('a store of a newer muster is refused, for writing and for reading', async () => {
    await (await openDuckdbStore({ path, clock })).close()
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const instance = await DuckDBInstance.create(path)
    const connection = await instance.connect()
    await connection.run('INSERT INTO schema_version VALUES (99)')
    connection.closeSync()
    instance.closeSync()
    expect((await failureFrom(openDuckdbStore({ path, clock })))?.code).toBe('store/newer')
    expect((await failureFrom(createDuckdbStateReader({ path, clock }).readState()))?.code).toBe(
      'store/newer',
    )
  })

  test('only the owner may read the store and what it publishes', async () => {
    await (await openDuckdbStore({ path, clock })).close()
    expect((await stat(path)).mode & 0o077).toBe(0)
    expect((await stat(`${path}.state.json`)).mode & 0o077).toBe(0)
  })

  test('what is published holds counts, never an identifier', async () => {
    const store = await openDuckdbStore({ path, clock })
    const member = { person: 'c-secret', identifier: 'usr_secret' }
    await store.commit([{ kind: 'member', audience: 'vip', member, at: '2026-11-23T10:00:00.000Z' }])
    await store.close()
    const published = await readFile(`${path}.state.json`, 'utf8')
    expect(published).toContain('"vip": 1')
    expect(published).not.toContain('secret')
  })
})

/** Starts a process that opens the store, writes a tombstone and holds on. */
const holdInAnotherProcess = async (path: string) => {
  const script = `
    import { DuckDBInstance } from '@duckdb/node-api'
    import { writeFile } from 'node:fs/promises'
    const instance = await DuckDBInstance.create(process.argv[1])
    const connection = await instance.connect()
    await connection.run("INSERT INTO tombstones VALUES ('held', 'cohort.held', '2026-11-23T10:00:00.000Z')")
    const published = { format_version: 1, head: 1, objects: [], members: {}, synced: {},
      tombstones: [{ name: 'held', address: 'cohort.held', retiredAt: '2026-11-23T10:00:00.000Z' }] }
    await writeFile(process.argv[1] + '.state.json', JSON.stringify(published))
    process.stdout.write('held')
    // Named here so that neither is collected, and the lock with it.
    setInterval(() => [instance, connection], 1000)
  `
  await (await openDuckdbStore({ path, clock })).close()
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  return holder
}
