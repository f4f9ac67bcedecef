import { describe, expect, test } from 'vitest'
import {
  actionsOf,
  applyAsPlanned,
  COHORT_CALL,
  destinationSegments,
  expectSettled,
  membersOf,
  ownCohorts,
  SENDABLE_POST,
  writePlanFile,
} from '../support/apply-world.ts'
import { openWorld, type World } from '../support/world.ts'

const VIP = 'ORC__Vip__365d'
const WINBACK = 'ACT__Winback__60d'
const TWO = { audiences: ['vip', 'winback'], population: 400 }

/** Winback leaves the VIPs out. */
const openSynced = async (): Promise<World> => {
  const world = await openWorld(TWO)
  await world.edit('winback.yaml', { suppressed_by: ['vip'] })
  await world.settle()
  expect((await world.sync()).exitCode).toBe(0)
  return world
}

const archive = (world: World, name: string, archived = true): Promise<unknown> =>
  world.ask('moengage', `cohorts/${name}`, { archived })

/** Whom a segment really reaches. */
const reachOf = async (world: World, name: string): Promise<readonly string[]> => {
  const segment = (await destinationSegments(world)).find(each => each.name === name)
  if (!segment) throw new Error(`there is no ${name}`)
  return (await world.ask<{ uids: string[] }>('moengage', `segments/${segment.segment_id}/people`)).uids
}

const without = (all: readonly string[], others: readonly string[]): readonly string[] => {
  const left = new Set(others)
  return all.filter(each => !left.has(each))
}

describe('a suppression that MoEngage archived', () => {
  test('is sent nothing, nor is whoever it keeps out', async () => {
    const world = await openSynced()
    const back = await membersOf(world, WINBACK)
    await archive(world, VIP)
    await world.advance('2d')
    await world.forgetRequests()
    const synced = await world.sync()
    expect([synced.exitCode, synced.out.includes('sync/cohort-lost')]).toEqual([3, true])
    const sent = (await world.requests('moengage')).filter(({ write }) => write)
    expect(sent.filter(({ action }) => action === 'add_members')).toEqual([])
    expect((await membersOf(world, WINBACK)).filter(each => !back.includes(each))).toEqual([])
  })

  test('is made anew by the next plan, and left out again', async () => {
    const world = await openSynced()
    const members = await membersOf(world, VIP)
    const back = await membersOf(world, WINBACK)
    expect(without(back, members).length).toBeLessThan(back.length)
    await archive(world, VIP)
    // Until then an archived cohort holds nobody, and whom it kept out is let in.
    expect(await reachOf(world, `${WINBACK}__Sendable`)).toEqual(back)
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual(['cohort.vip rename', 'sendable.winback update', 'cohort.vip@g1 retire'])
    expect(await membersOf(world, `${VIP}__G2`)).toEqual(members)
    expect(await reachOf(world, `${WINBACK}__Sendable`)).toEqual(without(back, members))
    const state = await world.state()
    expect(state.tombstones.get(VIP)).toMatchObject({ reason: 'renamed', cohortId: 'acme-d2c-vip-g1' })
    expect([...state.members.keys()].sort()).toEqual(['vip', 'winback'])
    expect(state.asserted.get('vip')?.completedAt).toBeDefined()
    // What is archived is left as it was, with everybody in it.
    expect(await membersOf(world, VIP)).toEqual(members)
    await expectSettled(world)
  })

  test('and that is lost again gets the generation after that', async () => {
    const world = await openSynced()
    const members = await membersOf(world, VIP)
    for (const generation of [2, 3]) {
      await archive(world, generation === 2 ? VIP : `${VIP}__G2`)
      await applyAsPlanned(world)
      expect((await ownCohorts(world)).get(`${VIP}__G${generation}`)?.cohort_id).toBe(
        `acme-d2c-vip-g${generation}`,
      )
    }
    expect(await membersOf(world, `${VIP}__G3`)).toEqual(members)
    await expectSettled(world)
  })

  test('is itself again when it comes back before the plan is applied', async () => {
    const world = await openSynced()
    await archive(world, VIP)
    const { path } = await writePlanFile(world)
    await archive(world, VIP, false)
    const ended = await world.apply({ planFile: path, yes: false })
    expect([ended.exitCode, ended.failed]).toEqual([1, 'apply/stale-plan'])
    expect((await ownCohorts(world)).has(`${VIP}__G2`)).toBe(false)
    await expectSettled(world)
  })

  test.each([
    ['was done, and nobody said so', { kind: 'unknown', times: 'always' }],
    ['was never done, and nobody said so', { kind: 'reset', times: 'always' }],
    ['was taken, and nothing came of it', { kind: 'drop', times: 'always' }],
    ['was refused', { kind: 'status', status: 500, times: 'always' }],
  ])('is made good by the same plan again, when a call to carry members over %s', async (_story, loss) => {
    const world = await openSynced()
    const members = await membersOf(world, VIP)
    await archive(world, VIP)
    const { path } = await writePlanFile(world)
    await world.fault('moengage', { match: COHORT_CALL, ...loss })
    expect((await world.apply({ planFile: path, yes: false })).exitCode).not.toBe(0)
    await world.ask('moengage', 'faults', undefined, 'DELETE')
    const again = await world.apply({ planFile: path, yes: false })
    expect(`${again.failed ?? ''}${again.err}`).not.toContain('stale')
    if (again.exitCode !== 0) expect((await world.apply()).exitCode).toBe(0)
    expect(await membersOf(world, `${VIP}__G2`)).toEqual(members)
    await expectSettled(world)
  })
})

