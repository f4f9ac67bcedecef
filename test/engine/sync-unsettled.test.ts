import { describe, expect, test } from 'vitest'
import { anAudience } from '../support/audience.ts'
import { openSyncWorld, type SyncWorld, someUsers } from '../support/sync-world.ts'

const open = async (): Promise<SyncWorld> => {
  const world = await openSyncWorld({ audiences: [anAudience()] })
  world.people('vip', someUsers(10))
  await world.sync()
  world.forgetCalls()
  return world
}

const row = async (world: SyncWorld) => world.row(await world.sync(), 'vip')

const AT_10_14 = '2026-11-23T10:14:59.999Z'
/** Calls take a millisecond. */
const AT_10_15 = '2026-11-23T10:15:00.001Z'

describe('nobody is in an add and a remove that both have no answer', () => {
  test.each(['lost, done', 'lost, not done'] as const)(
    'an add is %s, the person leaves: for a quarter of an hour no remove is sent',
    async fate => {
      const world = await open()
      world.people('vip', someUsers(12))
      world.answer = () => fate
      await world.sync()
      world.answer = () => undefined
      world.people('vip', someUsers(10))
      world.forgetCalls()
      world.now = AT_10_14
      expect(await row(world)).toMatchObject({ removed: 0, held: 2, heldBy: { unsettled: 2 } })
      expect(world.calls).toEqual([])
      world.now = AT_10_15
      expect(await row(world)).toMatchObject({ removed: 2, held: 0, accepted: 10 })
      expect(world.members('vip')).toEqual(someUsers(10))
    },
  )

  test.each(['lost, done', 'lost, not done'] as const)(
    'a remove is %s, the person comes back: for a quarter of an hour neither an add nor a remove is sent',
    async fate => {
      const world = await open()
      world.people('vip', someUsers(9))
      world.answer = () => fate
      await world.sync()
      world.people('vip', someUsers(10))
      world.forgetCalls()
      world.now = AT_10_14
      world.answer = () => undefined
      expect(await row(world)).toMatchObject({
        added: 0,
        removed: 0,
        heldBy: { unsettled: 1 },
        keptOut: { unsettled: 1 },
      })
      expect(world.calls).toEqual([])
      world.now = AT_10_15
      expect(await row(world)).toMatchObject({ added: 1, removed: 0, accepted: 10 })
      expect(world.members('vip')).toEqual(someUsers(10))
    },
  )

  test('the quarter of an hour begins when the last attempt is over, however long the run took until then', async () => {
    const world = await open()
    world.people('vip', someUsers(12))
    world.callTakesMs = 30 * 60_000
    world.answer = () => 'lost, done'
    await world.sync()
    world.answer = () => undefined
    world.people('vip', someUsers(10))
    world.now = '2026-11-23T10:44:59.000Z'
    expect(await row(world)).toMatchObject({ removed: 0, heldBy: { unsettled: 2 } })
    world.now = '2026-11-23T10:45:00.000Z'
    expect(await row(world)).toMatchObject({ removed: 2 })
  })

  test('the same call again is no contrary one: it is sent at once', async () => {
    const world = await open()
    world.people('vip', someUsers(12))
    world.answer = () => 'lost, not done'
    await world.sync()
    world.answer = () => undefined
    expect(await row(world)).toMatchObject({ added: 2, accepted: 12 })
  })
})
