import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../src/ports.ts'
import { copyStore } from '../../src/store/copy/copy-store.ts'
import type { CopyTarget, PartReader, StoreFacts } from '../../src/store/copy/parts.ts'
import { openBackup } from '../../src/store/copy/read-backup.ts'
import { TABLES } from '../../src/store/copy/tables.ts'
import { writeBackup } from '../../src/store/copy/write-backup.ts'
import { openDuckdbSource, openDuckdbTarget } from '../../src/store/duckdb/portable.ts'
import { createDuckdbStateReader, openDuckdbStore } from '../../src/store/duckdb/store.ts'
import { holdStore } from '../../src/store/postgres/held-store.ts'
import { openForWriting } from '../../src/store/postgres/open.ts'
import { openSource, openTarget } from '../../src/store/postgres/portable.ts'
import { readPostgresState } from '../../src/store/postgres/read-state.ts'
import {
  AT,
  cohort,
  createSurroundings,
  LATER,
  open,
  openDelta,
  people,
  settleAll,
  withMaps,
} from '../contract/store-under-test.ts'
import { findServer, makeSchemaName, readAside, runAside } from '../support/postgres-server.ts'

const server = await findServer()
/** Two sessions of one PostgreSQL within the process cannot each have a transaction under way. */
const isServed = server.url !== undefined
const ACCOUNTS = 'the test'

/** One kind of store, in a place of its own. */
interface Place {
  readonly source: () => Promise<PartReader>
  readonly target: (facts: StoreFacts) => Promise<CopyTarget>
  readonly store: () => Promise<Store>
  readonly state: () => Promise<unknown>
}

let folder: string
let schemas: string[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-copy-'))
  schemas = []
})
afterEach(async () => {
  for (const schema of schemas) await runAside(server, `DROP SCHEMA IF EXISTS ${schema} CASCADE`)
  await rm(folder, { recursive: true, force: true })
})

const terms = { target: ACCOUNTS, ...createSurroundings() }

const inFile = (name: string): Place => {
  const options = { ...terms, path: join(folder, `${name}.duckdb`) }
  return {
    source: () => openDuckdbSource(options),
    target: facts => openDuckdbTarget(options, facts),
    store: () => openDuckdbStore(options),
    state: async () => withMaps(await createDuckdbStateReader(options).readState()),
  }
}

const inDatabase = (): Place => {
  const schema = makeSchemaName()
  schemas.push(schema)
  const options = { ...terms, ...server, name: `test.${schema}`, schema, spoolFolder: join(folder, 'spool') }
  return {
    source: () => openSource(options),
    target: facts => openTarget(options, facts),
    store: async () => holdStore(await openForWriting(options), options),
    state: async () => withMaps(await readPostgresState(options)),
  }
}

