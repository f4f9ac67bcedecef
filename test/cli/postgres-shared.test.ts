import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSwitchboard, runProcess } from '../faults/process.ts'
import { hasServer } from '../support/postgres-database.ts'
import { canMakeCluster, makeCluster, type PrivateCluster } from '../support/private-cluster.ts'
import { openWorld, type World } from '../support/world.ts'

const AUDIENCES = ['vip', 'recent-purchasers']
/** Room for ten members: so many calls that something can come between two of them. */
const BATCH_BYTES = 436

const writesOf = async (world: World) =>
  (await world.requests('moengage')).filter(({ write, status }) => write && status < 300)

/** As MoEngage's own side has them. */
const membersOf = async (world: World): Promise<readonly unknown[]> => {
  const { cohorts } = await world.ask<{ cohorts: readonly { name: string }[] }>('moengage', 'cohorts')
  return Promise.all(
    cohorts.map(async ({ name }) => [
      name,
      (await world.ask<{ members: readonly string[] }>('moengage', `cohorts/${name}`)).members.toSorted(),
    ]),
  )
}

describe.skipIf(!(await hasServer()))('two runners start at once on the same audiences', () => {
  test('one works, the other waits or is refused; nobody is sent twice, and nothing is left to do', async () => {
    const switchboard = createSwitchboard()
    const world = await openWorld({
      store: 'postgres',
      audiences: AUDIENCES,
      population: 2_000,
      onRequest: switchboard.onRequest,
    })
    await world.settle()
    await world.forgetRequests()
    const sync = () =>
      runProcess(world, ['sync'], { switchboard: createSwitchboard(), batchBytes: BATCH_BYTES })
    const ended = await Promise.all([sync(), sync()])
    for (const { exitCode, text } of ended)
      expect(exitCode === 0 || /in use\. It is held by .* \[store\/busy\]/s.test(text), text).toBe(true)
    expect(ended.map(({ exitCode }) => exitCode)).toContain(0)
    const sent = (await writesOf(world)).reduce((sum, { members = 0 }) => sum + members, 0)
    const { members } = await world.state()
    // Whoever the cohort was born with is in already.
    const born = AUDIENCES.length
    expect(sent).toBe([...members.values()].reduce((sum, count) => sum + count, 0) - born)
    await world.forgetRequests()
    expect((await world.sync()).exitCode).toBe(0)
    expect(await writesOf(world)).toEqual([])
  })
})

describe.skipIf(!canMakeCluster())(
  'the server is killed in the middle of a sync (skipped without PostgreSQL)',
  () => {
    let cluster: PrivateCluster
    beforeAll(async () => {
      cluster = await makeCluster()
      await cluster.start()
    })
    afterAll(() => cluster.remove())

    test('the run says so, and after the server has started again the next one converges', async () => {
      const switchboard = createSwitchboard()
      const store = cluster.url
      const world = await openWorld({
        audiences: AUDIENCES,
        population: 600,
        onRequest: switchboard.onRequest,
      })
      expect((await world.apply({ store })).exitCode).toBe(0)
      switchboard.listen(async ({ write, phase }) => {
        if (!write || phase !== 'before') return
        switchboard.listen(() => undefined)
        await cluster.stop('immediate')
      })
      const killed = await world.sync({ store })
      expect(killed).toMatchObject({ exitCode: 1, failed: 'store/unreachable' })
      expect(killed.out + killed.err).not.toContain(store)
      expect((await world.plan({ store })).failed).toBe('store/unreachable')
      await cluster.start()
      await wait(100)
      await world.advance('20m')
      const again = await world.sync({ store })
      expect(again.exitCode).toBe(0)
      await world.forgetRequests()
      expect((await world.sync({ store })).exitCode).toBe(0)
      expect(await writesOf(world)).toEqual([])
      expect((await world.plan({ store, detailedExitcode: true })).exitCode).toBe(0)

      const undisturbed = await openWorld({ audiences: AUDIENCES, population: 600, store: 'duckdb' })
      await undisturbed.settle()
      await undisturbed.advance('20m')
      await undisturbed.sync()
      expect(await membersOf(world)).toEqual(await membersOf(undisturbed))
    })
  },
)
