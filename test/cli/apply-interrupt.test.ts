import { expect, test } from 'vitest'
import {
  destinationSegments,
  expectSettled,
  madeSources,
  makeForeignCohort,
  membersOf,
  someIds,
  useManualSource,
  writePlanFile,
} from '../support/apply-world.ts'
import { openWorld, type World } from '../support/world.ts'

const AUDIENCES = [
  'active-in-app',
  'internal-qa',
  'recent-purchasers',
  'starter-kit-cross-sell',
  'vip',
  'winback',
]

/** A world in which one plan does everything: make, take over, rename, re-point, let go and retire. */
const openBusy = async (): Promise<World> => {
  const world = await openWorld({ audiences: AUDIENCES, population: 400 })
  const later = ['internal-qa', 'starter-kit-cross-sell']
  await world.edit('winback.yaml', { suppressed_by: ['vip'] })
  const applied = await world.apply({ only: AUDIENCES.filter(id => !later.includes(id)) })
  expect(applied.exitCode).toBe(0)
  await world.sync({ only: AUDIENCES.filter(id => !later.includes(id)) })
  await makeForeignCohort(world, {
    name: 'ACT__StarterKitCrossSell__30d',
    cohortId: 'crm-starter-kit',
    uids: ['usr_0000000001'],
  })
  await useManualSource(world, await someIds(world, 8))
  await world.edit('starter-kit-cross-sell.yaml', { adopt: { cohort_id: 'crm-starter-kit' } })
  await world.edit('vip.yaml', { name: 'ORC__Second__365d' })
  await world.remove('recent-purchasers.yaml')
  await world.remove('active-in-app.yaml')
  await world.edit('workspace.yaml', { forget: ['active-in-app'] })
  return world
}

/** Applies the plan of a busy world, and presses Ctrl-C at the n-th thing that it reports. */
const interruptAt = async (world: World, point: number) => {
  const members = await membersOf(world, 'ORC__Vip__365d')
  const { path, plan } = await writePlanFile(world)
  let seen = 0
  world.interruptWhen(() => {
    seen += 1
    return seen === point
  })
  const ended = await world.apply({ planFile: path, yes: false })
  return { members, path, plan, ended, isOver: seen < point }
}

test('Ctrl-C at any point of a plan that does everything loses nothing, and the same plan goes on', {
  timeout: 600_000,
}, async () => {
  let point = 0
  for (;;) {
    point += 1
    const world = await openBusy()
    const { members, path, plan, ended, isOver } = await interruptAt(world, point)
    const story = `interrupted at point ${point}`
    if (point === 1)
      expect(new Set(plan.changes.map(({ action }) => action))).toEqual(
        new Set(['create', 'adopt', 'rename', 'update', 'retire', 'forget', 'none']),
      )
    if (isOver) {
      expect(ended.exitCode).toBe(0)
      expect(point).toBeGreaterThan(15)
      return
    }
    expect([0, 1, 4], story).toContain(ended.exitCode)
    const again = await world.apply({ planFile: path, yes: false })
    expect(`${story}: ${again.exitCode} ${again.exitCode === 0 ? '' : again.out + again.err}`).toBe(
      `${story}: 0 `,
    )
    expect(await membersOf(world, 'ORC__Second__365d'), story).toEqual(members)
    expect(await membersOf(world, 'ORC__Vip__365d'), story).toEqual([])
    expect(
      (await madeSources(world)).map(({ count }) => count),
      story,
    ).toEqual([8])
    const names = (await destinationSegments(world)).map(({ name }) => name)
    expect(names.length, story).toBe(new Set(names).size)
    await expectSettled(world)
  }
})