/** Something in every table. */
const fillStore = async (place: Place): Promise<void> => {
  const store = await place.store()
  const strange = 'Ä"\u2028\u00a0ß'
  await store.commit([
    { kind: 'object', object: { ...cohort, remoteId: 'r1', hints: { updated_at: AT }, carriesFrom: 'old' } },
    { kind: 'object', object: { ...cohort, address: 'sendable.vip', kind: 'sendable' } },
    {
      kind: 'tombstone',
      tombstone: { name: 'ORC__Old__1d', address: 'cohort.vip', retiredAt: AT, reason: 'renamed' },
    },
    {
      kind: 'run',
      run: { runId: 'r1', command: 'apply', startedAt: AT, finishedAt: LATER, outcome: 'done' },
    },
    { kind: 'run', run: { runId: 'r2', command: 'sync', startedAt: AT } },
  ])
  for (let count = 0; count < 3; count += 1)
    await store.commit([
      {
        kind: 'journal',
        entry: { runId: 'r1', at: AT, address: 'cohort.vip', operation: 'add', phase: 'accepted', count },
      },
    ])
  await settleAll(store, people(['c1', 'usr_1'], ['c1', 'USR_1'], ['c2', 'usr_2'], ['c3', strange]))
  await settleAll(store, people(['c1', 'usr_1'], ['c9', 'usr_9']), 'winback')
  const delta = await openDelta(store, people(['c1', 'usr_1'], ['c4', 'usr_4'], ['c3', strange]))
  await store.commit([open('add', 1)])
  await delta.noteLeavers({ at: LATER, isComplete: true })
  await delta.close()
  await store.commit([
    { kind: 'rejected', audience: 'vip', identifier: 'usr_5', at: AT },
    { kind: 'assertion', audience: 'vip', is: 'begun', at: AT, reason: 'interval' },
    { kind: 'synced', audience: 'vip', at: LATER },
    {
      kind: 'evidence',
      evidence: { audience: 'vip', at: AT, runId: 'r1', source: 's', identifier: 'id', accepted: 2 },
    },
    {
      kind: 'allowance',
      allowance: { audience: 'vip', guard: 'coverage', reason: 'ä"\n', at: AT, runId: 'r1' },
    },
  ])
  const alert = { code: 'monitor/stale', audience: 'vip', summary: 's', detail: 'd', hint: 'h', since: AT }
  await store.commit([
    { kind: 'alert', alert },
    { kind: 'count', count: COUNT },
    { kind: 'count', count: { ...COUNT, runId: 'r2', added: 2 } },
  ])
  await store.close()
}

const COUNT = {
  audience: 'vip',
  at: AT,
  runId: 'r1',
  stage: 'live',
  ended: 'done',
  read: 4,
  wanted: 4,
  members: 4,
  added: 4,
  removed: 0,
  held: 0,
  skipped: 0,
  refused: [],
} as const

const silent = () => undefined

