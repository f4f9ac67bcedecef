import { describe, expect, test } from 'vitest'
import {
  actionsOf,
  addLike,
  applyAsPlanned,
  COHORT_CALL,
  expectNoWrites,
  expectSettled,
  LIST_CALL,
  readPlan,
  refusalsOf,
  SENDABLE_GET,
  SOURCE_LIST,
  writePlanFile,
} from '../support/apply-world.ts'
import { openWorld, type World } from '../support/world.ts'

type Vendor = 'customerio' | 'moengage'

const openApplied = async (): Promise<World> => {
  const world = await openWorld({ audiences: ['vip', 'winback'], population: 800 })
  await world.edit('winback.yaml', { suppressed_by: ['vip'] })
  await world.settle()
  expect((await world.sync()).exitCode).toBe(0)
  return world
}

const heal = async (world: World): Promise<void> => {
  for (const vendor of ['customerio', 'moengage'] as const)
    await world.ask(vendor, 'faults', undefined, 'DELETE')
}

const QUOTA = /provider\/(quota|rate-limit)/

const FAULTS = [
  ['answers with 500', { kind: 'status', status: 500 }, 'provider/unavailable'],
  ['answers with a page of a proxy', { kind: 'html', status: 200 }, 'provider/not-json'],
  ['may not be read with this key', { kind: 'status', status: 403 }, 'provider/forbidden'],
  ['may not be read again for now', { kind: 'quota' }, QUOTA],
  ['breaks off', { kind: 'truncate' }, 'provider/truncated'],
] as const

const LISTS: readonly (readonly [Vendor, typeof LIST_CALL, 'moengage_segments' | 'customerio_segments'])[] = [
  ['moengage', LIST_CALL, 'moengage_segments'],
  ['customerio', SOURCE_LIST, 'customerio_segments'],
]

const CASES = LISTS.flatMap(([vendor, match, reads]) =>
  FAULTS.map(([story, fault, code]) => ({ vendor, match, reads, story, fault, code })),
)

describe('a list that cannot be read', () => {
  test.each(CASES)(
    'of $vendor ($story) leaves its values unknown and stops nothing that does not need it',
    async ({ vendor, match, reads, fault, code }) => {
      const world = await openApplied()
      await world.fault(vendor, { match, times: 'always', ...fault })
      const ended = await world.plan()
      expect(ended.exitCode).toBe(0)
      expect(ended.out).not.toContain('No changes.')
      expect(ended.out).toMatch(/No changes known, \d+ values unverified/)
      const plan = await readPlan(world)
      expect(plan.reads[reads]).toMatchObject({ kind: 'failed', code: expect.stringMatching(code) })
      expect(plan.beliefs.unknown).toBeGreaterThan(0)
      expect(actionsOf(plan)).toEqual([])
      await world.edit('vip.yaml', { description: 'Served by hand.' })
      expect(actionsOf((await applyAsPlanned(world)).plan)).toEqual(['binding.vip update'])
      await heal(world)
      await expectSettled(world)
    },
  )

  test('makes creating anything in it wait', async () => {
    const world = await openWorld({ audiences: ['vip'], population: 800 })
    await world.fault('moengage', { match: LIST_CALL, kind: 'status', status: 500, times: 'always' })
    const plan = await readPlan(world)
    expect(refusalsOf(plan)).toEqual(['guard/unverified'])
    expect(plan.changes.find(({ kind }) => kind === 'cohort')?.belief).toBe('unknown')
    await world.forgetRequests()
    expect((await world.apply()).exitCode).toBe(3)
    await expectNoWrites(world)
  })

  test('of Customer.io makes a cohort wait whose segment nobody could check', async () => {
    const world = await openWorld({ audiences: ['vip'], population: 800 })
    await world.fault('customerio', { match: SOURCE_LIST, kind: 'status', status: 500, times: 'always' })
    const plan = await readPlan(world)
    expect(plan.refusals.map(({ code, detail }) => `${code} ${detail}`)).toEqual([
      expect.stringMatching(
        /^guard\/unverified binding\.vip: Customer\.io's list of segments could not be read/,
      ),
    ])
    await world.forgetRequests()
    expect((await world.apply()).exitCode).toBe(3)
    await expectNoWrites(world)
    await heal(world)
    await world.settle()
    await expectSettled(world)
  })

  test('makes renaming wait too', async () => {
    const world = await openApplied()
    await world.edit('vip.yaml', { name: 'ORC__Second__365d' })
    await world.fault('moengage', { match: LIST_CALL, kind: 'status', status: 500, times: 'always' })
    expect(refusalsOf(await readPlan(world))).toContain('guard/unverified')
  })

  test('lets an audience be retired: what is needed for that is recorded', async () => {
    const world = await openApplied()
    await world.edit('winback.yaml', { suppressed_by: undefined })
    await applyAsPlanned(world)
    await world.remove('vip.yaml')
    await world.fault('moengage', { match: LIST_CALL, kind: 'status', status: 500, times: 'always' })
    await applyAsPlanned(world)
    await heal(world)
    await expectSettled(world)
  })

  test('is no reason to think that a plan that was reviewed with it still holds', async () => {
    const world = await openApplied()
    await world.edit('winback.yaml', { suppressed_by: ['vip', 'winback-twin'] })
    await addLike(world, 'vip', 'winback-twin', { name: 'ORC__Twin__365d' })
    await world.apply({ only: ['winback-twin'] })
    const { path } = await writePlanFile(world)
    await world.fault('moengage', { match: SENDABLE_GET, kind: 'status', status: 500, times: 'always' })
    const ended = await world.apply({ planFile: path, yes: false })
    expect(ended.failed).toBe('apply/stale-plan')
    expect(ended.err).toContain('sendable.winback: exclude was')
  })
})