describe('when nothing ran for sixty days', () => {
  test('cohorts and segment are made anew, and everyone is where they belong', async () => {
    const world = await openSynced()
    await world.advance('61d')
    const names = new Map((await destinationSegments(world)).map(each => [each.name, each.archived] as const))
    expect([VIP, WINBACK, `${WINBACK}__Sendable`].map(name => names.get(name))).toEqual([true, true, true])
    const { plan } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual([
      'cohort.vip rename',
      'cohort.winback rename',
      'sendable.winback rename',
      'cohort.vip@g1 retire',
      'cohort.winback@g1 retire',
    ])
    expect((await world.sync()).exitCode).not.toBe(1)
    const vip = await membersOf(world, `${VIP}__G2`)
    const back = await membersOf(world, `${WINBACK}__G2`)
    expect(await reachOf(world, `${WINBACK}__G2__Sendable`)).toEqual(without(back, vip))
    expect((await world.state()).tombstones.has(`${WINBACK}__Sendable`)).toBe(true)
    expect((await world.plan()).out).toContain('No changes.')
  })

  test('a new segment whose answer was lost is found again', async () => {
    const world = await openSynced()
    await world.advance('61d')
    const { path } = await writePlanFile(world)
    await world.fault('moengage', { match: SENDABLE_POST, kind: 'unknown', times: 'always' })
    expect((await world.apply({ planFile: path, yes: false })).exitCode).toBe(4)
    await world.ask('moengage', 'faults', undefined, 'DELETE')
    const again = await world.apply({ planFile: path, yes: false })
    expect(`${again.exitCode} ${again.failed ?? ''}`).toBe('0 ')
    const { tombstones, objects } = await world.state()
    expect(objects.get('sendable.winback')?.attributes.name).toBe(`${WINBACK}__G2__Sendable`)
    expect(tombstones.has(`${WINBACK}__Sendable`)).toBe(true)
    const made = (await destinationSegments(world)).filter(({ name }) => name.endsWith('__G2__Sendable'))
    expect(made.length).toBe(1)
    expect((await world.plan()).out).toContain('No changes.')
  })

  test('a cohort that a campaign runs is still there, and is not warned of any more', async () => {
    const world = await openSynced()
    await world.advance('55d')
    expect((await world.plan()).out).toContain('sync/heartbeat')
    expect((await world.sync()).out).toContain('sync/heartbeat')
    for (const name of [VIP, WINBACK]) await world.ask('moengage', `cohorts/${name}`, { run: true })
    await world.advance('6d')
    const planned = await world.plan()
    expect(planned.out).toContain('No changes.')
    expect(planned.out).not.toContain('sync/heartbeat')
    expect((await world.drift()).out).toContain('Estimated')
  })
})
