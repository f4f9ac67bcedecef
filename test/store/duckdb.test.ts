import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failureOf } from '../../src/model/failure.ts'
import { createDuckdbStateReader, openDuckdbStore } from '../../src/store/duckdb/store.ts'
import { describeStoreContract } from '../contract/store-contract.ts'

const clock = { sleep: async (ms: number) => void (await sleep(Math.min(ms, 5))) }
const target = 'the test'
const makeFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'muster-store-'))

describeStoreContract('DuckDB', async () => {
  const folder = await makeFolder()
  const path = join(folder, 'state', 'local.duckdb')
  return {
    open: () => openDuckdbStore({ path, target, clock }),
    readStateAside: () => createDuckdbStateReader({ path, target, clock }).readState(),
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
    const state = await createDuckdbStateReader({ path, target, clock }).readState()
    expect(state.head).toBe(0)
    expect(existsSync(path)).toBe(false)
  })

  test('a second process is told who holds the store, and can still read the state', async () => {
    const holder = await holdInAnotherProcess(path)
    try {
      const failure = await failureFrom(openDuckdbStore({ path, target, clock }))
      expect(failure).toMatchObject({ origin: 'store', code: 'store/busy', retryable: true })
      expect(failure?.detail).toContain(`(process ${holder.pid})`)
      const state = await createDuckdbStateReader({ path, target, clock }).readState()
      expect(state.tombstones.has('held')).toBe(true)
    } finally {
      holder.kill('SIGKILL')
      await once(holder, 'exit')
    }
    const store = await openDuckdbStore({ path, target, clock })
    expect((await store.readState()).tombstones.has('held')).toBe(true)
    await store.close()
  })

  test('a file that is no database is refused and left as it is', async () => {
    await writeFile(path, 'not a database, but somebody needs it\n')
    const failure = await failureFrom(openDuckdbStore({ path, target, clock }))
    expect(failure?.code).toBe('store/unreadable')
    expect(await readFile(path, 'utf8')).toBe('not a database, but somebody needs it\n')
  })

  test('a store of a newer muster is refused, for writing and for reading', async () => {
    await (await openDuckdbStore({ path, target, clock })).close()
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const instance = await DuckDBInstance.create(path)
    const connection = await instance.connect()
    await connection.run('INSERT INTO schema_version VALUES (99)')
    connection.closeSync()
    instance.closeSync()
    expect((await failureFrom(openDuckdbStore({ path, target, clock })))?.code).toBe('store/newer')
    expect((await failureFrom(createDuckdbStateReader({ path, target, clock }).readState()))?.code).toBe(
      'store/newer',
    )
  })

  test('only the owner may read the store, its log, a spool and what it publishes', async () => {
    const store = await openDuckdbStore({ path, target, clock })
    const spool = await store.openSpool('vip')
    await spool.append([{ person: 'c1', identifier: 'usr_1' }])
    await store.commit([{ kind: 'synced', audience: 'vip', at: '2026-11-23T10:00:00.000Z' }])
    const entries = (await readdir(folder, { recursive: true })).sort()
    expect(entries).toEqual([
      'local.duckdb',
      'local.duckdb.spool',
      'local.duckdb.spool/1.rows',
      'local.duckdb.state.json',
      'local.duckdb.wal',
    ])
    for (const entry of entries) expect((await stat(join(folder, entry))).mode & 0o077).toBe(0)
    await spool.discard()
    await store.close()
  })

  test('a store that belongs to other accounts is refused, for writing and for reading', async () => {
    await (await openDuckdbStore({ path, target, clock })).close()
    const other = { path, target: 'somebody else', clock }
    expect((await failureFrom(openDuckdbStore(other)))?.code).toBe('store/other-target')
    expect((await failureFrom(createDuckdbStateReader(other).readState()))?.code).toBe('store/other-target')
  })

  test('an error of the engine is a failure that quotes no row', async () => {
    const store = await openDuckdbStore({ path, target, clock })
    const broken = {
      kind: 'member',
      audience: 'vip',
      member: { person: 'c1', identifier: 'usr_secret' },
      at: 'usr_secret',
    } as const
    const failure = await failureFrom(store.commit([broken]))
    expect(failure).toMatchObject({ origin: 'store', code: 'store/failed' })
    expect(failure?.detail).toBe('The store could not be read or written (Conversion Error).')
    expect((await store.readState()).head).toBe(0)
    await store.close()
  })

  test('what is published holds counts, never an identifier', async () => {
    const store = await openDuckdbStore({ path, target, clock })
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
  await (await openDuckdbStore({ path, target, clock })).close()
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  return holder
}
