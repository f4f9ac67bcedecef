import { describe, expect, test } from 'vitest'
import { hasServer, runOn } from '../support/postgres-database.ts'
import { openWorld } from '../support/world.ts'

const AUDIENCES = ['vip', 'recent-purchasers', 'cart-abandon']

describe.skipIf(!(await hasServer()))('a store in PostgreSQL', () => {
  const open = () => openWorld({ store: 'postgres', audiences: AUDIENCES })

  test('serves every command, and a second plan and sync find nothing to do', async () => {
    const world = await open()
    expect((await world.plan({ detailedExitcode: true })).exitCode).toBe(2)
    await world.settle()
    expect((await world.sync()).exitCode).toBe(0)
    await world.forgetRequests()
    expect((await world.plan({ detailedExitcode: true })).exitCode).toBe(0)
    expect((await world.sync()).exitCode).toBe(0)
    expect((await world.requests('moengage')).filter(({ write }) => write)).toEqual([])
    expect((await world.report()).exitCode).toBe(0)
    expect((await world.drift()).exitCode).toBe(0)
    expect((await world.stored.show('cohort.vip')).exitCode).toBe(0)
    expect((await world.doctor()).out).toContain('nobody holds it')
  })

  test('is made by what writes, not by what looks', async () => {
    const world = await open()
    expect((await world.stored.list()).out).toBe('There is no store yet.\n')
    await world.plan()
    const { databaseUrl = '' } = world
    expect(await runOn(databaseUrl, "SELECT 1 FROM pg_namespace WHERE nspname LIKE 'muster%'")).toEqual([])
  })

  test('shows who holds it, and is freed under the id of the lock alone', async () => {
    const world = await open()
    await world.settle()
    const store = await world.openStore()
    try {
      const { out } = await world.stored.list()
      expect(out).toContain(`Held by tester@example (test, lock ${store.lock.id}, fence `)
      expect(await world.sync()).toMatchObject({ exitCode: 1, failed: 'store/busy' })
      expect(await world.stored.unlock('another')).toMatchObject({ exitCode: 1, failed: 'store/other-lock' })
      const unlocked = await world.stored.unlock(store.lock.id)
      expect(unlocked.out).toContain(
        `Removed lock ${store.lock.id} of \`muster test\` by tester@example, taken `,
      )
      await expect(store.commit([])).rejects.toMatchObject({ failure: { code: 'store/fenced' } })
    } finally {
      await store.close()
    }
  })

  test('needs the variable that the workspace names, but for what looks at no store', async () => {
    const world = await open()
    await world.edit('workspace.yaml', { store: { postgres: { url_env: 'SHOP_DATABASE' } } })
    const planned = await world.plan({ store: undefined })
    expect(planned).toMatchObject({ exitCode: 1, failed: 'config/no-database' })
    expect(planned.err).toContain('The variable SHOP_DATABASE is not set')
    expect((await world.plan({ store: undefined, offline: true })).exitCode).toBe(0)
  })

  test('tells nothing of its URL, whatever is wrong with it', async () => {
    const world = await open()
    for (const store of [
      'postgres://someone:hush-hush@127.0.0.1:1/test',
      'postgres://someone:hush-hush@127.0.0.1/test?sslmode=hush-hush',
      'postgres://someone:hush-hush@[/test',
    ]) {
      const { exitCode, out, err } = await world.plan({ store })
      expect(exitCode).toBe(1)
      expect(out + err).not.toMatch(/hush|someone/)
    }
  })
})
