import { once } from 'node:events'
import { cp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  addLike,
  applyAsPlanned,
  expectNoWrites,
  expectSettled,
  readPlan,
  refusalsOf,
  writePlanFile,
} from '../support/apply-world.ts'
import { holdElsewhere } from '../support/hold-elsewhere.ts'
import { openWorld, type World } from '../support/world.ts'

const ONE = { audiences: ['vip'], population: 500 }
const TWO = { audiences: ['vip', 'winback'], population: 500 }

const applyFile = (world: World, path: string) => world.apply({ planFile: path, yes: false })

const expectRefused = async (world: World, path: string, code: string, words: string): Promise<void> => {
  await world.forgetRequests()
  const ended = await applyFile(world, path)
  expect([ended.exitCode, ended.failed]).toEqual([1, code])
  expect(ended.err).toContain(words)
  await expectNoWrites(world)
}

const describeEdit = (world: World, description: string): Promise<void> =>
  world.edit('vip.yaml', { description })

describe('a plan file is refused', () => {
  test('a week after it was made, and not a moment before', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await describeEdit(world, 'Served by hand.')
    const { path } = await writePlanFile(world)
    await world.ask('customerio', 'clock', { to: '2026-11-30T09:59:59.000Z' })
    expect((await applyFile(world, path)).exitCode).toBe(0)
    await world.ask('customerio', 'clock', { to: '2026-11-30T10:00:00.000Z' })
    await expectRefused(world, path, 'apply/expired-plan', '2026-11-30T10:00:00.000Z')
  })

  test('when it was made offline', async () => {
    const world = await openWorld(ONE)
    const path = join(world.folder, 'plan.json')
    const planned = await world.plan({ out: path, offline: true })
    expect(planned.exitCode).toBe(0)
    expect(planned.err).toContain('apply refuses it')
    expect(await world.requests('moengage')).toEqual([])
    await expectRefused(world, path, 'apply/offline-plan', 'made offline')
  })

  test('when the store is an older copy', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await copyStore(world)
    await describeEdit(world, 'Served by hand.')
    await world.settle()
    await describeEdit(world, 'Served by somebody.')
    const { path } = await writePlanFile(world)
    await putBack(world)
    await expectRefused(world, path, 'apply/stale-plan', 'the store is older than the plan')
  })

  test('when it was made with another store', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await describeEdit(world, 'Served by hand.')
    const { path } = await writePlanFile(world)
    await rm(join(world.folder, 'state'), { recursive: true })
    const ended = await applyFile(world, path)
    expect(ended.failed).toBe('apply/stale-plan')
    expect(ended.err).toContain('the plan was made with another store')
  })

  test('when it was limited to other audiences', async () => {
    const world = await openWorld(TWO)
    const { path } = await writePlanFile(world, { only: ['vip'] })
    await world.forgetRequests()
    const ended = await world.apply({ planFile: path, only: ['winback'], yes: false })
    expect(ended.failed).toBe('cli/only-with-plan')
    await expectNoWrites(world)
    expect((await applyFile(world, path)).exitCode).toBe(0)
    expect([...(await world.state()).objects.keys()]).toEqual(['binding.vip', 'cohort.vip'])
  })

  test('when it was refused as it was made, although nothing stands in its way any more', async () => {
    const world = await openWorld(ONE)
    await world.ask('customerio', 'segments/11', { name: 'Something else' })
    const path = join(world.folder, 'plan.json')
    expect((await world.plan({ out: path })).exitCode).toBe(3)
    await world.ask('customerio', 'segments/11', { name: 'VIP customers' })
    await expectRefused(world, path, 'apply/stale-plan', 'the plan was refused when it was made')
  })

  test('when there is no such file', async () => {
    const world = await openWorld(ONE)
    await expectRefused(world, join(world.folder, 'nowhere.json'), 'apply/no-plan-file', 'cannot be read')
  })
})

const copyStore = ({ folder }: World): Promise<void> =>
  cp(join(folder, 'state'), join(folder, 'aside'), { recursive: true })

const putBack = async ({ folder }: World): Promise<void> => {
  await rm(join(folder, 'state'), { recursive: true })
  await rename(join(folder, 'aside'), join(folder, 'state'))
}

