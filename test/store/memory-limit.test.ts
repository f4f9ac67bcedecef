import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { holdStore } from '../../src/store/duckdb/held-store.ts'
import { openForWriting } from '../../src/store/duckdb/open.ts'
import { rulesAt } from '../contract/run-day.ts'
import { AT, createSurroundings } from '../contract/store-under-test.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-memory-'))
})
afterEach(() => rm(folder, { recursive: true }))

const MEMBERS = 150_000
const person = (number: number) => ({
  person: `03000010${number.toString(16).padStart(8, '0')}`,
  identifier: `usr_${String(number).padStart(10, '0')}`,
})

test('the engine keeps to its limit, and compares more than fits into it', { timeout: 120_000 }, async () => {
  const options = {
    path: join(folder, 'local.duckdb'),
    target: 'the test',
    memoryLimit: '80MB',
    ...createSurroundings(),
  }
  const connection = await openForWriting(options)
  const [setting] = await connection.readRows("SELECT current_setting('memory_limit') AS bytes")
  expect(setting?.bytes).toBe('76.2 MiB')
  const store = await holdStore(connection, options)
  for (const first of [0, 1_000]) {
    const spool = await store.openSpool('vip')
    await spool.append(Array.from({ length: MEMBERS }, (_each, index) => person(first + index)))
    const delta = await spool.computeDelta({ rules: rulesAt(0) })
    const [adds, removes] = first === 0 ? [MEMBERS, 0] : [1_000, 1_000]
    expect(delta.people).toBe(MEMBERS)
    expect(delta.counts).toMatchObject({ wanted: MEMBERS, adds, removes })
    await store.commit([{ kind: 'batch', audience: 'vip', list: 'add', from: 1, to: adds, at: AT }])
    if (removes > 0)
      await store.commit([{ kind: 'batch', audience: 'vip', list: 'remove', from: 1, to: removes, at: AT }])
    await delta.close()
    expect((await store.readState()).members.get('vip')).toBe(MEMBERS)
  }
  await store.close()
})
