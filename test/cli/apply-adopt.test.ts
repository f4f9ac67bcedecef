import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  actionsOf,
  applyAsPlanned,
  expectSettled,
  findSegment,
  madeSources,
  makeForeignCohort,
  makeForeignSendable,
  membersOf,
  ownCohorts,
  readPlan,
  refusalsOf,
  someIds,
  useManualSource,
} from '../support/apply-world.ts'
import { openWorld, type World } from '../support/world.ts'

const ONE = { audiences: ['vip'], population: 800 }
const VIP = { name: 'ORC__Vip__365d', cohortId: 'crm-vip', uids: ['usr_0000000001'] }

describe('taking over', () => {
  test('what is there is refused without a word in the spec', async () => {
    const world = await openWorld(ONE)
    await makeForeignCohort(world, VIP)
    expect(refusalsOf(await readPlan(world))).toEqual(['guard/takeover'])
  })

  test('a cohort calls nobody, and its people come with the next sync', async () => {
    const world = await openWorld(ONE)
    const remoteId = await makeForeignCohort(world, VIP)
    await world.edit('vip.yaml', { adopt: { cohort_id: 'crm-vip' } })
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual(['cohort.vip adopt', 'binding.vip create'])
    expect((await world.state()).objects.get('cohort.vip')).toMatchObject({
      origin: 'adopted',
      remoteId,
      status: 'seen',
      attributes: { cohort_id: 'crm-vip' },
    })
    await expectSettled(world)
    expect((await membersOf(world, VIP.name)).length).toBeGreaterThan(10)
    await world.edit('vip.yaml', { adopt: undefined })
    await expectSettled(world)
  })

  test('a cohort under an id of another sender, and renaming it twice, keeps every ledger apart', async () => {
    const world = await openWorld(ONE)
    await makeForeignCohort(world, VIP)
    await world.edit('vip.yaml', { adopt: { cohort_id: 'crm-vip' } })
    await applyAsPlanned(world)
    await expectSettled(world)
    await world.edit('vip.yaml', { name: 'ORC__Second__365d', adopt: undefined })
    await applyAsPlanned(world)
    await expectSettled(world)
    await world.edit('vip.yaml', { name: 'ORC__Third__365d' })
    await applyAsPlanned(world)
    await expectSettled(world)
    expect((await ownCohorts(world)).get('ORC__Third__365d')?.cohort_id).toBe('acme-d2c-vip-g2')
  })

  const openSuppressed = async (): Promise<{ world: World; vip: string; winback: string }> => {
    const world = await openWorld({ ...ONE, audiences: ['vip', 'winback'] })
    const vip = await makeForeignCohort(world, VIP)
    const winback = await makeForeignCohort(world, {
      name: 'ACT__Winback__60d',
      cohortId: 'crm-winback',
      uids: ['usr_0000000002'],
    })
    await world.edit('vip.yaml', { adopt: { cohort_id: 'crm-vip' } })
    await world.edit('winback.yaml', { adopt: { cohort_id: 'crm-winback' }, suppressed_by: ['vip'] })
    return { world, vip, winback }
  }

  test('a sendable segment that is as declared calls nobody', async () => {
    const { world, vip, winback } = await openSuppressed()
    await makeForeignSendable(world, {
      name: 'ACT__Winback__60d__Sendable',
      include: winback,
      exclude: [vip],
    })
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toContain('sendable.winback adopt')
    expect(plan.cost).toMatchObject({ cohort_calls: 0, segment_calls: 0 })
    await expectSettled(world)
  })

  test('a sendable segment that is not as declared changes it in one call', async () => {
    const { world, winback } = await openSuppressed()
    await makeForeignSendable(world, { name: 'ACT__Winback__60d__Sendable', include: winback, exclude: [] })
    const { plan } = await applyAsPlanned(world)
    expect(plan.changes.find(({ address }) => address === 'sendable.winback')?.calls).toEqual([
      { operation: 'update sendable segment', calls: 1 },
    ])
    expect((await world.state()).objects.get('sendable.winback')).toMatchObject({ origin: 'adopted' })
    await expectSettled(world)
  })
})

describe('letting go', () => {
  test('changes nothing at the vendors; the name is then refused, and may be taken over again', async () => {
    const world = await openWorld({ ...ONE, audiences: ['vip', 'winback'] })
    await world.settle()
    await world.sync()
    const members = await membersOf(world, 'ORC__Vip__365d')
    const text = await readFile(join(world.folder, 'audiences', 'vip.yaml'), 'utf8')
    await world.remove('vip.yaml')
    await world.edit('workspace.yaml', { forget: ['vip'] })
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual(['cohort.vip forget', 'binding.vip forget'])
    expect(await membersOf(world, 'ORC__Vip__365d')).toEqual(members)
    expect((await findSegment(world, 'ORC__Vip__365d')).archived).toBe(false)
    const state = await world.state()
    expect(state.tombstones.get('ORC__Vip__365d')).toMatchObject({ reason: 'forgotten' })
    expect(state.members.has('vip')).toBe(false)
    await expectSettled(world)

    await world.edit('workspace.yaml', { forget: undefined })
    await world.write('vip.yaml', text)
    expect(refusalsOf(await readPlan(world))).toEqual(['guard/name-used', 'guard/takeover'])
    await world.edit('vip.yaml', { adopt: true })
    const { plan: again } = await applyAsPlanned(world)
    expect(actionsOf(again)).toEqual(['cohort.vip adopt', 'binding.vip create'])
    await expectSettled(world)
    expect((await world.state()).objects.get('cohort.vip')?.attributes.cohort_id).toBe('acme-d2c-vip-g1')
    expect((await world.state()).tombstones.size).toBe(0)
    expect(await membersOf(world, 'ORC__Vip__365d')).toEqual(members)
  })

  test('of a manual segment leaves it where it is', async () => {
    const world = await openWorld({ audiences: ['internal-qa', 'vip'], population: 800 })
    await useManualSource(world, await someIds(world, 20))
    await applyAsPlanned(world)
    await world.remove('internal-qa.yaml')
    await world.edit('workspace.yaml', { forget: ['internal-qa'] })
    await applyAsPlanned(world)
    expect((await madeSources(world)).map(({ count }) => count)).toEqual([20])
    await expectSettled(world)
  })
})