describe('an override', () => {
  const openCrowd = async (): Promise<World> => {
    const world = await openWorld(ONE)
    for (const id of ['one', 'two', 'three'])
      await addLike(world, 'vip', id, { name: `ORC__${id[0]?.toUpperCase()}${id.slice(1)}__365d` })
    await world.settle()
    for (const id of ['one', 'two', 'three']) await world.remove(`${id}.yaml`)
    return world
  }
  const allow = (world: World, until: string): Promise<void> =>
    world.edit('workspace.yaml', {
      allow: [{ guard: 'mass-retirement', by: 'Jo Doe', because: 'The tests are over.', until }],
    })

  test('stands in the plan that it lets pass, and in the journal of the apply', async () => {
    const world = await openCrowd()
    expect(refusalsOf(await readPlan(world))).toEqual(['guard/mass-retirement'])
    expect((await world.apply()).exitCode).toBe(3)
    await allow(world, '2026-11-23')
    const { plan } = await applyAsPlanned(world)
    expect(plan.overrides).toEqual([
      { guard: 'mass-retirement', by: 'Jo Doe', because: 'The tests are over.', until: '2026-11-23' },
    ])
    const store = await world.openStore()
    const overrides = (await store.readJournal(1_000)).filter(({ phase }) => phase === 'override')
    await store.close()
    expect(overrides.map(({ operation, detail }) => `${operation} ${detail}`)).toEqual([
      'allow mass-retirement Jo Doe: The tests are over.',
    ])
    await expectSettled(world)
  })

  test('that has expired is told about, and lets nothing pass', async () => {
    const world = await openCrowd()
    await allow(world, '2026-11-22')
    const plan = await readPlan(world)
    expect(refusalsOf(plan)).toEqual(['guard/mass-retirement'])
    expect(plan.warnings.map(({ code }) => code)).toEqual(['allow/expired'])
    await world.forgetRequests()
    expect((await world.apply()).exitCode).toBe(3)
    await expectNoWrites(world)
  })

  test('that expires between plan and apply stops the apply', async () => {
    const world = await openCrowd()
    await allow(world, '2026-11-23')
    const { path } = await writePlanFile(world)
    await world.advance('1d')
    await world.forgetRequests()
    const ended = await applyFile(world, path)
    expect(ended.exitCode).toBe(3)
    expect(ended.out).toContain('guard/mass-retirement')
    await expectNoWrites(world)
  })
})

describe('the lock', () => {
  test('that a run left behind is taken over, with a note of whose it was', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    const store = await world.openStore()
    await store.commit([{ kind: 'synced', audience: 'nobody' }])
    await copyStore(world)
    await store.close()
    await putBack(world)
    await describeEdit(world, 'Served by hand.')
    const ended = await world.apply()
    expect(ended.exitCode).toBe(0)
    expect(ended.err).toContain('note: `muster test` of tester@example')
    expect((await world.apply()).err).not.toContain('note:')
    await expectSettled(world)
  })

  test('of another process keeps this one out, before any vendor is called', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await describeEdit(world, 'Served by hand.')
    const holder = await holdElsewhere(world)
    try {
      await world.forgetRequests()
      const ended = await world.apply()
      expect([ended.exitCode, ended.failed]).toEqual([1, 'store/busy'])
      expect(ended.err).toContain(`in use by another process (process ${holder.pid})`)
      await expectNoWrites(world)
    } finally {
      holder.kill('SIGKILL')
      await once(holder, 'exit')
    }
    expect((await world.apply()).exitCode).toBe(0)
    await expectSettled(world)
  })
})

describe('an edit of a segment in Customer.io', () => {
  const edit = (world: World): Promise<unknown> =>
    world.ask('customerio', 'segments/11', { description: 'Edited.' })
  const driftOf = async (world: World): Promise<string[]> =>
    (await readPlan(world)).drift.map(({ address, attribute, grade }) => `${address} ${attribute} ${grade}`)
  const EDITED = ['binding.vip source_edited estimated']

  test('is told until a reviewed plan that showed it was applied', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await world.advance('1h')
    await edit(world)
    expect(await driftOf(world)).toEqual(EDITED)
    expect(await driftOf(world)).toEqual(EDITED)
    await applyAsPlanned(world)
    expect(await driftOf(world)).toEqual([])
    await world.advance('1h')
    await edit(world)
    expect(await driftOf(world)).toEqual(EDITED)
  })

  test('that came after the review is told by the next plan, although the binding was written', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await describeEdit(world, 'Served by hand.')
    const { path } = await writePlanFile(world)
    await world.advance('1h')
    await edit(world)
    expect((await applyFile(world, path)).exitCode).toBe(0)
    expect(await driftOf(world)).toEqual(EDITED)
  })

  test('is not forgotten by an apply that could not read the list', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await world.advance('1h')
    await edit(world)
    await describeEdit(world, 'Served by hand.')
    await world.fault('customerio', {
      match: { route: '/v1/segments' },
      kind: 'status',
      status: 500,
      times: 'always',
    })
    await applyAsPlanned(world)
    await world.ask('customerio', 'faults', undefined, 'DELETE')
    expect(await driftOf(world)).toEqual(EDITED)
  })

  test('is taken note of where the audience has another id by then', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await world.advance('1h')
    await edit(world)
    const text = await readFile(join(world.folder, 'audiences', 'vip.yaml'), 'utf8')
    await world.write('best.yaml', text)
    await world.edit('best.yaml', { id: 'best', moved_from: 'vip' })
    await world.remove('vip.yaml')
    await applyAsPlanned(world)
    expect(await driftOf(world)).toEqual([])
  })
})
