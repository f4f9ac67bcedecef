import { describe, expect, test } from 'vitest'
import {
  actionsOf,
  addLike,
  applyAsPlanned,
  expectSettled,
  madeSources,
  makeForeignSource,
  moveSpec,
  putIn,
  readPlan,
  refusalsOf,
  SOURCE_FILL,
  SOURCE_LIST,
  SOURCE_REMOVE,
  someIds,
  useManualSource,
} from '../support/apply-world.ts'
import { openWorld, type World } from '../support/world.ts'

const MEMBERSHIP = { method: 'GET', route: '/v1/segments/:id/membership' }
const ADDRESS = 'source.internal-qa'

/** A manual segment with the first of a hundred people as its testers; the others stand by. */
const openQa = async (testers: number): Promise<{ world: World; ids: readonly string[] }> => {
  const world = await openWorld({ audiences: ['internal-qa', 'vip'], population: 800 })
  const ids = await someIds(world, 100)
  await useManualSource(world, ids.slice(0, testers))
  return { world, ids }
}

const openSettled = async (testers: number): Promise<{ world: World; ids: readonly string[] }> => {
  const opened = await openQa(testers)
  await applyAsPlanned(opened.world)
  await expectSettled(opened.world)
  return opened
}

const peopleOf = async (world: World, segmentId: number): Promise<readonly string[]> => {
  const found = (await madeSources(world)).find(each => each.segment_id === segmentId)
  return (found?.people ?? []).map(({ id }) => id).sort()
}

const heal = (world: World): Promise<unknown> => world.ask('customerio', 'faults', undefined, 'DELETE')

const recordOf = async (world: World) => (await world.state()).objects.get(ADDRESS)

const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort()

describe('testers who come and go', () => {
  test('follow the file, and whoever was put in by hand stays', async () => {
    const { world, ids } = await openSettled(40)
    await putIn(world, 101, ids[60])
    await useManualSource(world, ids.slice(10, 45))
    const { plan, ended } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toEqual([`${ADDRESS} update`, 'binding.internal-qa update'])
    expect(plan.changes[0]?.calls).toEqual([
      { operation: 'fill source segment', calls: 1, members: 35 },
      { operation: 'remove from source segment', calls: 1, members: 40 },
    ])
    expect(await peopleOf(world, 101)).toEqual(sorted([...ids.slice(10, 45), ids[60] ?? '']))
    expect(ended.out).toContain('whom muster did not put there, stay: 1')
    await expectSettled(world)
    const { members } = await world.state()
    expect([members.get('internal-qa'), members.get(ADDRESS)]).toEqual([35, 35])
  })

  test('keep their ledger when the audience moves to another id', async () => {
    const { world, ids } = await openSettled(20)
    await moveSpec(world, 'internal-qa', 'staff')
    await applyAsPlanned(world)
    await world.edit('workspace.yaml', { 'qa.testers': ids.slice(5, 20) })
    await applyAsPlanned(world)
    expect(await peopleOf(world, 101)).toEqual(sorted(ids.slice(5, 20)))
    const { members } = await world.state()
    expect([members.has(ADDRESS), members.get('source.staff')]).toEqual([false, 15])
    await expectSettled(world)
  })

  test.each([
    ['filled', SOURCE_FILL],
    ['emptied', SOURCE_REMOVE],
  ])('are told apart after a call without an answer, while it was %s', async (_when, match) => {
    const { world, ids } = await openSettled(10)
    await world.fault('customerio', { match, kind: 'unknown', times: 'always' })
    await useManualSource(world, ids.slice(5, 15))
    expect((await world.apply()).exitCode).not.toBe(0)
    await heal(world)
    // Back to where it was: whom the lost call may have put in has to leave again.
    await useManualSource(world, ids.slice(0, 10))
    await putIn(world, 101, ids[60])
    for (let run = 0; (await world.apply()).exitCode !== 0; run += 1) expect(run).toBeLessThan(3)
    expect(await peopleOf(world, 101)).toEqual(sorted([...ids.slice(0, 10), ids[60] ?? '']))
    await expectSettled(world)
  })

  test('leave after a first fill without an answer, never more at once than the plan says', async () => {
    const { world, ids } = await openQa(10)
    await world.fault('customerio', { match: SOURCE_FILL, kind: 'unknown', times: 'always' })
    expect((await world.apply()).exitCode).not.toBe(0)
    await heal(world)
    await useManualSource(world, ids.slice(20, 26))
    const runs: number[] = []
    for (let code = 1; code !== 0; ) {
      code = (await world.apply()).exitCode
      runs.push((await peopleOf(world, 101)).length)
      expect(runs.length).toBeLessThan(5)
    }
    expect(runs).toEqual([16, 10, 6])
    expect(await peopleOf(world, 101)).toEqual(sorted(ids.slice(20, 26)))
    await expectSettled(world)
  })
})

describe('a membership that cannot be read to its end', () => {
  test('takes nobody out, and leaves the segment open', async () => {
    const { world, ids } = await openSettled(12)
    await useManualSource(world, ids.slice(6, 12))
    await world.fault('customerio', { match: MEMBERSHIP, kind: 'repeat-cursor', times: 'always' })
    const ended = await world.apply()
    expect(ended.exitCode).not.toBe(0)
    expect(ended.out).toContain('could not be read to the end')
    expect((await peopleOf(world, 101)).length).toBe(12)
    expect((await recordOf(world))?.status).toBe('pending')
    await heal(world)
    expect((await world.apply()).exitCode).toBe(0)
    expect(await peopleOf(world, 101)).toEqual(sorted(ids.slice(6, 12)))
    await expectSettled(world)
  })
})