const copy = async (from: Place, to: Place, tell: Parameters<typeof copyStore>[2] = silent) => {
  const source = await from.source()
  try {
    const target = await to.target(source.facts)
    try {
      return await copyStore(source, target, tell)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** What the next delta makes of it, down to each person. */
const judge = async (place: Place) => {
  const store = await place.store()
  const delta = await openDelta(store, people(['c1', 'usr_1'], ['c2', 'usr_2'], ['c7', 'usr_7']))
  const judged = {
    counts: delta.counts,
    adds: await delta.readRows('add', 0, 100),
    removes: await delta.readRows('remove', 0, 100),
    journal: await store.readJournal(10),
    runs: await store.readRuns(10),
    overlaps: await store.readOverlaps(),
  }
  await delta.close()
  await store.close()
  return judged
}

const WAYS = [
  ['file', 'file'],
  ['file', 'database'],
  ['database', 'file'],
  ['database', 'database'],
] as const

const place = (kind: 'file' | 'database', name: string): Place =>
  kind === 'file' ? inFile(name) : inDatabase()

describe.each(isServed ? WAYS : WAYS.slice(0, -1))('a copy from %s to %s', (fromKind, toKind) => {
  test('is the same store: its state, what the next sync would do, and what people read', async () => {
    const [from, to] = [place(fromKind, 'from'), place(toKind, 'to')]
    await fillStore(from)
    const before = await from.state()
    const copied = await copy(from, to)
    expect(copied.tables.filter(({ rows }) => rows === 0).map(({ name }) => name)).toEqual(['departures'])
    expect(await to.state()).toEqual(before)
    expect(await from.state()).toEqual(before)
    expect(await judge(to)).toEqual(await judge(from))
  })

  test('is gone on with after it was stopped, and belongs to nobody until it is whole', async () => {
    const [from, to] = [place(fromKind, 'from'), place(toKind, 'to')]
    await fillStore(from)
    const stop = (part: string) => {
      if (part === 'ledger of winback') throw new Error('stopped')
    }
    await expect(copy(from, to, stop)).rejects.toThrow('stopped')
    await expect(to.state()).rejects.toMatchObject({ failure: { code: 'store/other-target' } })
    await expect(to.store()).rejects.toMatchObject({ failure: { code: 'store/other-target' } })
    // Meanwhile the source goes on.
    const store = await from.store()
    await store.commit([
      { kind: 'drop-object', address: 'sendable.vip' },
      { kind: 'drop-ledger', audience: 'winback' },
    ])
    await store.close()
    const copied = await copy(from, to)
    expect(copied.found).toBeGreaterThan(5)
    expect(await to.state()).toEqual(await from.state())
    expect(await judge(to)).toEqual(await judge(from))
  })

  test('is not made over anything else', async () => {
    const [from, to] = [place(fromKind, 'from'), place(toKind, 'to')]
    await fillStore(from)
    await (await to.store()).close()
    const before = await to.state()
    await expect(copy(from, to)).rejects.toMatchObject({ failure: { code: 'state/target-in-use' } })
    expect(await to.state()).toEqual(before)
  })
})

test('a copy whose source was taken over is not finished, and a backup of it is not named', async () => {
  const [from, to] = [inDatabase(), inFile('to')]
  await fillStore(from)
  const source = await from.source()
  const target = await to.target(source.facts)
  const fenced = { failure: { code: 'store/fenced' } }
  await runAside(server, `UPDATE ${schemas[0]}.locks SET id = 'next'`)
  const path = join(folder, 'store.backup')
  const about = { store_id: 's', head: 1, accounts: ACCOUNTS, made_at: AT, muster_version: '0.0.0-test' }
  await expect(writeBackup(source, { path, about }, silent)).rejects.toMatchObject(fenced)
  await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
  await expect(copyStore(source, target, silent)).rejects.toMatchObject(fenced)
  await target.close()
  await expect(source.close()).rejects.toMatchObject(fenced)
  await expect(to.state()).rejects.toMatchObject({ failure: { code: 'store/other-target' } })
})

test('a text that begins with a byte order mark is copied with it', async () => {
  const [from, to] = [inFile('from'), inDatabase()]
  const store = await from.store()
  await settleAll(store, people(['c0', 'usr_0'], ['\ufeffc1', '\ufeffusr_1']))
  await store.close()
  await copy(from, to)
  const rows = await readAside(
    server,
    `SELECT person, identifier FROM ${schemas[0]}.ledger WHERE person <> 'c0'`,
  )
  expect(rows).toEqual([{ person: '\ufeffc1', identifier: '\ufeffusr_1' }])
})

test('a file that is no store, or no database at all, is not written to', async () => {
  const from = inFile('from')
  await fillStore(from)
  await writeFile(join(folder, 'text.duckdb'), 'name: acme')
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(join(folder, 'other.duckdb'))
  const connection = await instance.connect()
  await connection.run('CREATE TABLE orders (id INTEGER)')
  connection.closeSync()
  instance.closeSync()
  for (const name of ['text', 'other'])
    await expect(copy(from, inFile(name))).rejects.toMatchObject({ failure: { code: 'state/target-in-use' } })
  expect(await readFile(join(folder, 'text.duckdb'), 'utf8')).toBe('name: acme')
})

test('a schema with tables of somebody else is not written to', async () => {
  const [from, to] = [inFile('from'), inDatabase()]
  await fillStore(from)
  await runAside(server, `CREATE SCHEMA ${schemas[0]}`)
  await runAside(server, `CREATE TABLE ${schemas[0]}.orders (id integer)`)
  await expect(copy(from, to)).rejects.toMatchObject({ failure: { code: 'state/target-in-use' } })
  await runAside(server, `DROP TABLE ${schemas[0]}.orders`)
  expect((await copy(from, to)).found).toBe(0)
})

describe.each(['file', 'database'] as const)('a backup of a %s', kind => {
  const backUp = async (from: Place, path: string) => {
    const source = await from.source()
    const about = {
      store_id: source.facts.storeId,
      head: source.facts.head,
      accounts: ACCOUNTS,
      made_at: AT,
      muster_version: '0.0.0-test',
    }
    try {
      return await writeBackup(source, { path, about }, silent)
    } finally {
      await source.close()
    }
  }
  const restore = async (path: string, to: Place) => {
    const backup = await openBackup(path)
    const target = await to.target(backup.facts)
    try {
      return await copyStore(backup, target, silent)
    } finally {
      await target.close()
      await backup.close()
    }
  }

  test('makes the same store again, in either kind of place, and only its owner may read it', async () => {
    const from = place(kind, 'from')
    await fillStore(from)
    const path = join(folder, 'store.backup')
    const tables = await backUp(from, path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    for (const to of [inFile('again'), inDatabase()]) {
      expect((await restore(path, to)).tables).toEqual(tables)
      expect(await to.state()).toEqual(await from.state())
    }
    expect((await restore(path, inFile('once-more'))).found).toBe(0)
    await expect(backUp(from, path)).rejects.toMatchObject({ failure: { code: 'state/file-exists' } })
  })

  test('is refused when anything in it is damaged, before anything is written', async () => {
    const from = place(kind, 'from')
    await fillStore(from)
    const path = join(folder, 'store.backup')
    await backUp(from, path)
    const packed = await readFile(path)
    const lines = gunzipSync(packed).toString('utf8').split('\n')
    const damaged: [string, Buffer][] = [
      ['cut off', packed.subarray(0, packed.length - 20)],
      ['no backup at all', Buffer.from('name: acme\n')],
      ['without its last line', gzipSync(lines.slice(0, -2).join('\n'))],
      ['a row less', gzipSync(lines.filter(line => !line.includes('usr_9')).join('\n'))],
      ['another person', gzipSync(lines.join('\n').replace('usr_9', 'usr_8'))],
      ['another head', gzipSync(lines.join('\n').replace('"head":', '"head":1'))],
      ['more after its end', gzipSync(`${lines.join('\n')}{"part":{"table":"objects"}}\n`)],
    ]
    for (const [what, bytes] of damaged) {
      await writeFile(path, bytes)
      const outcome = await openBackup(path).then(
        () => 'opened',
        error => error.failure?.code ?? String(error),
      )
      expect(`${what}: ${outcome}`).toBe(`${what}: state/bad-backup`)
    }
  })
})

describe('nothing is forgotten', () => {
  /** What belongs to a place, and what an engine works out by itself. */
  const LEFT_OUT = ['fence', 'head', 'identity', 'ledger_counts', 'locks', 'schema_version', 'target']
  const WORKED_OUT = ['folded', 'seq']

  const COPIED = TABLES.flatMap(({ name, columns }) => columns.map(([column]) => `${name}.${column}`)).sort()

  const copied = (rows: readonly unknown[]): string[] =>
    (rows as { readonly table_name: string; readonly column_name: string }[])
      .filter(row => !LEFT_OUT.includes(row.table_name) && !WORKED_OUT.includes(row.column_name))
      .map(row => `${row.table_name}.${row.column_name}`)
      .sort()

  test('of the tables in a file', async () => {
    await (await inFile('new').store()).close()
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const instance = await DuckDBInstance.create(join(folder, 'new.duckdb'), { access_mode: 'READ_ONLY' })
    const connection = await instance.connect()
    const columns = await connection.runAndReadAll(
      'SELECT table_name, column_name FROM information_schema.columns',
    )
    expect(copied(columns.getRowObjectsJS())).toEqual(COPIED)
    connection.closeSync()
    instance.closeSync()
  })

  test('of the tables in a database', async () => {
    await (await inDatabase().store()).close()
    const columns = await readAside(
      server,
      `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = '${schemas[0]}'`,
    )
    expect(copied(columns)).toEqual(COPIED)
  })
})
