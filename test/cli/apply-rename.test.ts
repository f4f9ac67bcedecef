import { describe, expect, test } from 'vitest'
import { rulesOf } from '../../src/membership/rules.ts'
import {
  actionsOf,
  applyAsPlanned,
  COHORT_CALL,
  expectSettled,
  membersOf,
  ownCohorts,
  readPlan,
  refusalsOf,
} from '../support/apply-world.ts'
import { openWorld, type World } from '../support/world.ts'

const PATCH_CALL = { method: 'PATCH', route: '/v3/custom-segments/*' }

const ONE = { audiences: ['vip'], population: 800 }

const openSynced = async (options: Parameters<typeof openWorld>[0] = ONE): Promise<World> => {
  const world = await openWorld(options)
  await world.settle()
  expect((await world.sync()).exitCode).toBe(0)
  return world
}

const STAY_MS = 3 * 86_400_000

/** How many members of `vip` would stay at a moment if all of them had left the source, by a stay from entry. */
const countHeld = async (world: World, momentMs: number): Promise<number> => {
  const exit = { kind: 'sticky', from: 'entry', forMs: STAY_MS } as const
  const rollout = { stage: { kind: 'live' }, holdoutPercent: 0 } as const
  const rules = rulesOf({ exit, rollout }, { testers: [], now: new Date(momentMs).toISOString() })
  const store = await world.openStore()
  try {
    const spool = await store.openSpool('vip')
    const delta = await spool.computeDelta({ rules })
    return delta.counts.held.sticky
  } finally {
    await store.close()
  }
}

const healFaults = (world: World): Promise<unknown> => world.ask('moengage', 'faults', undefined, 'DELETE')

describe('a cohort that gets another name', () => {
  test('is replaced by a new one with everyone in it, and drained', async () => {
    const world = await openSynced()
    const before = await membersOf(world, 'ORC__Vip__365d')
    await world.edit('vip.yaml', { name: 'ORC__BestCustomers__365d' })
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual(['cohort.vip rename', 'binding.vip update', 'cohort.vip@g1 retire'])
    expect(await membersOf(world, 'ORC__BestCustomers__365d')).toEqual(before)
    expect(await membersOf(world, 'ORC__Vip__365d')).toEqual([])
    const cohorts = await ownCohorts(world)
    expect(cohorts.get('ORC__BestCustomers__365d')?.cohort_id).toBe('acme-d2c-vip-g2')
    expect(cohorts.get('ORC__Vip__365d')?.archived).toBe(true)
    const state = await world.state()
    expect(state.tombstones.get('ORC__Vip__365d')).toMatchObject({
      reason: 'renamed',
      cohortId: 'acme-d2c-vip-g1',
    })
    expect([...state.members.keys()]).toEqual(['vip'])
    await expectSettled(world)
  })

  test("begins nobody's stay anew", async () => {
    const world = await openSynced()
    const { now: enteredAt } = await world.ask<{ now: string }>('moengage', 'clock')
    await world.advance('2d')
    await world.edit('vip.yaml', { name: 'ORC__BestCustomers__365d' })
    await applyAsPlanned(world)
    expect(await countHeld(world, Date.parse(enteredAt) + STAY_MS - 1)).toBeGreaterThan(0)
    expect(await countHeld(world, Date.parse(enteredAt) + STAY_MS)).toBe(0)
  })

  test('that could not be carried over keeps everyone where they are', async () => {
    const world = await openSynced()
    const members = await membersOf(world, 'ORC__Vip__365d')
    await world.edit('vip.yaml', { name: 'ORC__BestCustomers__365d' })
    // As often as one batch is tried; what comes after it goes through.
    await world.fault('moengage', { match: COHORT_CALL, kind: 'status', status: 500, times: 5 })
    const cutOff = await world.apply()
    expect(cutOff.exitCode).toBe(4)
    expect(cutOff.out).toContain('cohort.vip, which takes its place, is not listed by MoEngage yet')
    expect(await membersOf(world, 'ORC__Vip__365d')).toEqual(members)
    await applyAsPlanned(world)
    expect(await membersOf(world, 'ORC__BestCustomers__365d')).toEqual(members)
    expect(await membersOf(world, 'ORC__Vip__365d')).toEqual([])
    await expectSettled(world)
  })

  test('twice in a row gets another id each time', async () => {
    const world = await openSynced()
    for (const [name, generation] of [
      ['ORC__Second__365d', 2],
      ['ORC__Third__365d', 3],
    ] as const) {
      await world.edit('vip.yaml', { name })
      await applyAsPlanned(world)
      expect((await ownCohorts(world)).get(name)?.cohort_id).toBe(`acme-d2c-vip-g${generation}`)
      await expectSettled(world)
    }
    expect([...(await world.state()).objects.keys()].sort()).toEqual(['binding.vip', 'cohort.vip'])
  })

  test('that is protected keeps it', async () => {
    const world = await openSynced({ audiences: ['cart-abandon'], population: 800 })
    await world.edit('cart-abandon.yaml', { name: 'ACT__Carts__2h' })
    expect(refusalsOf(await readPlan(world))).toEqual(['guard/protected'])
    expect((await world.apply()).exitCode).toBe(3)
  })

  test('does not get back one that was given up', async () => {
    const world = await openSynced()
    await world.edit('vip.yaml', { name: 'ORC__Second__365d' })
    await applyAsPlanned(world)
    await world.edit('vip.yaml', { name: 'ORC__Vip__365d' })
    expect(refusalsOf(await readPlan(world))).toContain('guard/name-used')
  })

  test('with nobody in it waits for its first member; nothing of the old one is lost', async () => {
    const world = await openSynced()
    await world.ask('customerio', 'segments/11', { empty: true })
    await world.sync({ allow: ['vip:empty-source:everybody left'] })
    expect((await world.state()).members.get('vip')).toBeUndefined()
    await world.edit('vip.yaml', { name: 'ORC__BestCustomers__365d' })
    const waiting = await world.apply()
    expect(waiting.exitCode).toBe(4)
    expect(waiting.out).toContain('a cohort is born with its first member')
    await world.ask('customerio', 'segments/11', { empty: false })
    expect((await world.apply()).exitCode).toBe(0)
    await expectSettled(world)
    expect([...(await ownCohorts(world)).keys()].sort()).toEqual([
      'ORC__BestCustomers__365d',
      'ORC__Vip__365d',
    ])
  })

  test('because the first one was dropped is born under the second', async () => {
    const world = await openWorld(ONE)
    await world.fault('moengage', { match: COHORT_CALL, kind: 'drop', times: 'always' })
    expect((await world.apply()).exitCode).toBe(4)
    await healFaults(world)
    await world.edit('vip.yaml', { name: 'ORC__BestCustomers__365d' })
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual(['cohort.vip rename', 'binding.vip update', 'cohort.vip@g1 retire'])
    expect([...(await ownCohorts(world)).keys()]).toEqual(['ORC__BestCustomers__365d'])
    await expectSettled(world)
  })
})

