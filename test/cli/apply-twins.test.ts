import { describe, expect, test } from 'vitest'
import {
  actionsOf,
  destinationSegments,
  expectSettled,
  LIST_CALL,
  madeSources,
  makeForeignSendable,
  makeForeignSource,
  SENDABLE_POST,
  SOURCE_POST,
  someIds,
  useManualSource,
} from '../support/apply-world.ts'
import { openWorld, type World } from '../support/world.ts'

const openSuppressed = async (): Promise<World> => {
  const world = await openWorld({ audiences: ['vip', 'winback'], population: 500 })
  await world.edit('winback.yaml', { suppressed_by: ['vip'] })
  return world
}

const heal = async (world: World): Promise<void> => {
  for (const vendor of ['customerio', 'moengage'] as const)
    await world.ask(vendor, 'faults', undefined, 'DELETE')
}

const sendables = async (world: World): Promise<string[]> =>
  (await destinationSegments(world)).map(({ name }) => name).filter(name => name.endsWith('__Sendable'))

describe('a sendable segment whose creation got no answer', () => {
  test('and that the list leaves out is not made twice, and is found once the list is whole', async () => {
    const world = await openSuppressed()
    await world.fault('moengage', { match: SENDABLE_POST, kind: 'unknown' })
    expect((await world.apply()).exitCode).toBe(4)
    await world.fault('moengage', {
      match: LIST_CALL,
      kind: 'omit',
      times: 'always',
      names: ['ACT__Winback__60d__Sendable'],
    })
    expect((await world.apply()).exitCode).not.toBe(0)
    await heal(world)
    expect((await world.apply()).exitCode).toBe(0)
    expect(await sendables(world)).toEqual(['ACT__Winback__60d__Sendable'])
    await expectSettled(world)
  })

  test('before its cohort got another name is renamed, not left behind', async () => {
    const world = await openSuppressed()
    await world.fault('moengage', { match: SENDABLE_POST, kind: 'unknown' })
    expect((await world.apply()).exitCode).toBe(4)
    await world.edit('winback.yaml', { name: 'ACT__Second__60d' })
    expect((await world.apply()).exitCode).toBe(0)
    expect(await sendables(world)).toEqual(['ACT__Second__60d__Sendable'])
    await expectSettled(world)
  })
})

describe('a segment of somebody else with the same filters', () => {
  test('stands in the way until it is gone, and is neither taken nor changed', async () => {
    const world = await openSuppressed()
    await world.edit('winback.yaml', { suppressed_by: undefined })
    await world.settle()
    const { objects } = await world.state()
    const remoteId = (id: string): string => objects.get(`cohort.${id}`)?.remoteId ?? ''
    await makeForeignSendable(world, {
      name: 'Somebody else’s',
      include: remoteId('winback'),
      exclude: [remoteId('vip')],
    })
    await world.edit('winback.yaml', { suppressed_by: ['vip'] })
    const refused = await world.apply()
    expect(refused.exitCode).toBe(1)
    expect(refused.out).toContain('provider/same-filters')
    expect((await world.state()).objects.has('sendable.winback')).toBe(false)
    const twin = (await destinationSegments(world)).find(({ name }) => name === 'Somebody else’s')
    await world.ask('moengage', `segments/${twin?.segment_id}`, { archived: true })
    expect((await world.apply()).exitCode).toBe(0)
    await expectSettled(world)
  })
})

describe('a manual segment whose creation got no answer', () => {
  const openLost = async (): Promise<World> => {
    const world = await openWorld({ audiences: ['internal-qa'], population: 500 })
    await useManualSource(world, await someIds(world, 9))
    await world.fault('customerio', { match: SOURCE_POST, kind: 'unknown' })
    expect((await world.apply()).exitCode).not.toBe(0)
    await heal(world)
    return world
  }

  test('is found by its name', async () => {
    const world = await openLost()
    expect((await world.apply()).exitCode).toBe(0)
    expect((await madeSources(world)).map(({ count }) => count)).toEqual([9])
    await expectSettled(world)
  })

  test('is not guessed at when somebody made another one of that name', async () => {
    const world = await openLost()
    const other = await makeForeignSource(world, 'QA team')
    const ended = await world.apply()
    expect(ended.exitCode).not.toBe(0)
    expect(`${ended.out}${ended.err}`).toMatch(/guard\/ambiguous-source|source\/ambiguous/)
    expect((await madeSources(world)).length).toBe(2)
    await world.ask('customerio', `segments/${other}`, { deleted: true })
    expect((await world.apply()).exitCode).toBe(0)
    expect((await madeSources(world)).map(({ count }) => count)).toEqual([9])
    await expectSettled(world)
  })

  test('is made anew when somebody deletes it and its testers change', async () => {
    const world = await openLost()
    expect((await world.apply()).exitCode).toBe(0)
    await world.ask('customerio', 'segments/101', { deleted: true })
    await useManualSource(world, await someIds(world, 7))
    const planned = JSON.parse((await world.plan({ json: true })).out)
    expect(actionsOf(planned)).toContain('source.internal-qa update')
    expect((await world.apply()).exitCode).toBe(0)
    expect((await madeSources(world)).map(({ segment_id, count }) => [segment_id, count])).toEqual([[102, 7]])
    await expectSettled(world)
  })
})
