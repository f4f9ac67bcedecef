import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EMPTY_STATE, type RecordedObject, type RecordedState } from '../../src/model/recorded.ts'
import type { StoreWrite } from '../../src/model/store-write.ts'
import type { Store } from '../../src/ports.ts'
import type { Connection } from '../../src/store/duckdb/connection.ts'
import { holdStore } from '../../src/store/duckdb/held-store.ts'
import { openForWriting } from '../../src/store/duckdb/open.ts'
import { createDuckdbStateReader, openDuckdbStore } from '../../src/store/duckdb/store.ts'
import { createPublisher } from '../../src/store/publisher.ts'
import type { Statements } from '../../src/store/sql/statements.ts'
import { cohort, createSurroundings } from '../contract/store-under-test.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-work-'))
  path = join(folder, 'local.duckdb')
})
afterEach(() => rm(folder, { recursive: true }))

const makeObject = (number: number): RecordedObject => ({
  ...cohort,
  address: `cohort.a-${number}`,
  audience: `a-${number}`,
})
const makeObjects = (count: number): RecordedObject[] =>
  Array.from({ length: count }, (_each, number) => makeObject(number))
const record = (objects: readonly RecordedObject[]): StoreWrite[] =>
  objects.map(object => ({ kind: 'object', object }))

/** Passes everything on, and remembers the statements. */
const countStatements = (connection: Connection) => {
  const seen: string[] = []
  const watch = (inner: Statements): Statements => ({
    engine: inner.engine,
    run: (sql, values) => {
      seen.push(sql)
      return inner.run(sql, values)
    },
    runOnColumns: (sql, columns) => {
      seen.push(sql)
      return inner.runOnColumns(sql, columns)
    },
    readRows: (sql, values) => {
      seen.push(sql)
      return inner.readRows(sql, values)
    },
  })
  const counted: Connection = {
    ...connection,
    readRows: (sql, values) => {
      seen.push(sql)
      return connection.readRows(sql, values)
    },
    transact: work => connection.transact(inner => work(watch(inner))),
  }
  return {
    counted,
    takeStatements: (): string[] => seen.splice(0),
  }
}

describe('the statements of a commit', () => {
  const statementsOf = async (recorded: number, write: (store: Store) => Promise<void>) => {
    const options = { path: `${path}.${recorded}`, target: 'the test', ...createSurroundings() }
    const { counted, takeStatements } = countStatements(await openForWriting(options))
    const store = await holdStore(counted, options)
    await store.commit(record(makeObjects(recorded)))
    takeStatements()
    await write(store)
    const statements = takeStatements()
    await store.close()
    return statements
  }

  test('are as many in a store of 2,000 objects as in one of 10, and none of them reads the objects', async () => {
    const step = async (store: Store): Promise<void> => {
      for (let number = 0; number < 10; number += 1) {
        expect((await store.readState()).objects.has(`cohort.a-${number}`)).toBe(true)
        await store.commit(record([{ ...makeObject(number), status: 'seen' }]))
      }
    }
    const few = await statementsOf(10, step)
    const many = await statementsOf(2_000, step)
    expect(many).toEqual(few)
    expect(many.length).toBeLessThanOrEqual(60)
    expect(many.filter(sql => /FROM (objects|tombstones)/.test(sql))).toEqual([])
  })

  test('are as many for 2,000 objects as for one', async () => {
    const one = await statementsOf(1, store => store.commit(record(makeObjects(1))))
    const many = await statementsOf(3, store => store.commit(record(makeObjects(2_000))))
    expect(many).toEqual(one)
  })
})

test('20,000 objects go in with one commit, in the memory that a store has', {
  timeout: 60_000,
}, async () => {
  const options = { path, target: 'the test', ...createSurroundings() }
  const store = await openDuckdbStore(options)
  await store.commit(record(makeObjects(20_000)))
  await store.close()
  const { objects, head } = await createDuckdbStateReader(options).readState()
  expect([objects.size, head]).toEqual([20_000, 1])
})

describe('what is published', () => {
  /** The sizes of the snapshots that are written over so many commits. */
  const publishOver = async (
    commits: number,
    stateAfter: (commit: number) => RecordedState,
  ): Promise<number[]> => {
    let commit = 0
    let isRead = false
    const publisher = createPublisher({ path, target: 'the test' }, async () => {
      isRead = true
      return stateAfter(commit)
    })
    await publisher.publish()
    const sizes: number[] = []
    for (commit = 1; commit <= commits; commit += 1) {
      isRead = false
      await publisher.publishWhenDue()
      if (!isRead) continue
      sizes.push((await stat(`${path}.state.json`)).size)
    }
    return sizes
  }
  const stateAt = (objects: readonly RecordedObject[]) => {
    const known = new Map(objects.map(object => [object.address, object]))
    return (commit: number): RecordedState => ({ ...EMPTY_STATE, head: commit, objects: known })
  }

  test('of a small store is current after every commit', async () => {
    expect(await publishOver(20, stateAt(makeObjects(100)))).toHaveLength(20)
  })

  test('of a large one is written so rarely that a commit pays for 64 KB of it at most', async () => {
    const snapshots = await publishOver(1_000, stateAt(makeObjects(5_000)))
    const size = snapshots[0] ?? 0
    expect(size).toBeGreaterThan(1_000_000)
    expect(snapshots.length).toBe(Math.floor(1_000 / (Math.floor(size / 65_536) + 1)))
    expect(snapshots.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(1_000 * 65_536)
  })
})