interface Effect {
  readonly cohort_name: string
  readonly members_after: number
}

describe('a suppression that gets another name', () => {
  const POINTED_AT = ['winback', 'cart-abandon', 'starter-kit-cross-sell']

  const rename = (world: World): Promise<void> =>
    world.edit('recent-purchasers.yaml', { name: 'SUP__Bought__7d' })

  test('is pointed at by nobody before everyone is in it', async () => {
    let expected = 0
    const seen: number[] = []
    const world: World = await openSynced({
      population: 3_000,
      onRequest: async ({ vendor, method, route, phase }) => {
        if (vendor !== 'moengage' || method !== 'PATCH' || phase !== 'before' || expected === 0) return
        if (route !== '/v3/custom-segments/:id') return
        const { effects } = await world.ask<{ effects: Effect[] }>('moengage', 'settled-log')
        seen.push(
          effects.findLast(({ cohort_name }) => cohort_name === 'SUP__Bought__7d')?.members_after ?? 0,
        )
      },
    })
    await rename(world)
    expected = (await membersOf(world, 'SUP__RecentPurchasers__7d')).length
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual([
      'cohort.recent-purchasers rename',
      'binding.recent-purchasers update',
      ...[...POINTED_AT].sort().map(id => `sendable.${id} update`),
      'cohort.recent-purchasers@g1 retire',
    ])
    expect(seen).toEqual(POINTED_AT.map(() => expected))
    expect(await membersOf(world, 'SUP__RecentPurchasers__7d')).toEqual([])
    await expectSettled(world)
  })

  test('with --only is refused while another audience leaves its members out', async () => {
    const world = await openSynced({ population: 800 })
    await rename(world)
    await world.forgetRequests()
    const ended = await world.apply({ only: ['recent-purchasers'] })
    expect(ended.exitCode).toBe(3)
    expect(ended.out).toContain('guard/partial-rename')
    expect((await world.requests('moengage')).filter(({ write }) => write)).toEqual([])
  })

  test('is not drained while a segment could not follow, and nobody is added under that segment', async () => {
    const world = await openSynced({ population: 800 })
    const members = await membersOf(world, 'SUP__RecentPurchasers__7d')
    await rename(world)
    await world.fault('moengage', { match: PATCH_CALL, kind: 'status', status: 500, times: 'always' })
    const ended = await world.apply()
    expect(ended.exitCode).toBe(4)
    expect(ended.out).toContain('still point at it')
    expect(await membersOf(world, 'SUP__RecentPurchasers__7d')).toEqual(members)
    await world.advance('1d')
    const sync = await world.sync()
    expect(sync.exitCode).toBe(3)
    expect(sync.out).toContain(
      'sendable.winback still points at cohort.recent-purchasers@g1, so nobody is added.',
    )
    await healFaults(world)
    await applyAsPlanned(world)
    expect(await membersOf(world, 'SUP__RecentPurchasers__7d')).toEqual([])
    await world.sync()
    await expectSettled(world)
  })

  test('is carried over whole, whatever is cut off in between', async () => {
    const world = await openSynced({ population: 3_000 })
    const members = await membersOf(world, 'SUP__RecentPurchasers__7d')
    await rename(world)
    await world.fault('moengage', { match: COHORT_CALL, kind: 'status', status: 500, times: 'always' })
    expect((await world.apply()).exitCode).toBe(4)
    expect(await membersOf(world, 'SUP__RecentPurchasers__7d')).toEqual(members)
    expect((await world.state()).members.get('recent-purchasers@g1')).toBeGreaterThanOrEqual(members.length)
    await healFaults(world)
    await applyAsPlanned(world)
    expect(await membersOf(world, 'SUP__Bought__7d')).toEqual(members)
    await expectSettled(world)
  })

  test('is sent whole again when MoEngage dropped it, before anything points at it', async () => {
    const world = await openSynced({ population: 800 })
    const members = await membersOf(world, 'SUP__RecentPurchasers__7d')
    await rename(world)
    await world.fault('moengage', { match: COHORT_CALL, kind: 'drop', times: 1 })
    expect((await world.apply()).exitCode).toBe(4)
    expect(await membersOf(world, 'SUP__RecentPurchasers__7d')).toEqual(members)
    await applyAsPlanned(world)
    expect(await membersOf(world, 'SUP__Bought__7d')).toEqual(members)
    await expectSettled(world)
  })
})