describe('--detailed-exitcode', () => {
  test.each(LISTS)(
    '%s does not answer: 1 where nothing is pending, 2 where something is',
    async (vendor, match) => {
      const world = await openApplied()
      expect(await world.plan({ detailedExitcode: true })).toMatchObject({ exitCode: 0, err: '' })
      await world.fault(vendor, { match, kind: 'status', status: 500, times: 'always' })
      const ended = await world.plan({ detailedExitcode: true })
      expect(ended.exitCode).toBe(1)
      expect(ended.err).toMatch(/^\d+ values not read: whether changes are pending is not known\.\n$/)
      expect((await world.plan()).exitCode).toBe(0)
      await world.edit('vip.yaml', { description: 'Served by hand.' })
      expect((await world.plan({ detailedExitcode: true })).exitCode).toBe(2)
    },
  )
})

describe('a failure that everything would meet', () => {
  test.each([
    ['moengage', LIST_CALL, 401, 'provider/auth'],
    ['customerio', SOURCE_LIST, 401, 'provider/auth'],
  ] as const)('of %s ends the command', async (vendor, match, status, code) => {
    const world = await openApplied()
    await world.fault(vendor, { match, kind: 'status', status, times: 'always' })
    const planned = await world.plan()
    expect([planned.exitCode, planned.failed]).toEqual([1, code])
    await world.forgetRequests()
    expect((await world.apply()).failed).toBe(code)
    await expectNoWrites(world)
  })
})

describe('one sendable segment that cannot be read', () => {
  test('is unknown, and the others are not', async () => {
    const world = await openApplied()
    await world.fault('moengage', { match: SENDABLE_GET, kind: 'status', status: 500, times: 'always' })
    const ended = await world.plan()
    expect(ended.exitCode).toBe(0)
    expect(ended.out).toMatch(/No changes known, 3 values unverified/)
    const plan = await readPlan(world)
    expect(plan.reads.moengage_sendables).toMatchObject({ kind: 'failed', code: 'provider/unavailable' })
    await heal(world)
    await expectSettled(world)
  })

  test('is still written as its spec says', async () => {
    const world = await openApplied()
    await world.edit('winback.yaml', { suppressed_by: undefined })
    await world.fault('moengage', { match: SENDABLE_GET, kind: 'html', times: 'always' })
    await applyAsPlanned(world)
    await heal(world)
    await expectSettled(world)
  })
})

describe('a list that leaves out rows', () => {
  const omit = (times: number | 'always') => ({
    match: LIST_CALL,
    kind: 'omit',
    times,
    names: ['ORC__Vip__365d'],
  })

  test('makes nothing of what is recorded go away, and nothing be made twice: it is asked for by name', async () => {
    const world = await openApplied()
    await world.fault('moengage', omit(1))
    const plan = await readPlan(world)
    expect([actionsOf(plan), plan.drift]).toEqual([[], []])
    await world.forgetRequests()
    await world.fault('moengage', omit(1))
    expect((await world.apply()).exitCode).toBe(0)
    await expectNoWrites(world)
    await expectSettled(world)
  })

  test('and does not show it by name either has lost it: a plan says so, and makes it anew', async () => {
    const world = await openApplied()
    await world.fault('moengage', omit('always'))
    const plan = await readPlan(world)
    expect(actionsOf(plan)).toContain('cohort.vip rename')
    expect(plan.drift.map(({ address, attribute }) => `${address} ${attribute}`)).toEqual([
      'cohort.vip listed',
    ])
  })

  test('is not believed where nobody could be asked by name', async () => {
    const world = await openApplied()
    await world.fault('moengage', omit(1))
    await world.fault('moengage', { match: LIST_CALL, kind: 'html', times: 'always' })
    const plan = await readPlan(world)
    expect([actionsOf(plan), plan.reads.moengage_segments.kind]).toEqual([[], 'failed'])
    await heal(world)
    await expectSettled(world)
  })

  test('keeps a new cohort waiting until it is shown', async () => {
    const world = await openWorld({ audiences: ['vip'], population: 800 })
    await world.fault('moengage', {
      match: LIST_CALL,
      kind: 'omit',
      times: 'always',
      names: ['ORC__Vip__365d'],
    })
    expect((await world.apply()).exitCode).toBe(4)
    expect((await world.state()).objects.get('cohort.vip')?.status).toBe('pending')
    await heal(world)
    const { plan } = await applyAsPlanned(world)
    expect(plan.changes.find(({ address }) => address === 'cohort.vip')?.calls).toEqual([])
    await expectSettled(world)
  })
})

describe('what applying meets when only the vendor’s list fails afterwards', () => {
  test('a cohort that was accepted waits, and nothing else is said to', async () => {
    const world = await openWorld({ audiences: ['internal-qa', 'vip'], population: 800 })
    await world.fault('moengage', {
      match: LIST_CALL,
      kind: 'status',
      status: 500,
      after: 1,
      times: 'always',
    })
    const ended = await world.apply()
    expect(ended.exitCode).toBe(4)
    expect(ended.out).toMatch(/cohort\.vip +waiting accepted, but MoEngage's list could not be read/)
    expect(ended.out).toMatch(/binding\.vip +done/)
    await heal(world)
    expect((await world.apply()).exitCode).toBe(0)
    await expectSettled(world)
    expect(
      (await world.requests('moengage')).filter(({ route }) => route === COHORT_CALL.route).length,
    ).toBeGreaterThan(1)
  })
})
