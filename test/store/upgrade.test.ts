import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SpooledPerson, Store } from '../../src/ports.ts'
import { MIGRATIONS } from '../../src/store/duckdb/migrations.ts'
import { openDuckdbStore } from '../../src/store/duckdb/store.ts'
import { rulesAt, sticky } from '../contract/run-day.ts'
import { AT, createSurroundings, identifiers } from '../contract/store-under-test.ts'

let folder: string
let store: Store
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-upgrade-'))
  const path = join(folder, 'local.duckdb')
  await makeOldStore(path)
  store = await openDuckdbStore({ path, target: 'the test', ...createSurroundings() })
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

/** A store as version 2 left it: calls without an answer, a twin, and somebody under two identifiers. */
const makeOldStore = async (path: string): Promise<void> => {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  await connection.run(`
    CREATE TABLE schema_version (version INTEGER PRIMARY KEY);
    INSERT INTO schema_version VALUES (1), (2);
    ${MIGRATIONS[0]}
    ${MIGRATIONS[1]}
    INSERT INTO target VALUES ('the test');
    INSERT INTO identity VALUES ('store-1');
    INSERT INTO ledger VALUES
      ('vip', 'c1', 'usr_1', '2026-11-20 10:00:00'), ('vip', 'c2', 'USR_2', '2026-11-20 10:00:00'),
      ('vip', 'c3', 'usr_3', '2026-11-20 10:00:00'), ('vip', 'c3', 'usr_3_new', '2026-11-22 10:00:00');
    INSERT INTO unsettled VALUES ('vip', 'usr_1'), ('vip', 'usr_9');
    INSERT INTO synced VALUES ('vip', '${AT}');
    INSERT INTO ledger_counts VALUES ('vip', 4)
  `)
  connection.closeSync()
  instance.closeSync()
}

const compare = async (people: readonly SpooledPerson[], rules = rulesAt(0)) => {
  const spool = await store.openSpool('vip')
  await spool.append(people)
  return spool.computeDelta({ rules })
}

test('calls that an older muster left open stay in doubt, and hold nothing back', async () => {
  const delta = await compare([
    { person: 'c1', identifier: 'usr_1' },
    { person: 'c2', identifier: 'USR_2' },
    { person: 'c3', identifier: 'usr_3' },
  ])
  expect(await identifiers(delta, 'add')).toEqual(['usr_1'])
  expect(await identifiers(delta, 'remove')).toEqual(['usr_3_new', 'usr_9'])
  expect(delta.counts).toMatchObject({
    recorded: 5,
    wanted: 3,
    held: { unsettled: 0 },
    keptOut: { unsettled: 0 },
  })
  await delta.close()
})

test('a twin of a member is known, though it was recorded before twins were looked for', async () => {
  const delta = await compare([{ person: 'c2', identifier: 'usr_2' }])
  expect(delta.counts.held['case-twin']).toBe(1)
  expect(await identifiers(delta, 'add')).toEqual(['usr_2'])
  await delta.close()
  const settled = await compare([
    { person: 'c2', identifier: 'USR_2' },
    { person: 'c4', identifier: 'usr_2' },
  ])
  await store.commit([{ kind: 'batch', audience: 'vip', list: 'add', from: 1, to: 1, at: AT }])
  await settled.close()
  const next = await compare([{ person: 'c2', identifier: 'USR_2' }])
  expect(next.counts.held['case-twin']).toBe(1)
  await next.close()
})

test('somebody under two identifiers is one person, and in since the earlier one', async () => {
  const both = await compare([
    { person: 'c3', identifier: 'usr_3' },
    { person: 'c3', identifier: 'usr_3_new' },
  ])
  expect(both.people).toBe(1)
  expect(await identifiers(both, 'remove')).toEqual(['USR_2', 'usr_1', 'usr_3', 'usr_9'])
  await both.close()
  const fourDays = rulesAt(1, { exit: sticky(4, 'entry') })
  const nobody = await compare([], fourDays)
  expect(nobody.counts.held.sticky).toBe(0)
  await nobody.close()
})

test('nobody is leaving, nothing was asserted, rejected or let pass', async () => {
  const { asserted, evidence, allowances, members, synced } = await store.readState()
  expect([asserted.size, evidence.size, allowances.size]).toEqual([0, 0, 0])
  expect([members.get('vip'), synced.get('vip')]).toEqual([4, AT])
  const delta = await compare([], rulesAt(0, { exit: sticky(1, 'exit') }))
  expect(delta.counts.held.sticky).toBe(4)
  await delta.close()
})