describe('a rename while the one before it is under way', () => {
  test('is refused until everyone was carried over', async () => {
    const world = await openSynced()
    const members = await membersOf(world, 'ORC__Vip__365d')
    await world.edit('vip.yaml', { name: 'ORC__Second__365d' })
    await world.fault('moengage', { match: COHORT_CALL, kind: 'status', status: 500, times: 'always' })
    expect((await world.apply()).exitCode).toBe(4)
    await healFaults(world)
    await world.edit('vip.yaml', { name: 'ORC__Third__365d' })
    expect(refusalsOf(await readPlan(world))).toEqual(['guard/unfinished-rename'])
    await world.edit('vip.yaml', { name: 'ORC__Second__365d' })
    await applyAsPlanned(world)
    expect(await membersOf(world, 'ORC__Second__365d')).toEqual(members)
    await expectSettled(world)
  })

  test('whose name was dropped carries over everyone to the next name', async () => {
    const world = await openSynced()
    const members = await membersOf(world, 'ORC__Vip__365d')
    await world.edit('vip.yaml', { name: 'ORC__Second__365d' })
    await world.fault('moengage', { match: COHORT_CALL, kind: 'drop', times: 'always' })
    expect((await world.apply()).exitCode).toBe(4)
    expect(await membersOf(world, 'ORC__Vip__365d')).toEqual(members)
    await healFaults(world)
    await world.edit('vip.yaml', { name: 'ORC__Third__365d' })
    await applyAsPlanned(world)
    expect(await membersOf(world, 'ORC__Third__365d')).toEqual(members)
    expect(await membersOf(world, 'ORC__Vip__365d')).toEqual([])
    await expectSettled(world)
  })

  test('drains both cohorts that are left behind', async () => {
    const world = await openSynced({ population: 800 })
    await world.edit('recent-purchasers.yaml', { name: 'SUP__Second__7d' })
    await world.fault('moengage', { match: PATCH_CALL, kind: 'status', status: 500, times: 'always' })
    expect((await world.apply()).exitCode).toBe(4)
    await healFaults(world)
    await world.edit('recent-purchasers.yaml', { name: 'SUP__Third__7d' })
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toContain('cohort.recent-purchasers@g1 retire')
    expect(actionsOf(plan)).toContain('cohort.recent-purchasers@g2 retire')
    expect(await membersOf(world, 'SUP__RecentPurchasers__7d')).toEqual([])
    expect(await membersOf(world, 'SUP__Second__7d')).toEqual([])
    await expectSettled(world)
  })

  test('and its file goes: everything of it is drained', async () => {
    const world = await openSynced({ ...ONE, audiences: ['vip', 'winback'] })
    await world.edit('vip.yaml', { name: 'ORC__Second__365d' })
    await world.fault('moengage', { match: COHORT_CALL, kind: 'status', status: 500, times: 'always' })
    await world.apply()
    await healFaults(world)
    await world.remove('vip.yaml')
    expect((await world.apply()).exitCode).toBe(0)
    expect(await membersOf(world, 'ORC__Vip__365d')).toEqual([])
    expect([...(await world.state()).objects.keys()].sort()).toEqual(['binding.winback', 'cohort.winback'])
    await expectSettled(world)
  })
})
