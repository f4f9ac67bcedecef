import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failureOf } from '../../src/model/failure.ts'
import { EMPTY_STATE, type RecordedState } from '../../src/model/recorded.ts'
import type { JournalEntry, StoreWrite } from '../../src/model/store-write.ts'
import { openDuckdbStore, type StoreOptions } from '../../src/store/duckdb/store.ts'
import { replayStateLog, stateLogPath } from '../../src/store/state-log.ts'
import { openStateLog } from '../../src/store/state-log-writer.ts'
import {
  AT,
  cohort,
  createSurroundings,
  openDelta,
  people,
  settleAll,
  withMaps,
} from '../contract/store-under-test.ts'
import { anyWrite } from '../support/store-writes.ts'

let folder: string
let path: string
let options: StoreOptions
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-log-'))
  path = join(folder, 'local.duckdb')
  options = { path, target: 'the test', ...createSurroundings() }
})
afterEach(() => rm(folder, { recursive: true }))

const replay = async () => {
  const replayed = await replayStateLog(stateLogPath(path))
  if (!replayed) throw new Error('there is no log')
  return replayed
}
const readLines = async (): Promise<string[]> =>
  (await readFile(stateLogPath(path), 'utf8')).split('\n').slice(0, -1)

/** What a log can bring back: all but people and who holds the store. */
const withoutPeople = ({ lock, ...state }: RecordedState): RecordedState => ({
  ...withMaps(state),
  members: new Map(),
  synced: new Map(),
  asserted: new Map(),
})

/** Opens the store, commits each list of writes, and answers the state they lead to. */
const commitAll = async (...commits: readonly StoreWrite[][]): Promise<RecordedState> => {
  const store = await openDuckdbStore(options)
  for (const writes of commits) await store.commit(writes)
  const state = await store.readState()
  await store.close()
  return withoutPeople(state)
}

const entry: JournalEntry = {
  runId: 'r1',
  at: AT,
  address: 'cohort.vip',
  operation: 'create cohort',
  phase: 'intent',
}
const tombstone = {
  name: 'ORC__Old__1d',
  address: 'cohort.old',
  retiredAt: AT,
  reason: 'retired',
  cohortId: 'acme-old-g1',
} as const

describe('the log beside the store', () => {
  test('says whose it is, and has one line for each commit that it tells of', async () => {
    const state = await commitAll(
      [{ kind: 'journal', entry }],
      [{ kind: 'synced', audience: 'vip', at: AT }],
      [
        { kind: 'object', object: cohort },
        { kind: 'tombstone', tombstone },
      ],
    )
    expect((await readLines()).map(line => JSON.parse(line))).toEqual([
      { format_version: 1, store_id: 'id-1', target: 'the test' },
      { head: 0, writes: [{ kind: 'journal', entry }] },
      {
        head: 1,
        writes: [
          { kind: 'object', object: cohort },
          { kind: 'tombstone', tombstone },
        ],
      },
    ])
    expect(await replay()).toEqual({ state, target: 'the test', journal: [entry], damagedLines: 0 })
    expect((await stat(stateLogPath(path))).mode & 0o077).toBe(0)
  })

  test('never holds a person', async () => {
    const store = await openDuckdbStore(options)
    await settleAll(store, people(['c-secret', 'usr_secret']))
    const delta = await openDelta(store, [])
    const range = { audience: 'vip', list: 'remove', from: 1, to: 1 } as const
    await store.commit([
      { kind: 'object', object: cohort },
      { kind: 'member', audience: 'vip', member: { person: 'c-secret2', identifier: 'usr_secret2' }, at: AT },
      { kind: 'unsettled', audience: 'vip', identifier: 'usr_secret', direction: 'add', is: 'open', at: AT },
      { kind: 'unsettled-batch', is: 'open', at: AT, ...range },
      { kind: 'batch', at: AT, ...range },
      { kind: 'doubt-all', audience: 'vip' },
      { kind: 'move-ledger', from: 'vip', to: 'vip@g1' },
      { kind: 'drop-ledger', audience: 'vip@g1' },
    ])
    await delta.close()
    await store.close()
    const text = await readFile(stateLogPath(path), 'utf8')
    expect(text).toContain('"move-ledger"')
    expect(text).not.toContain('secret')
  })

  test('leads to the state of the store, whatever was written and wherever a crash cut it off', async () => {
    const step = fc.record({
      commits: fc.array(fc.array(anyWrite, { minLength: 1, maxLength: 3 }), { maxLength: 5 }),
      lostBytes: fc.nat({ max: 400 }),
    })
    let stores = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async steps => {
        stores += 1
        path = join(folder, `${stores}.duckdb`)
        options = { ...options, path }
        await commitAll()
        for (const { commits, lostBytes } of steps) {
          const header = (await readLines())[0]?.length ?? 0
          const { size } = await stat(stateLogPath(path))
          await truncate(stateLogPath(path), Math.max(header + 1, size - lostBytes))
          const store = await openDuckdbStore(options)
          const check = async () =>
            expect(await replay()).toMatchObject({
              state: withoutPeople(await store.readState()),
              damagedLines: 0,
            })
          await check()
          for (const writes of commits) {
            await store.commit(writes).catch(() => undefined)
            await check()
          }
          await store.close()
        }
      }),
      { numRuns: 12 },
    )
  })

  test('a line that is damaged at the end is left out and counted', async () => {
    const state = await commitAll([{ kind: 'object', object: cohort }])
    await appendFile(stateLogPath(path), '{"head":2,"writes":[{"kind":"drop-obj')
    expect(await replay()).toMatchObject({ state, damagedLines: 1 })
    await appendFile(
      stateLogPath(path),
      '\n{"head":"2","writes":[]}\n[]\n{"head":2,"writes":[{"kind":"batch"}]}\n',
    )
    expect(await replay()).toMatchObject({ state, damagedLines: 4 })
  })

  test('a line that is missing is counted', async () => {
    await commitAll(
      [{ kind: 'object', object: cohort }],
      [{ kind: 'tombstone', tombstone }],
      [{ kind: 'drop-object', address: 'cohort.vip' }],
    )
    const [header, first, , last] = await readLines()
    await writeFile(stateLogPath(path), `${[header, first, last].join('\n')}\n`)
    expect(await replay()).toMatchObject({ state: { head: 3 }, damagedLines: 1 })
  })

  test('without a log there is nothing to replay, and another file is refused', async () => {
    expect(await replayStateLog(stateLogPath(path))).toBeUndefined()
    await writeFile(stateLogPath(path), 'somebody’s notes\n')
    const failure = failureOf(await replay().catch((error: unknown) => error))
    expect(failure?.code).toBe('store/unreadable')
  })

  test('when it is lost, it begins again with all of the state', async () => {
    const state = await commitAll([{ kind: 'object', object: cohort }], [{ kind: 'tombstone', tombstone }])
    await rm(stateLogPath(path))
    await commitAll()
    expect(await readLines()).toHaveLength(2)
    expect(await replay()).toMatchObject({ state, damagedLines: 0 })
  })
})

