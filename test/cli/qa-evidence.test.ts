import { describe, expect, test } from 'vitest'
import { COHORT_CALL, expectSettled, membersOf, readPlan, refusalsOf } from '../support/apply-world.ts'
import { openWorld, type World } from '../support/world.ts'

const VIP = 'ORC__Vip__365d'
const LOOKUP = { method: 'POST', route: '/v1/customers/export' }

/** Testers are some of the segment's own people, and one who is not in it. */
const openOnTrial = async (): Promise<World> => {
  const world = await openWorld({ audiences: ['vip'], population: 500 })
  const { people } = await world.ask<{ people: { id: string | null }[] }>('customerio', 'segments/11/people')
  const ids = people.flatMap(({ id }) => (id?.startsWith('usr_') ? [id] : [])).slice(0, 3)
  for (const id of ids) await world.ask('moengage', `users/${id}`, undefined, 'PUT')
  await world.edit('workspace.yaml', { qa: { testers: [...ids, 'emp_001'], required: true } })
  await world.edit('vip.yaml', { rollout: { stage: 'qa' } })
  return world
}

const goLive = (world: World): Promise<void> => world.edit('vip.yaml', { rollout: { stage: 'live' } })

describe('where a QA run is required', () => {
  test('nothing goes live before its testers were sent, and then on what is known of them', async () => {
    const world = await openOnTrial()
    await world.settle()
    await goLive(world)
    expect(refusalsOf(await readPlan(world))).toEqual(['guard/no-qa-evidence'])
    expect((await world.apply()).exitCode).toBe(3)

    await world.edit('vip.yaml', { rollout: { stage: 'qa' } })
    expect((await world.sync()).exitCode).toBe(0)
    expect((await membersOf(world, VIP)).length).toBe(3)
    await goLive(world)
    const planned = await world.plan()
    expect(planned.out).toContain('3 of 4 testers accepted, 4 known')
    expect((await world.apply()).exitCode).toBe(0)
    expect((await world.sync()).exitCode).toBe(0)
    expect((await membersOf(world, VIP)).length).toBeGreaterThan(10)
    await expectSettled(world)
  })

  test('an id that moves takes its QA run along', async () => {
    const world = await openOnTrial()
    await world.settle()
    await world.sync()
    await world.rename('vip.yaml', 'best.yaml')
    await world.edit('best.yaml', { id: 'best', moved_from: 'vip', rollout: { stage: 'live' } })
    expect(refusalsOf(await readPlan(world))).toEqual([])
    await world.edit('best.yaml', { rollout: { stage: 'qa' } })
    await world.settle()
    await world.edit('best.yaml', { rollout: { stage: 'live' } })
    expect(refusalsOf(await readPlan(world))).toEqual([])
  })

  test('another segment was not tried', async () => {
    const world = await openOnTrial()
    await world.settle()
    await world.sync()
    await world.edit('vip.yaml', {
      rollout: { stage: 'live' },
      source: { segment: 15, name: 'Winback 60-120d' },
    })
    expect(refusalsOf(await readPlan(world))).toEqual(['guard/no-qa-evidence'])
  })
})

describe('the match rate', () => {
  const openFirstLoad = async (): Promise<World> => {
    const world = await openWorld({ audiences: ['vip'], population: 3_000 })
    await world.settle()
    return world
  }

  test('of a first load is told, and costs ten calls that change nothing', async () => {
    const world = await openFirstLoad()
    await world.forgetRequests()
    const { exitCode, out } = await world.sync({ json: true })
    const row = JSON.parse(out) as { match_rate: number; calls: number }
    expect([exitCode, row.match_rate > 0.9, row.match_rate <= 1]).toEqual([0, true, true])
    const lookups = (await world.requests('moengage')).filter(({ route }) => route === LOOKUP.route)
    expect([lookups.length, lookups.every(({ write }) => !write)]).toEqual([10, true])
    expect((await world.sync({ json: true })).out).not.toContain('match_rate')
  })

  test('of mostly strangers stops the adds before the first one, until somebody allows it', async () => {
    const world = await openFirstLoad()
    const { people } = await world.ask<{ people: { id: string | null }[] }>(
      'customerio',
      'segments/11/people',
    )
    for (const { id } of people.slice(50))
      if (id !== null) await world.ask('moengage', `users/${id}`, undefined, 'DELETE')
    await world.forgetRequests()
    const stopped = await world.sync()
    expect([stopped.exitCode, stopped.out.includes('guard/match-rate')]).toEqual([3, true])
    const calls = (await world.requests('moengage')).filter(({ route }) => route === COHORT_CALL.route)
    expect(calls).toEqual([])
    expect((await world.sync({ allow: ['vip:match-rate:the app is new'] })).exitCode).toBe(0)
    expect((await world.plan()).out).toContain('match-rate of vip, just now: the app is new')
  })

  test('that MoEngage will not tell stops nothing', async () => {
    const world = await openFirstLoad()
    await world.fault('moengage', { match: LOOKUP, kind: 'status', status: 403, times: 'always' })
    const { exitCode, out } = await world.sync()
    expect([exitCode, out.includes('sync/match-rate-unknown')]).toEqual([0, true])
    expect((await membersOf(world, VIP)).length).toBeGreaterThan(100)
  })
})