describe('a manual segment that somebody deleted', () => {
  test('is made anew, under its new id', async () => {
    const { world, ids } = await openSettled(8)
    await world.ask('customerio', 'segments/101', { deleted: true })
    const { plan } = await applyAsPlanned(world)
    expect(plan.changes[0]?.calls.map(({ operation }) => operation)).toEqual([
      'create source segment',
      'fill source segment',
    ])
    expect((await recordOf(world))?.remoteId).toBe('102')
    await expectSettled(world)
    await useManualSource(world, ids.slice(4, 8))
    await applyAsPlanned(world)
    expect(await peopleOf(world, 102)).toEqual(sorted(ids.slice(4, 8)))
  })

  test.each([
    ['as it was', 0],
    ['and other testers', 3],
  ])('is refused while another one has its name, %s', async (_story, from) => {
    const { world, ids } = await openSettled(8)
    await world.ask('customerio', 'segments/101', { deleted: true })
    const theirs = await makeForeignSource(world, 'QA team')
    for (const id of ids.slice(50, 55)) await putIn(world, theirs, id)
    await useManualSource(world, ids.slice(from, 8))
    expect(refusalsOf(await readPlan(world))).toEqual(['guard/takeover'])
    expect((await world.apply()).exitCode).not.toBe(0)
    expect(await peopleOf(world, theirs)).toEqual(sorted(ids.slice(50, 55)))
    await world.ask('customerio', `segments/${theirs}`, { name: 'Theirs' })
    expect((await world.apply()).exitCode).toBe(0)
    expect((await recordOf(world))?.remoteId).toBe('103')
    expect(await peopleOf(world, theirs)).toEqual(sorted(ids.slice(50, 55)))
    await expectSettled(world)
  })

  test('is not made anew, nor found by its name, when the list could not be read', async () => {
    const { world, ids } = await openSettled(8)
    await world.ask('customerio', 'segments/101', { deleted: true })
    await useManualSource(world, ids.slice(2, 8))
    await world.fault('customerio', { match: SOURCE_LIST, kind: 'status', status: 500, times: 5 })
    const ended = await world.apply()
    expect(ended.exitCode).not.toBe(0)
    expect((await madeSources(world)).length).toBe(0)
    await heal(world)
    await applyAsPlanned(world)
    expect(await peopleOf(world, 102)).toEqual(sorted(ids.slice(2, 8)))
  })
})

describe('taking a manual segment over', () => {
  const adoptCrowd = async () => {
    const { world, ids } = await openQa(5)
    const theirs = await makeForeignSource(world, 'QA team')
    for (const id of ids.slice(3, 40)) await putIn(world, theirs, id)
    await world.edit('internal-qa.yaml', { adopt: true })
    return { world, ids, applied: await applyAsPlanned(world) }
  }

  test('adds the testers, takes nobody out, and says how many others are in it', async () => {
    const { world, ids, applied } = await adoptCrowd()
    const [change] = applied.plan.changes
    expect(change?.action).toBe('adopt')
    expect(change?.calls).toEqual([{ operation: 'fill source segment', calls: 1, members: 5 }])
    expect(applied.plan.warnings.map(({ code }) => code)).toContain('adopt/people-stay')
    expect(applied.ended.out).toContain('whom muster did not put there, stay: 35')
    expect(await peopleOf(world, 101)).toEqual(sorted(ids.slice(0, 40)))
    await expectSettled(world)
  })

  test('takes out later whom muster sent, and nobody else', async () => {
    const { world, ids } = await adoptCrowd()
    await useManualSource(world, ids.slice(1, 6))
    await world.edit('internal-qa.yaml', { adopt: true })
    await applyAsPlanned(world)
    expect(await peopleOf(world, 101)).toEqual(sorted(ids.slice(1, 40)))
    await world.remove('internal-qa.yaml')
    const { ended } = await applyAsPlanned(world)
    expect(ended.out).toContain('left in Customer.io: muster did not make it')
    expect((await peopleOf(world, 101)).length).toBe(39)
    expect((await world.state()).members.has(ADDRESS)).toBe(false)
    await expectSettled(world)
  })
})

describe('retiring a manual segment', () => {
  test('leaves it where a suspended audience reads it', async () => {
    const { world } = await openSettled(8)
    await addLike(world, 'vip', 'staff', {
      name: 'ORC__Staff__365d',
      source: { segment: 101, name: 'QA team' },
      suspend: true,
    })
    await world.remove('internal-qa.yaml')
    const { plan, ended } = await applyAsPlanned(world)
    expect(actionsOf(plan)).toContain(`${ADDRESS} retire`)
    expect(ended.out).toContain('left in Customer.io: the plan does not delete it')
    expect((await peopleOf(world, 101)).length).toBe(8)
  })

  test('deletes it where nothing reads it, those included whom others put in', async () => {
    const { world, ids } = await openSettled(8)
    await putIn(world, 101, ids[60])
    await world.remove('internal-qa.yaml')
    await applyAsPlanned(world)
    expect((await madeSources(world)).length).toBe(0)
    expect((await world.state()).members.has(ADDRESS)).toBe(false)
    await expectSettled(world)
  })
})
