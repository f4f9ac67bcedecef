import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hasServer } from '../support/postgres-database.ts'
import { openWorld, type World } from '../support/world.ts'

const AUDIENCES = ['vip', 'recent-purchasers']

/** Two audiences, applied and synced. */
const openSynced = async (store: 'duckdb' | 'postgres'): Promise<World> => {
  const world = await openWorld({ store, audiences: AUDIENCES, population: 300 })
  await world.settle()
  expect((await world.sync()).exitCode).toBe(0)
  return world
}

/** A rehearsal: with this store nothing is to be done. */
const expectNothingToDo = async (world: World, store: string): Promise<void> => {
  await world.forgetRequests()
  expect((await world.plan({ store, detailedExitcode: true })).exitCode).toBe(0)
  expect((await world.sync({ store })).exitCode).toBe(0)
  for (const vendor of ['customerio', 'moengage'] as const)
    expect((await world.requests(vendor)).filter(({ write }) => write)).toEqual([])
}

describe('backup and restore', () => {
  test('a store that is lost comes back from its backup, and nothing is to be done', async () => {
    const world = await openSynced('duckdb')
    const file = join(world.folder, 'muster.backup')
    const backedUp = await world.stored.backup(file)
    expect(backedUp.out).toMatch(/^table +rows {2}digest\nobjects +\d+ {2}[0-9a-f]{12}\n/)
    expect(backedUp.out).toContain('It holds identifiers of people: keep it as you keep the store.')
    const store = `duckdb:${join(world.folder, 'again.duckdb')}`
    await world.advance('2h')
    const restored = await world.stored.restore(file, { store })
    expect(restored.out).toContain(`The backup was made at 2026-11-23T10:0`)
    expect(restored.out).toContain('2 h ago. What it cannot know is what happened since:')
    await expectNothingToDo(world, store)
    expect(await world.stored.restore(file, { store })).toMatchObject({ failed: 'state/target-in-use' })
    expect(await world.stored.backup(file)).toMatchObject({ failed: 'state/file-exists' })
  })

  test('what was never there cannot be copied', async () => {
    const world = await openWorld({ store: 'duckdb', audiences: AUDIENCES })
    const file = join(world.folder, 'muster.backup')
    expect(await world.stored.backup(file)).toMatchObject({ exitCode: 1, failed: 'state/no-store' })
    expect(await world.stored.restore(file)).toMatchObject({ exitCode: 1, failed: 'state/no-backup' })
    expect(existsSync(file)).toBe(false)
  })
})

describe.skipIf(!(await hasServer()))('migrate', () => {
  test('from a file to a database and back: nothing is to be done in either, and the first is as it was', async () => {
    const world = await openSynced('postgres')
    const file = `duckdb:${join(world.folder, 'file.duckdb')}`
    const out = await world.stored.migrate(file)
    expect(out.out).toContain(
      `were copied from "postgres:muster_local" to "${join(world.folder, 'file.duckdb')}"; each table was read back and is the same.`,
    )
    const before = await world.state()
    await expectNothingToDo(world, file)
    const back = await world.stored.migrate('postgres:MUSTER_DATABASE_URL', { from: file })
    expect(back).toMatchObject({ exitCode: 1, failed: 'state/target-in-use' })
    expect((await world.state()).objects).toEqual(before.objects)
    await expectNothingToDo(world, 'postgres:MUSTER_DATABASE_URL')
    expect(await world.stored.migrate('postgres:MUSTER_DATABASE_URL')).toMatchObject({
      failed: 'state/same-place',
    })
    expect(await world.stored.migrate('sqlite:x')).toMatchObject({ failed: 'unsupported/store' })
  })

  test('waits for nobody: a store that a run holds is not copied', async () => {
    const world = await openSynced('postgres')
    const store = await world.openStore()
    try {
      const migrated = await world.stored.migrate(`duckdb:${join(world.folder, 'file.duckdb')}`)
      expect(migrated).toMatchObject({ exitCode: 1, failed: 'store/busy' })
    } finally {
      await store.close()
    }
  })

  test('a reviewed plan is still good in the other place', async () => {
    const world = await openSynced('duckdb')
    await world.edit('vip.yaml', { description: 'Whoever bought a lot in the last year.' })
    const planFile = join(world.folder, 'plan.json')
    await world.edit('vip.yaml', { name: 'ORC__BestCustomers__365d' })
    expect((await world.plan({ out: planFile, detailedExitcode: true })).exitCode).toBe(2)
    const store = `duckdb:${join(world.folder, 'other.duckdb')}`
    expect((await world.stored.migrate(store)).exitCode).toBe(0)
    expect((await world.apply({ store, planFile })).exitCode).toBe(0)
  })
})
