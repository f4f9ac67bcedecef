import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { hasServer, makeDatabase } from '../support/postgres-database.ts'
import { openWorld } from '../support/world.ts'
import { type CrashPoint, createSwitchboard, runProcess } from './process.ts'

describe.skipIf(!(await hasServer()))('migrate, killed at a commit, is finished by running it again', () => {
  const databases: Awaited<ReturnType<typeof makeDatabase>>[] = []
  afterAll(async () => {
    for (const { drop } of databases) await drop()
  })
  const emptyDatabase = async (): Promise<string> => {
    const database = await makeDatabase()
    databases.push(database)
    return database.url
  }

  test.each(['duckdb', 'postgres'] as const)('from a store of the kind %s', async from => {
    const world = await openWorld({ store: from, audiences: ['vip', 'recent-purchasers'], population: 300 })
    await world.settle()
    expect((await world.sync()).exitCode).toBe(0)
    const before = await world.state()
    let made = 0
    const makePlace = async (): Promise<string> => {
      made += 1
      return from === 'duckdb' ? await emptyDatabase() : `duckdb:${join(world.folder, `${made}.duckdb`)}`
    }
    const migrate = (to: string, point?: CrashPoint) =>
      runProcess(world, ['state', 'migrate', '--to', to], {
        switchboard: createSwitchboard(),
        ...(point === undefined ? {} : { point }),
      })
    const undisturbed = await migrate(await makePlace())
    expect(undisturbed.exitCode, undisturbed.text).toBe(0)
    const last = undisturbed.commits.length
    for (const point of [
      { at: 'commit', number: 3, when: 'after' },
      { at: 'commit', number: Math.floor(last / 2), when: 'before' },
      { at: 'commit', number: last - 1, when: 'before' },
    ] as const) {
      const to = await makePlace()
      const killed = await migrate(to, point)
      expect(killed.exitCode, killed.text).toBeUndefined()
      expect((await world.plan({ store: to })).failed).toMatch(/^store\/(?:other-target|older|busy)$/)
      const again = await migrate(to)
      expect(again.exitCode, again.text).toBe(0)
      expect((await world.plan({ store: to, detailedExitcode: true })).exitCode).toBe(0)
    }
    expect((await world.state()).objects).toEqual(before.objects)
  })
})