describe('the log of a store that was lost', () => {
  test('stays while the new store is empty, and is then set aside', async () => {
    const lost = await commitAll([{ kind: 'object', object: cohort }])
    await rm(path)
    await commitAll([{ kind: 'journal', entry }])
    expect((await replay()).state).toEqual(lost)
    const state = await commitAll([
      { kind: 'journal', entry },
      { kind: 'tombstone', tombstone },
    ])
    expect((await replay()).state).toEqual(state)
    expect(state.storeId).not.toBe(lost.storeId)
    expect((await replayStateLog(`${stateLogPath(path)}.1`))?.state).toEqual(lost)
  })

  test('the same for an older copy of the store: what came after it is not overwritten', async () => {
    await commitAll([{ kind: 'object', object: cohort }])
    const copy = await readFile(path)
    const later = await commitAll([{ kind: 'tombstone', tombstone }])
    await writeFile(path, copy)
    const state = await commitAll([{ kind: 'journal', entry }])
    expect((await replay()).state).toEqual(state)
    expect((await replayStateLog(`${stateLogPath(path)}.1`))?.state).toEqual(later)
    expect((await readdir(folder)).sort()).toEqual([
      'local.duckdb',
      'local.duckdb.log.jsonl',
      'local.duckdb.log.jsonl.1',
      'local.duckdb.state.json',
    ])
  })
})

describe('the size of the log', () => {
  const logOptions = (state: () => RecordedState, maxBytes: number) => ({
    path: stateLogPath(path),
    storeId: 'id-1',
    target: 'the test',
    readState: async () => state(),
    maxBytes,
  })

  test('past its limit it is written anew as one state, and goes on from there', async () => {
    let state: RecordedState = { ...EMPTY_STATE, storeId: 'id-1' }
    const log = await openStateLog(logOptions(() => state, 2_000))
    let largest = 0
    for (let head = 1; head <= 200; head += 1) {
      const object = { ...cohort, attributes: { name: `ORC__Vip__${head}d` } }
      state = { ...state, head, objects: new Map([[cohort.address, object]]) }
      await log.append({ head, writes: [{ kind: 'object', object }] })
      largest = Math.max(largest, (await stat(stateLogPath(path))).size)
    }
    await log.close()
    expect(largest).toBeLessThan(2_500)
    expect(await replay()).toMatchObject({ state, damagedLines: 0 })
    expect((await stat(stateLogPath(path))).mode & 0o077).toBe(0)
  })

  test('a state that is longer than the limit is not written at every commit', async () => {
    const objects = new Map([[cohort.address, cohort]])
    const log = await openStateLog(
      logOptions(() => ({ ...EMPTY_STATE, storeId: 'id-1', head: 1, objects }), 10),
    )
    const sizes: number[] = []
    for (let count = 0; count < 6; count += 1) {
      await log.append({ head: 1, writes: [{ kind: 'journal', entry }] })
      sizes.push((await readLines()).length)
    }
    await log.close()
    expect(sizes.filter(lines => lines > 2).length).toBeGreaterThan(2)
  })
})
