import { describe, expect, test } from 'vitest'
import { FailureError } from '../../src/model/failure.ts'
import { anAudience } from '../support/audience.ts'
import { openSyncWorld, refusal, type SyncWorld, someUsers } from '../support/sync-world.ts'

const IDS = ['vip', 'winback', 'loyal', 'lapsed']

const audiences = IDS.map((id, index) =>
  anAudience({
    id,
    name: `ACT__${id}__60d`,
    intent: 'activation',
    source: { kind: 'segment', segmentId: 20 + index, name: `Segment ${id}` },
    suppressedBy: id === 'lapsed' ? ['vip'] : [],
  }),
)

const open = async (): Promise<SyncWorld> => {
  const world = await openSyncWorld({ audiences })
  for (const id of IDS) world.people(id, someUsers(5))
  return world
}

/** The list without these cohorts. */
const hide = (world: SyncWorld, ...ids: readonly string[]): void => {
  const names = new Set(audiences.filter(({ id }) => ids.includes(id)).map(({ name }) => name))
  const all = world.list()
  world.list = () => all.filter(({ name }) => !names.has(name))
}

describe('a cohort that MoEngage lists no longer', () => {
  test('gets nothing, and whoever it suppresses gains nobody; the others go on', async () => {
    const world = await open()
    hide(world, 'vip')
    const end = await world.sync()
    expect(end.reports.map(({ result, note }) => [result.id, result.added, note ?? ''])).toEqual([
      ['lapsed', 0, ''],
      ['loyal', 5, ''],
      ['vip', 0, 'lost'],
      ['winback', 5, ''],
    ])
    expect(end.reports.flatMap(({ findings }) => findings.map(({ code }) => code))).toEqual([
      'guard/suppression',
      'sync/cohort-lost',
    ])
    expect(world.calls.some(({ cohort }) => cohort === 'ACT__vip__60d')).toBe(false)
  })

  test('is synced again once it is listed: a list may leave something out', async () => {
    const world = await open()
    const list = world.list
    hide(world, 'vip')
    await world.sync()
    world.list = list
    await world.sync()
    for (const id of IDS) expect(world.members(id)).toEqual(someUsers(5))
  })

  test('is not believed to be lost by a list that shows none of them', async () => {
    const world = await open()
    world.list = () => []
    const end = await world.sync()
    expect(end.reports.map(({ result }) => result.added)).toEqual([5, 5, 5, 5])
    expect(end.findings).toMatchObject([{ code: 'sync/list-not-read', severity: 'warning' }])
  })
})

describe('the list', () => {
  const count = (world: SyncWorld) => {
    const list = world.list
    const asked = { times: 0 }
    world.list = () => {
      asked.times += 1
      return list()
    }
    return asked
  }

  test('is asked for once, however many audiences there are', async () => {
    const world = await open()
    const asked = count(world)
    const end = await world.sync()
    expect(asked.times).toBe(1)
    expect(end.findings).toEqual([])
  })

  test('that cannot be read holds up nobody, and is told once', async () => {
    const world = await open()
    world.list = () => {
      throw new FailureError(refusal('provider/forbidden', 403))
    }
    const end = await world.sync()
    expect(end.reports.map(({ result }) => result.added)).toEqual([5, 5, 5, 5])
    expect(end.findings).toMatchObject([
      { code: 'sync/list-not-read', detail: expect.stringContaining('provider/forbidden') },
    ])
  })

  test('is not asked for when nothing is synced', async () => {
    const world = await openSyncWorld({ audiences: audiences.map(each => ({ ...each, isSuspended: true })) })
    const asked = count(world)
    await world.sync()
    expect(asked.times).toBe(0)
  })
})
