import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failureOf } from '../../src/model/failure.ts'
import { EMPTY_STATE } from '../../src/model/recorded.ts'
import { holdStore } from '../../src/store/duckdb/held-store.ts'
import { MIGRATIONS } from '../../src/store/duckdb/migrations.ts'
import { openForWriting } from '../../src/store/duckdb/open.ts'
import { createDuckdbStateReader, openDuckdbStore, type StoreOptions } from '../../src/store/duckdb/store.ts'
import { unlockDuckdbStore } from '../../src/store/duckdb/unlock.ts'
import { describeStoreContract } from '../contract/store-contract.ts'
import { AT, createSurroundings } from '../contract/store-under-test.ts'
import { createDuckdb } from './duckdb-under-test.ts'

const target = 'the test'
const makeFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'muster-store-'))

describeStoreContract('DuckDB', createDuckdb)

describe('the embedded file', () => {
  let folder: string
  let path: string
  let options: StoreOptions
  beforeEach(async () => {
    folder = await makeFolder()
    path = join(folder, 'local.duckdb')
    options = { path, target, ...createSurroundings() }
  })
  afterEach(() => rm(folder, { recursive: true }))

  const failureFrom = async (work: Promise<unknown>) => failureOf(await work.catch((error: unknown) => error))

  test('reading a store that does not exist creates nothing', async () => {
    const state = await createDuckdbStateReader(options).readState()
    expect(state.head).toBe(0)
    expect(existsSync(path)).toBe(false)
  })

  test('a second process is told who holds the store, and can still read the state', async () => {
    const holder = await holdInAnotherProcess(options)
    try {
      const failure = await failureFrom(openDuckdbStore(options))
      expect(failure).toMatchObject({ origin: 'store', code: 'store/busy', retryable: true })
      expect(failure?.detail).toBe(
        `"${path}" is in use by another process (process ${holder.pid}). ` +
          'It is held by ci@runner-3 for `muster sync` since 2026-11-23T10:00:00.000Z (https://ci.example.com/runs/7).',
      )
      const unlocking = await failureFrom(unlockDuckdbStore(options, 'lock-7'))
      expect(unlocking).toEqual(failure)
      const other = createDuckdbStateReader({ ...options, target: 'somebody else' })
      expect((await failureFrom(other.readState()))?.code).toBe('store/other-target')
      const state = await createDuckdbStateReader(options).readState()
      expect(state.tombstones.has('held')).toBe(true)
      expect(state).toMatchObject({ storeId: 'store-7', lock: { id: 'lock-7', fence: 7 } })
    } finally {
      holder.kill('SIGKILL')
      await once(holder, 'exit')
    }
    const store = await openDuckdbStore(options)
    expect((await store.readState()).tombstones.has('held')).toBe(true)
    await store.close()
  })

  test('a file that is no database is refused and left as it is', async () => {
    await writeFile(path, 'not a database, but somebody needs it\n')
    const failure = await failureFrom(openDuckdbStore(options))
    expect(failure?.code).toBe('store/unreadable')
    expect(await readFile(path, 'utf8')).toBe('not a database, but somebody needs it\n')
  })

  test('a store of a newer muster is refused, for writing and for reading', async () => {
    await (await openDuckdbStore(options)).close()
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const instance = await DuckDBInstance.create(path)
    const connection = await instance.connect()
    await connection.run('INSERT INTO schema_version VALUES (99)')
    connection.closeSync()
    instance.closeSync()
    expect((await failureFrom(openDuckdbStore(options)))?.code).toBe('store/newer')
    expect((await failureFrom(createDuckdbStateReader(options).readState()))?.code).toBe('store/newer')
  })

  test('only the owner may read the store, its log, a spool and what it publishes', async () => {
    const store = await openDuckdbStore(options)
    const spool = await store.openSpool('vip')
    await spool.append([{ person: 'c1', identifier: 'usr_1' }])
    await store.commit([{ kind: 'synced', audience: 'vip', at: '2026-11-23T10:00:00.000Z' }])
    const entries = (await readdir(folder, { recursive: true })).sort()
    expect(entries).toEqual([
      'local.duckdb',
      'local.duckdb.log.jsonl',
      'local.duckdb.spool',
      'local.duckdb.spool/1.rows',
      'local.duckdb.state.json',
      'local.duckdb.wal',
    ])
    for (const entry of entries) expect((await stat(join(folder, entry))).mode & 0o077).toBe(0)
    await spool.discard()
    await store.close()
  })

  test('spools are swept before the file is free for somebody else', async () => {
    const connection = await openForWriting(options)
    let left: readonly string[] = ['not closed']
    const close = async (): Promise<void> => {
      left = (await readdir(folder, { recursive: true })).filter(entry => entry.includes('.spool'))
      await connection.close()
    }
    const store = await holdStore({ ...connection, close }, options)
    const spool = await store.openSpool('vip')
    await spool.append([{ person: 'c1', identifier: 'usr_1' }])
    await store.close()
    expect(left).toEqual([])
  })

  test('what the engine spilled and a killed process left is gone when the file is taken for writing', async () => {
    await (await openDuckdbStore(options)).close()
    await mkdir(`${path}.tmp`)
    await writeFile(join(`${path}.tmp`, 'duckdb_temp_storage_DEFAULT-0.tmp'), 'usr_secret')
    await createDuckdbStateReader(options).readState()
    expect(existsSync(`${path}.tmp`)).toBe(true)
    const connection = await openForWriting(options)
    expect(existsSync(`${path}.tmp`)).toBe(false)
    await connection.close()
  })

  test('a comparison that fails tells why, and leaves nothing of itself to the next one', async () => {
    const connection = await openForWriting(options)
    const store = await holdStore(connection, options)
    const member = { person: 'c1', identifier: 'usr_1' }
    await store.commit([{ kind: 'member', audience: 'vip', member, at: AT }])
    const spool = await store.openSpool('vip')
    await spool.append([member])
    await rm(`${path}.spool`, { recursive: true })
    expect((await failureFrom(spool.computeDelta()))?.detail).toContain('(IO Error)')
    // Nobody was read, so that this one has nothing to join.
    await (await (await store.openSpool('vip')).computeDelta()).close()
    const [setting] = await connection.readRows("SELECT current_setting('disabled_optimizers') AS disabled")
    expect(setting).toEqual({ disabled: '' })
    await store.close()
  })

  test('a store that belongs to other accounts is refused, for writing and for reading', async () => {
    await (await openDuckdbStore(options)).close()
    const other = { ...options, target: 'somebody else' }
    expect((await failureFrom(openDuckdbStore(other)))?.code).toBe('store/other-target')
    expect((await failureFrom(createDuckdbStateReader(other).readState()))?.code).toBe('store/other-target')
  })

  test('an error of the engine is a failure that quotes no row', async () => {
    const store = await openDuckdbStore(options)
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

  test('a store of the version before is brought up to date, and what it knew is kept', async () => {
    await makeOldStore(path)
    expect((await failureFrom(createDuckdbStateReader(options).readState()))?.code).toBe('store/older')
    await (await openDuckdbStore(options)).close()
    const state = await createDuckdbStateReader(options).readState()
    expect(state).toEqual({
      ...EMPTY_STATE,
      storeId: 'id-1',
      head: 4,
      objects: new Map([
        [
          'cohort.vip',
          {
            address: 'cohort.vip',
            kind: 'cohort',
            audience: 'vip',
            attributes: { name: 'ORC__Vip__365d' },
            status: 'seen',
            recordedAt: AT,
            origin: 'created',
          },
        ],
      ]),
      tombstones: new Map([
        ['ORC__Old__1d', { name: 'ORC__Old__1d', address: 'cohort.old', retiredAt: AT, reason: 'retired' }],
      ]),
      members: new Map([['vip', 2]]),
      synced: new Map(),
    })
  })

  test('opening a file that does not exist to unlock it creates nothing', async () => {
    expect((await failureFrom(unlockDuckdbStore(options, 'id-1')))?.code).toBe('store/no-such-lock')
    expect(existsSync(path)).toBe(false)
  })

  test('what is published holds counts, never an identifier', async () => {
    const store = await openDuckdbStore(options)
    const member = { person: 'c-secret', identifier: 'usr_secret' }
    await store.commit([{ kind: 'member', audience: 'vip', member, at: '2026-11-23T10:00:00.000Z' }])
    await store.close()
    const published = await readFile(`${path}.state.json`, 'utf8')
    expect(published).toContain('"vip": 1')
    expect(published).not.toContain('secret')
  })
})

/** A store as version 1 left it. */
const makeOldStore = async (path: string): Promise<void> => {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  await connection.run(`
    CREATE TABLE schema_version (version INTEGER PRIMARY KEY);
    INSERT INTO schema_version VALUES (1);
    ${MIGRATIONS[0]}
    UPDATE head SET value = 4;
    INSERT INTO target VALUES ('${target}');
    INSERT INTO objects VALUES
      ('cohort.vip', 'cohort', 'vip', '{"name":"ORC__Vip__365d"}', NULL, 'seen', '${AT}');
    INSERT INTO tombstones VALUES ('ORC__Old__1d', 'cohort.old', '${AT}');
    INSERT INTO ledger VALUES ('vip', 'c1', 'shared', '2026-11-23'), ('vip', 'c2', 'shared', '2026-11-23'),
      ('vip', 'c3', 'usr_3', '2026-11-23')
  `)
  connection.closeSync()
  instance.closeSync()
}

/** Starts a process that opens the store, writes a tombstone and holds on. */
const holdInAnotherProcess = async (options: StoreOptions) => {
  const script = `
    import { DuckDBInstance } from '@duckdb/node-api'
    import { writeFile } from 'node:fs/promises'
    const [, path, target] = process.argv
    const at = '2026-11-23T10:00:00.000Z'
    const instance = await DuckDBInstance.create(path)
    const connection = await instance.connect()
    await connection.run("INSERT INTO tombstones VALUES ('held', 'cohort.held', '2026-11-23T10:00:00.000Z', 'retired', NULL)")
    const lock = { id: 'lock-7', fence: 7, owner: 'ci@runner-3', command: 'sync', runId: 'r7',
      runUrl: 'https://ci.example.com/runs/7', acquiredAt: at, expiresAt: at }
    const published = { format_version: 3, target, store_id: 'store-7', head: 1, lock, objects: [], members: {},
      synced: {}, asserted: {}, evidence: [], allowances: [], tombstones: [{ name: 'held', address: 'cohort.held', retiredAt: at, reason: 'retired' }] }
    await writeFile(path + '.state.json', JSON.stringify(published))
    process.stdout.write('held')
    // Named here so that neither is collected, and the lock with it.
    setInterval(() => [instance, connection], 1000)
  `
  await (await openDuckdbStore(options)).close()
  const holder = spawn(
    process.execPath,
    ['--input-type=module', '--eval', script, options.path, options.target],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(holder.stdout, 'data')
  return holder
}
