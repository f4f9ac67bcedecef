import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  actionsOf,
  applyAsPlanned,
  expectNoWrites,
  expectSettled,
  madeSources,
  membersOf,
  moveSpec,
  ownCohorts,
  readPlan,
  refusalsOf,
  someIds,
  useManualSource,
} from '../support/apply-world.ts'
import { openWorld, type World } from '../support/world.ts'

const ONE = { audiences: ['vip'], population: 800 }

const openSynced = async (options: Parameters<typeof openWorld>[0] = ONE): Promise<World> => {
  const world = await openWorld(options)
  await world.settle()
  expect((await world.sync()).exitCode).toBe(0)
  return world
}

describe('an audience that gets another id', () => {
  test('takes its record and its ledger along: no vendor is called, and nobody is sent again', async () => {
    const world = await openSynced()
    const { members } = await world.state()
    await moveSpec(world, 'vip', 'best-customers')
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual(['cohort.best-customers rename', 'binding.best-customers rename'])
    expect(plan.changes.map(({ from }) => from)).toEqual(['cohort.vip', 'binding.vip'])
    const state = await world.state()
    expect(state.members).toEqual(new Map([['best-customers', members.get('vip')]]))
    expect([...state.synced.keys()]).toEqual(['best-customers'])
    await world.forgetRequests()
    await world.sync()
    await expectNoWrites(world)
    await expectSettled(world)
    await world.edit('best-customers.yaml', { moved_from: undefined })
    await expectSettled(world)
  })

  test('and another name carries everyone over', async () => {
    const world = await openSynced()
    const members = await membersOf(world, 'ORC__Vip__365d')
    await moveSpec(world, 'vip', 'best-customers')
    await world.edit('best-customers.yaml', { name: 'ORC__BestCustomers__365d' })
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual([
      'cohort.best-customers rename',
      'binding.best-customers rename',
      'cohort.best-customers@g1 retire',
    ])
    expect(await membersOf(world, 'ORC__BestCustomers__365d')).toEqual(members)
    expect(await membersOf(world, 'ORC__Vip__365d')).toEqual([])
    expect((await ownCohorts(world)).get('ORC__BestCustomers__365d')?.cohort_id).toBe(
      'acme-d2c-best-customers-g1',
    )
    await expectSettled(world)
  })

  test('that others leave out is followed by their sendable segments without a call', async () => {
    const world = await openSynced({ population: 800 })
    await moveSpec(world, 'recent-purchasers', 'bought-lately')
    for (const id of ['winback', 'starter-kit-cross-sell', 'cart-abandon'])
      await world.edit(`${id}.yaml`, { suppressed_by: ['bought-lately', 'vip', 'active-in-app'] })
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual(['cohort.bought-lately rename', 'binding.bought-lately rename'])
    expect((await world.state()).objects.get('sendable.winback')?.attributes.exclude).toEqual([
      'cohort.active-in-app',
      'cohort.bought-lately',
      'cohort.vip',
    ])
    await expectSettled(world)
  })

  test('with a sendable segment and suppressions of its own keeps them', async () => {
    const world = await openSynced({ population: 800 })
    await moveSpec(world, 'winback', 'come-back')
    const { plan } = await applyAsPlanned(world)
    expect(plan.cost).toMatchObject({ cohort_calls: 0, segment_calls: 0 })
    expect((await world.state()).objects.get('sendable.come-back')?.attributes.include).toBe(
      'cohort.come-back',
    )
    await expectSettled(world)
  })

  test('with a manual source keeps its segment', async () => {
    const world = await openWorld({ audiences: ['internal-qa'], population: 800 })
    await useManualSource(world, await someIds(world, 12))
    await world.settle()
    await moveSpec(world, 'internal-qa', 'staff')
    const { plan } = await applyAsPlanned(world)
    expect(plan.cost.source_calls).toBe(0)
    expect((await madeSources(world)).length).toBe(1)
    await expectSettled(world)
  })
})

