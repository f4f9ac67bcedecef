import { describe, expect, test } from 'vitest'
import {
  actionsOf,
  applyAsPlanned,
  COHORT_CALL,
  expectSettled,
  madeSources,
  membersOf,
  ownCohorts,
  someIds,
  useManualSource,
} from '../support/apply-world.ts'
import { openWorld, type World } from '../support/world.ts'

const QA = { audiences: ['internal-qa'], population: 3_000 }

const openQa = async (testers: number, options = {}): Promise<{ world: World; ids: readonly string[] }> => {
  const world = await openWorld({ ...QA, ...options })
  const ids = await someIds(world, testers)
  await useManualSource(world, ids)
  return { world, ids }
}

/** How MoEngage answered each call to a cohort, in order. */
const cohortStatuses = async (world: World): Promise<readonly number[]> =>
  (await world.requests('moengage'))
    .filter(({ route }) => route === COHORT_CALL.route)
    .map(({ status }) => status)

describe('creating', () => {
  test('the whole programme takes one call for each cohort and each sendable segment', async () => {
    const world = await openWorld({ population: 800 })
    const { plan } = await applyAsPlanned(world)
    expect(plan.cost).toMatchObject({ cohort_calls: 7, segment_calls: 3, source_calls: 0 })
    await expectSettled(world)
    expect([...(await ownCohorts(world)).values()].map(({ cohort_id }) => cohort_id).sort()).toEqual([
      'acme-d2c-active-in-app-g1',
      'acme-d2c-cart-abandon-g1',
      'acme-d2c-internal-qa-g1',
      'acme-d2c-recent-purchasers-g1',
      'acme-d2c-starter-kit-cross-sell-g1',
      'acme-d2c-vip-g1',
      'acme-d2c-winback-g1',
    ])
  })

  test('a first member that MoEngage refuses is passed over, and left out from then on', async () => {
    const world = await openWorld({ audiences: ['vip'], population: 800 })
    const { people } = await world.ask<{ people: { id: string | null }[] }>(
      'customerio',
      'segments/11/people',
    )
    const [bad] = people.flatMap(({ id }) => (id !== null && /^usr_/.test(id) ? [id] : []))
    const fault = { kind: 'status', status: 400, times: 'always' }
    await world.fault('moengage', { match: { ...COHORT_CALL, member: bad }, ...fault })
    expect((await world.apply()).exitCode).toBe(0)
    expect(await cohortStatuses(world)).toEqual([400, 200])
    await world.settle()
    const ended = await world.sync({ json: true })
    expect(ended.out).toContain('"rejected":1')
    expect(await membersOf(world, 'ORC__Vip__365d')).not.toContain(bad)
  })

  test('a cohort of which five members in a row are refused is not made, and nothing is recorded', async () => {
    const world = await openWorld({ audiences: ['vip'], population: 800 })
    await world.fault('moengage', { match: COHORT_CALL, kind: 'status', status: 400, times: 'always' })
    expect((await world.apply()).exitCode).toBe(4)
    expect(await cohortStatuses(world)).toEqual([400, 400, 400, 400, 400])
    expect((await world.state()).objects.has('cohort.vip')).toBe(false)
    await world.ask('moengage', 'faults', undefined, 'DELETE')
    await applyAsPlanned(world)
    expect(await cohortStatuses(world)).toEqual([200])
  })

  test('a reviewed change of a description is recorded, and no vendor is called', async () => {
    const world = await openWorld({ audiences: ['vip'], population: 800 })
    await world.settle()
    await world.edit('vip.yaml', { description: 'Served by hand.' })
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual(['binding.vip update'])
    await expectSettled(world)
  })

  test('suppressions that change re-point the sendable segment in one call', async () => {
    const world = await openWorld({ population: 800 })
    await world.settle()
    await world.edit('winback.yaml', { suppressed_by: ['recent-purchasers', 'vip'] })
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual(['sendable.winback update'])
    await expectSettled(world)
  })

  test('a sendable segment that was edited in MoEngage is set back', async () => {
    const world = await openWorld({ population: 800 })
    await world.settle()
    const remoteId = (await world.state()).objects.get('sendable.winback')?.remoteId
    const cohort = (await world.state()).objects.get('cohort.winback')?.remoteId
    await world.ask('moengage', `segments/${remoteId}`, { include: cohort, exclude: [] })
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual(['sendable.winback update'])
    expect(plan.changes.find(({ address }) => address === 'sendable.winback')?.attributes).toMatchObject([
      { attribute: 'exclude', origin: 'drift', before: [] },
    ])
    await expectSettled(world)
  })
})

describe('a manual segment', () => {
  test('is made, filled with a thousand ids a call, and its cohort is fed from it', async () => {
    const { world, ids } = await openQa(1_200)
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual([
      'source.internal-qa create',
      'cohort.internal-qa create',
      'binding.internal-qa create',
    ])
    expect(plan.changes[0]?.calls).toEqual([
      { operation: 'create source segment', calls: 1 },
      { operation: 'fill source segment', calls: 2, members: 1_200 },
    ])
    const [source] = await madeSources(world)
    expect(source?.people.map(({ id }) => id).sort()).toEqual([...ids].sort())
    await expectSettled(world)
    expect((await world.state()).members.get('internal-qa')).toBe(1_200)
  })

  test('is read back until Customer.io shows everyone', async () => {
    const { world } = await openQa(30, { trackDelayMs: 12 })
    const { ended } = await applyAsPlanned(world)
    expect(ended.out).not.toContain('not in it')
    expect((await madeSources(world))[0]?.count).toBe(30)
    await expectSettled(world)
  })

  test('without people whom Customer.io does not know is told about, and is no failure', async () => {
    const { world } = await openQa(5)
    const known = await someIds(world, 5)
    await useManualSource(world, [...known, 'usr_nobody_1', 'usr_nobody_2'])
    const { ended } = await applyAsPlanned(world)
    expect(ended.out).toContain('2 of 7 testers are not in it')
    await expectSettled(world)
  })
})
