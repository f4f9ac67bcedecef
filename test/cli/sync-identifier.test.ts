import { describe, expect, test } from 'vitest'
import type { SyncResult } from '../../src/model/membership.ts'
import { openWorld, type World } from '../support/world.ts'

const VIP = 'ORC__Vip__365d'
const EXPORT_CALL = '/v1/exports/customers'
const PAGE_CALL = '/v1/segments/:id/membership'
const ONE = { audiences: ['vip'], population: 2_000 }

const membersOf = async (world: World): Promise<readonly string[]> =>
  (await world.ask<{ members: string[] }>('moengage', `cohorts/${VIP}`)).members

const peopleOf = async (world: World) =>
  (await world.ask<{ people: { cio_id: string; id: string | null }[] }>('customerio', 'segments/11/people'))
    .people

const syncRow = async (world: World): Promise<SyncResult> =>
  JSON.parse((await world.sync({ json: true })).out.trim()) as SyncResult

const countCalls = async (world: World, route: string): Promise<number> =>
  (await world.requests('customerio')).filter(each => each.route === route).length

/** Members are sent by an attribute: their cohort is born, and synced. */
const openBy = async (key: object, prepare: (world: World) => Promise<void> = async () => undefined) => {
  const world = await openWorld(ONE)
  await prepare(world)
  await world.edit('vip.yaml', { identifier: { key, min_coverage: '1%' } })
  await world.settle()
  return world
}

describe('an attribute as identifier', () => {
  test('everybody who carries it is sent by it, and a second sync sends nobody', async () => {
    const world = await openBy({ attribute: 'customer_ref' })
    await world.forgetRequests()
    const row = await syncRow(world)
    const people = await peopleOf(world)
    expect(row).toMatchObject({ id: 'vip', read: people.length, removed: 0 })
    expect(row.accepted).toBe(row.wanted)
    const known: string[] = []
    for (const { id } of people) {
      if (id === null) continue
      const user = await world.ask<{ known: boolean }>('moengage', `users/${encodeURIComponent(id)}`)
      if (user.known) known.push(id)
    }
    expect(await membersOf(world)).toEqual(known.sort())
    expect(await countCalls(world, EXPORT_CALL)).toBe(1)
    expect(await countCalls(world, PAGE_CALL)).toBe(0)
    expect(await syncRow(world)).toMatchObject({ added: 0, removed: 0, calls: 0 })
  })

  test('somebody whose value changes is one remove and one add; somebody who loses it is one remove', async () => {
    const world = await openBy({ attribute: 'customer_ref' })
    const before = await syncRow(world)
    const [one, two] = (await peopleOf(world)).filter(({ id }) => id?.startsWith('usr_'))
    await world.ask('customerio', `people/${one?.cio_id}`, { attributes: { customer_ref: 'usr_0000001999' } })
    await world.ask('customerio', `people/${two?.cio_id}`, { attributes: { customer_ref: null } })
    expect(await syncRow(world)).toMatchObject({ added: 1, removed: 2, skipped: before.skipped + 1 })
  })

  test('an export whose file could not be had is gone on with, not made again', async () => {
    const world = await openBy({ attribute: 'customer_ref' })
    await world.forgetRequests()
    await world.fault('customerio', {
      kind: 'status',
      status: 503,
      match: { route: '/downloads/exports/:id' },
      times: 'always',
    })
    expect((await world.sync()).out).toContain('provider/unavailable')
    await world.ask('customerio', 'faults', undefined, 'DELETE')
    const row = await syncRow(world)
    expect(row).toMatchObject({ read: (await peopleOf(world)).length, refused: [] })
    expect(row.accepted).toBe(row.wanted)
    expect(await countCalls(world, EXPORT_CALL)).toBe(1)
  })
})

describe('phone numbers', () => {
  const NUMBERS = [
    '+1 (202) 555-0101',
    '202-555-0102',
    '2025550103',
    '+493023125004',
    '030 23125005',
    'none',
    '',
  ]

  test('are sent in E.164, whatever they were written like', async () => {
    const world = await openBy({ attribute: 'phone', format: 'phone', country: 'US' }, async ({ ask }) => {
      const { people } = await ask<{ people: { cio_id: string }[] }>('customerio', 'segments/11/people')
      for (const [n, phone] of NUMBERS.entries())
        await ask('customerio', `people/${people[n]?.cio_id}`, { attributes: { phone } })
      for (const uid of ['+12025550101', '+12025550102', '+12025550103', '+493023125004'])
        await ask('moengage', `users/${encodeURIComponent(uid)}`, {}, 'PUT')
    })
    const row = await syncRow(world)
    const { length } = await peopleOf(world)
    expect(row).toMatchObject({ read: length, wanted: 4, accepted: 4, skipped: length - 4 })
    expect(await membersOf(world)).toEqual(['+12025550101', '+12025550102', '+12025550103', '+493023125004'])
  })

  test('another country is another identifier, which the plan tells and does not do by itself', async () => {
    const world = await openBy({ attribute: 'customer_ref' })
    await world.edit('vip.yaml', {
      'identifier.key': { attribute: 'phone', format: 'phone', country: 'IN' },
    })
    const plan = await world.plan()
    expect(plan.out).toContain('attribute phone as a phone number of IN')
    expect(plan.out).toContain('guard/identifier-change')
  })
})

test('a sync that is cut off while reading goes on with the next page, in another run', async () => {
  const world = await openWorld({ ...ONE, limits: { membershipPage: 20 } })
  await world.settle()
  await world.forgetRequests()
  await world.fault('customerio', {
    kind: 'status',
    status: 503,
    match: { route: PAGE_CALL },
    after: 3,
    times: 'always',
  })
  const cut = await world.sync()
  expect(cut.out).toContain('provider/unavailable')
  await world.ask('customerio', 'faults', undefined, 'DELETE')
  await world.forgetRequests()
  const row = await syncRow(world)
  const people = await peopleOf(world)
  expect(row).toMatchObject({ read: people.length, refused: [] })
  expect(row.accepted).toBe(row.wanted)
  expect(await countCalls(world, PAGE_CALL)).toBe(Math.ceil(people.length / 20) - 3)
  expect(await syncRow(world)).toMatchObject({ added: 0, removed: 0, calls: 0 })
})