describe('a suspended audience', () => {
  test('is left alone by plan, apply and sync, while the others go on', async () => {
    const world = await openSynced({ ...ONE, audiences: ['vip', 'winback'] })
    const members = await membersOf(world, 'ORC__Vip__365d')
    await world.edit('vip.yaml', { suspend: true, name: 'ORC__Other__365d', description: 'Something else.' })
    await world.edit('winback.yaml', { description: 'Came back.' })
    await world.ask('customerio', 'segments/11', { empty: true })
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual(['binding.winback update'])
    expect(plan.changes.find(({ address }) => address === 'cohort.vip')?.reason).toContain('suspended')
    const synced = await world.sync()
    expect(synced.out).toContain('suspended')
    expect(await membersOf(world, 'ORC__Vip__365d')).toEqual(members)
    await expectSettled(world)
  })

  test('under another id is not taken for one that is gone', async () => {
    const world = await openSynced({ ...ONE, audiences: ['vip', 'winback'] })
    await moveSpec(world, 'vip', 'best-customers')
    await world.edit('best-customers.yaml', { suspend: true })
    expect(actionsOf(await readPlan(world))).toEqual([])
  })

  test('that was never applied is not made', async () => {
    const world = await openWorld({ ...ONE, audiences: ['vip', 'winback'] })
    await world.edit('vip.yaml', { suspend: true })
    await applyAsPlanned(world)
    expect([...(await ownCohorts(world)).keys()]).toEqual(['ACT__Winback__60d'])
    await expectSettled(world)
  })

  test('that is not listed yet is not looked for', async () => {
    const world = await openWorld({ ...ONE, audiences: ['vip', 'winback'] })
    await world.fault('moengage', { match: { route: '/v1/integrations/cohortsync' }, kind: 'drop', times: 1 })
    expect((await world.apply()).exitCode).toBe(4)
    const pending = [...(await world.state()).objects.values()].find(({ status }) => status === 'pending')
    expect(pending?.address).toBe('cohort.vip')
    await world.edit('vip.yaml', { suspend: true })
    await world.edit('winback.yaml', { description: 'Came back.' })
    await applyAsPlanned(world)
    expect((await world.state()).objects.get('cohort.vip')).toEqual(pending)
  })
})

describe('retiring', () => {
  test('goes from the outside to the inside', async () => {
    const world = await openWorld({ audiences: ['internal-qa', 'vip', 'winback'], population: 800 })
    await useManualSource(world, await someIds(world, 12))
    await world.edit('internal-qa.yaml', { suppressed_by: ['vip'] })
    await world.settle()
    await world.sync()
    await world.remove('internal-qa.yaml')
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual(
      ['sendable', 'cohort', 'binding', 'source'].map(kind => `${kind}.internal-qa retire`),
    )
    expect(await madeSources(world)).toEqual([])
    expect(await membersOf(world, 'QA__InternalQa__365d')).toEqual([])
    await expectSettled(world)
  })

  test('a manual segment that a campaign uses leaves it in Customer.io', async () => {
    const world = await openWorld({ audiences: ['internal-qa', 'vip'], population: 800 })
    await useManualSource(world, await someIds(world, 12))
    await world.settle()
    await world.ask('customerio', 'segments/101', { used_by: { campaigns: [7] } })
    await world.remove('internal-qa.yaml')
    const ended = await world.apply()
    expect(ended.exitCode).toBe(0)
    expect(ended.out).toContain('left in Customer.io: 1 campaigns or newsletters use it')
    expect((await madeSources(world)).length).toBe(1)
    await expectSettled(world)
  })

  test('a manual segment that another audience reads leaves it in Customer.io', async () => {
    const world = await openWorld({ audiences: ['internal-qa', 'vip'], population: 800 })
    await useManualSource(world, await someIds(world, 12))
    await world.settle()
    await world.edit('vip.yaml', { source: { segment: 101, name: 'QA team' } })
    await world.remove('internal-qa.yaml')
    const { ended } = await applyAsPlanned(world)
    expect(ended.out).toContain('left in Customer.io: binding.vip reads it')
    expect((await madeSources(world)).length).toBe(1)
    expect((await world.plan()).out).toContain('No changes.')
  })

  test('and declaring it again takes another name and another id', async () => {
    const world = await openSynced({ ...ONE, audiences: ['vip', 'winback'] })
    const text = await readFile(join(world.folder, 'audiences', 'vip.yaml'), 'utf8')
    await world.remove('vip.yaml')
    await applyAsPlanned(world)
    await world.write('vip.yaml', text)
    expect(refusalsOf(await readPlan(world))).toEqual(['guard/name-used'])
    await world.edit('vip.yaml', { name: 'ORC__VipAgain__365d' })
    await applyAsPlanned(world)
    expect((await ownCohorts(world)).get('ORC__VipAgain__365d')?.cohort_id).toBe('acme-d2c-vip-g2')
    await expectSettled(world)
  })
})
