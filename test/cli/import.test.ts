import { describe, expect, test } from 'vitest'
import { type Ended, openWorld, PROGRAMME, type World, type WorldOptions } from '../support/world.ts'

const SMALL = { population: 800 }

/** A shop whose cohorts were made by another partner tool, and a folder that holds the workspace alone. */
const openOldShop = async (cohorts: readonly string[], options: WorldOptions = SMALL): Promise<World> => {
  const world = await openWorld(options)
  for (const [segmentId, name] of NAMED_AS_COHORTS)
    await world.ask('customerio', `segments/${segmentId}`, { name })
  for (const id of PROGRAMME) await world.remove(`${id}.yaml`)
  for (const name of cohorts) await world.ask('moengage', 'segments', { name })
  await world.forgetRequests()
  return world
}

/** Segments that are called as the use cases of their cohorts are. */
const NAMED_AS_COHORTS = [
  [11, 'VIP'],
  [14, 'Cart abandon 2h'],
  [15, 'Winback'],
] as const

const writesOf = async (world: World) =>
  [...(await world.requests('moengage')), ...(await world.requests('customerio'))].filter(
    ({ write }) => write,
  )

/** The lines of what is to be recorded. */
const listOf = ({ out }: Ended): readonly string[] =>
  /To be recorded\n((?: {2}.*\n)+)/.exec(out)?.[1]?.trimEnd().split('\n') ?? []

const isMissing = (world: World, file: string): Promise<boolean> =>
  world.read(file).then(
    () => false,
    () => true,
  )

const VIP = `# yaml-language-server: $schema=../schema/audience.schema.json
id: vip
name: ORC__Vip__365d
adopt: true # who is in it already is not known, and stays
# Next: say who they are, in words a colleague understands.
description: "Imported: the people of \\"VIP\\" in Customer.io."
intent: orchestration
use_case: vip
owner: { team: loyalty, contact: "loyalty@example.com", approvers: ["@acme/loyalty"] }
source: { segment: 11, name: "VIP" }
exit: { rule: remove } # whoever leaves the segment leaves the cohort; check that this is meant
timing: { window: 365d, sync_every: 1h } # check how fresh it has to be
rollout: { stage: paused } # nobody is sent until this is qa, canary or live
`

describe('import into an empty folder', () => {
  test('writes a spec whose next plan is empty, and writes to no vendor', async () => {
    const world = await openOldShop(['ORC__Vip__365d'])
    const ended = await world.import({ team: 'loyalty' })
    expect(ended.err).toBe('')
    expect(ended.exitCode).toBe(0)
    expect(ended.out).toContain('from 11 "VIP"')
    expect(ended.out).toContain('Who was sent to it before is not known: they stay in it.')
    expect(await world.read('vip.yaml')).toBe(VIP)
    expect(await writesOf(world)).toEqual([])
    const { objects } = await world.state()
    expect(objects.get('cohort.vip')).toMatchObject({ origin: 'adopted', status: 'seen' })
    expect((await world.plan()).out).toContain('No changes.')
    expect((await world.import({ team: 'loyalty' })).out).toContain('Nothing to import')
  })

  test('takes several at once; a sendable segment belongs to its cohort', async () => {
    const world = await openOldShop([
      'ORC__Vip__365d',
      'ACT__CartAbandon__2h',
      'ACT__CartAbandon__2h__Sendable',
      'SUP__RecentPurchasers__7d',
    ])
    const ended = await world.import({ team: 'growth', json: true })
    expect(ended.exitCode).toBe(0)
    expect(JSON.parse(ended.out)).toMatchObject({
      dry_run: false,
      imported: [
        { id: 'cart-abandon', segment: 14, action: 'write' },
        { id: 'vip', segment: 11 },
        { id: 'recent-purchasers', segment: 12 },
      ],
      open: [],
    })
    expect((await world.plan()).out).toContain('No changes.')
  })

  test('--dry-run shows the file and writes nothing', async () => {
    const world = await openOldShop(['ORC__Vip__365d'])
    const ended = await world.import({ team: 'loyalty', isDryRun: true })
    expect(ended.out).toContain(VIP)
    expect(ended.out).toContain('Nothing was written.')
    expect(await isMissing(world, 'vip.yaml')).toBe(true)
    expect((await world.state()).storeId).toBeUndefined()
  })

  test('shows what it records, the same beforehand and on a dry run', async () => {
    const world = await openOldShop(['ORC__Vip__365d'])
    const dry = await world.import({ team: 'loyalty', isDryRun: true, json: true })
    expect(JSON.parse(dry.out)).toMatchObject({
      dry_run: true,
      recorded: ['cohort.vip', 'binding.vip'],
      left: [],
    })
    const shown = listOf(await world.import({ team: 'loyalty', isDryRun: true }))
    expect(shown).toEqual([
      expect.stringMatching(/^ {2}> cohort\.vip +"ORC__Vip__365d", already in MoEngage as /),
      expect.stringMatching(/^ {2}\+ binding\.vip +segment 11 "VIP" by id, exit remove, stage paused/),
    ])
    expect(listOf(await world.import({ team: 'loyalty' }))).toEqual(shown)
  })

  test('--dry-run says what a guard objects to: 3', async () => {
    const world = await openOldShop(['ORC__Vip__365d', 'ORC__VIP__365d'])
    const ended = await world.import({ team: 'loyalty', cohorts: ['ORC__Vip__365d'], isDryRun: true })
    expect(ended.exitCode).toBe(3)
    expect(ended.err).toContain('guard/case-twin')
  })

  test('--id and --cohort-id are kept: the cohort goes on under the id it was fed with', async () => {
    const world = await openOldShop(['ORC__Vip__365d'])
    await world.import({ team: 'loyalty', id: 'big-spenders', cohortId: 'old-77' })
    expect(await world.read('big-spenders.yaml')).toContain('adopt: { cohort_id: "old-77" }')
    const { objects } = await world.state()
    expect(objects.get('cohort.big-spenders')?.attributes.cohort_id).toBe('old-77')
    expect((await world.plan()).out).toContain('No changes.')
  })
})

describe('on a terminal', () => {
  test.each(['', 'y', 'no'])('"%s" is no yes: nothing is written, nothing recorded', async answer => {
    const world = await openOldShop(['ORC__Vip__365d'])
    world.answer(answer)
    const ended = await world.import({ team: 'loyalty' })
    expect(ended.exitCode).toBe(1)
    expect(ended.out).toContain('Take this over in "local"?')
    expect(listOf(ended)).toHaveLength(2)
    expect(ended.err).toContain('Nothing was changed.')
    expect(await isMissing(world, 'vip.yaml')).toBe(true)
    expect((await world.state()).storeId).toBeUndefined()
  })

  test.each([
    ['a literal yes', ['yes'], false, true],
    ['--yes is one beforehand', ['no'], true, false],
  ])('%s takes it over', async (_story, answers, yes, isAsked) => {
    const world = await openOldShop(['ORC__Vip__365d'])
    world.answer(...answers)
    const ended = await world.import({ team: 'loyalty', yes })
    expect(ended.exitCode).toBe(0)
    expect(ended.out.includes('Take this over')).toBe(isAsked)
    expect((await world.state()).objects.size).toBe(2)
  })
})

describe('where it is not clear', () => {
  const QUIET = 'ACT__StarterKitCrossSell__30d'

  test('nobody to ask: says which flags settle it, imports the rest, ends with 1', async () => {
    const world = await openOldShop(['ORC__Vip__365d', QUIET])
    const ended = await world.import({ team: 'growth' })
    expect(ended.exitCode).toBe(1)
    expect(ended.out).toContain(`? ${QUIET}: no segment of Customer.io has a name like it`)
    expect(ended.out).toContain('    --segment 16 "Starter kit, no refill 30d"')
    expect(ended.out).toContain(`say which: muster import --cohort ${QUIET} --segment <id>`)
    expect(await world.read('vip.yaml')).toContain('segment: 11')
    expect(await isMissing(world, 'starter-kit-cross-sell.yaml')).toBe(true)
    const settled = await world.import({ team: 'growth', cohorts: [QUIET], segment: '16' })
    expect(settled.exitCode).toBe(0)
    expect((await world.plan()).out).toContain('No changes.')
  })

  test('somebody to ask: a line of the list, or enter to skip', async () => {
    const world = await openOldShop([QUIET])
    world.answer('')
    expect((await world.import({ team: 'growth' })).exitCode).toBe(1)
    expect(await isMissing(world, 'starter-kit-cross-sell.yaml')).toBe(true)
    world.answer('1', 'growth', 'yes')
    const ended = await world.import()
    expect(ended.out).toContain(`Which segment of Customer.io feeds ${QUIET}?`)
    expect(ended.exitCode).toBe(0)
    expect(await world.read('starter-kit-cross-sell.yaml')).toContain('team: growth')
  })

  test('a name that is only similar is no match: it is shown, and nothing is taken over', async () => {
    const world = await openOldShop(['SUP__Recent__7d'])
    const ended = await world.import({ team: 'growth' })
    expect(ended.exitCode).toBe(1)
    expect(ended.out).toContain('one segment of Customer.io has a similar name, which alone says nothing')
    expect(ended.out).toContain('    --segment 12 "Recent purchasers 7d"')
    const told = JSON.parse((await world.import({ team: 'growth', json: true })).out)
    expect(told).toMatchObject({
      imported: [],
      open: [{ why: 'similar-segment', options: [{ segment: 12 }] }],
    })
    expect((await world.state()).storeId).toBeUndefined()
    world.answer('1', 'yes')
    expect((await world.import({ team: 'growth' })).exitCode).toBe(0)
    expect(await world.read('recent.yaml')).toContain('segment: 12')
  })

  test('two cohorts for one use case: the second is told apart by its window', async () => {
    const world = await openOldShop(['ACT__Winback__60d', 'ACT__Winback__90d'])
    const ended = await world.import({ team: 'growth', json: true })
    expect(JSON.parse(ended.out)).toMatchObject({
      imported: [{ id: 'winback' }],
      open: [{ name: 'ACT__Winback__90d', why: 'no-segment' }],
    })
    const settled = await world.import({ team: 'growth', cohorts: ['ACT__Winback__90d'], segment: '18' })
    expect(settled.exitCode).toBe(0)
    expect(await world.read('winback-90d.yaml')).toContain('window: 90d')
  })
})

describe('into a spec that is there', () => {
  test('a name that a file declares gets adopt: true, comments and layout kept', async () => {
    const world = await openWorld({ ...SMALL, audiences: ['vip'] })
    await world.ask('moengage', 'segments', { name: 'ORC__Vip__365d' })
    expect((await world.plan()).out).toContain('guard/takeover')
    const before = await world.read('vip.yaml')
    const ended = await world.import()
    expect(ended.exitCode).toBe(0)
    expect(await world.read('vip.yaml')).toBe(
      before.replace('name: ORC__Vip__365d\n', 'name: ORC__Vip__365d\nadopt: true\n'),
    )
    expect([...(await world.state()).objects.keys()]).toEqual(['cohort.vip'])
  })

  test('how its segment feeds it is left to a reviewed plan: the file may say that it is live', async () => {
    const world = await openWorld({ ...SMALL, audiences: ['vip'] })
    await world.ask('moengage', 'segments', { name: 'ORC__Vip__365d' })
    const dry = await world.import({ isDryRun: true })
    expect(dry.out).toContain('Left to apply\n  + binding.vip  segment 11 "VIP customers" by id')
    const ended = await world.import()
    expect(ended.out).toContain('muster apply records the rest: binding.vip.')
    expect((await world.sync()).out).toContain('sync/not-applied')
    expect(await writesOf(world)).toEqual([])
    const plan = JSON.parse((await world.plan({ json: true })).out)
    expect(plan.changes.map(({ action, address }: Record<string, string>) => `${action} ${address}`)).toEqual(
      ['none cohort.vip', 'create binding.vip'],
    )
    await world.settle()
    expect((await world.plan()).out).toContain('No changes.')
  })

  test('what its file says is not said again', async () => {
    const world = await openWorld({ ...SMALL, audiences: ['vip'] })
    await world.ask('moengage', 'segments', { name: 'ORC__Vip__365d' })
    expect((await world.import({ segment: '12' })).failed).toBe('import/declared')
  })

  test('interrupted between the file and the record: the same command again finishes it', async () => {
    const world = await openWorld({ ...SMALL, audiences: ['vip'] })
    await world.ask('moengage', 'segments', { name: 'ORC__Vip__365d' })
    await world.edit('vip.yaml', { adopt: true })
    const before = await world.read('vip.yaml')
    expect((await world.import()).exitCode).toBe(0)
    expect(await world.read('vip.yaml')).toBe(before)
    expect([...(await world.state()).objects.keys()]).toEqual(['cohort.vip'])
  })

  test('a call that a vendor would see is left to a plan', async () => {
    const world = await openWorld(SMALL)
    await world.settle()
    for (const id of ['cart-abandon']) await world.edit(`${id}.yaml`, { protected: false })
    await world.settle()
    await world.stored.forget('cart-abandon')
    await world.edit('cart-abandon.yaml', { suppressed_by: ['vip'] })
    const ended = await world.import({ cohorts: ['ACT__CartAbandon__2h'] })
    expect(ended.out).toContain('records the rest: binding.cart-abandon, sendable.cart-abandon.')
    expect(ended.exitCode).toBe(0)
    expect((await world.plan()).out).toContain('sendable.cart-abandon')
  })
})

describe('refuses, and writes nothing', () => {
  test.each<[string, readonly string[], Parameters<World['import']>[0], string]>([
    [
      'a name that MoEngage does not list',
      ['ORC__Vip__365d'],
      { cohorts: ['ORC__Vpi__365d'] },
      'import/not-listed',
    ],
    ['a name of another form', ['Big spenders'], { cohorts: ['Big spenders'] }, 'import/name-form'],
    ['no team', ['ORC__Vip__365d'], {}, 'import/no-team'],
    ['a team that is not there', ['ORC__Vip__365d'], { team: 'sales' }, 'import/no-team'],
    [
      'a segment that is not there',
      ['ORC__Vip__365d'],
      { segment: '999', team: 'growth' },
      'import/no-such-segment',
    ],
    [
      'one id for two cohorts',
      ['ORC__Vip__365d', 'SUP__RecentPurchasers__7d'],
      { id: 'both', team: 'growth' },
      'import/one-cohort',
    ],
  ])('%s', async (_story, cohorts, options, code) => {
    const world = await openOldShop(cohorts)
    expect(await world.import(options)).toMatchObject({ exitCode: 1, failed: code })
    expect(await isMissing(world, 'vip.yaml')).toBe(true)
    expect((await world.state()).storeId).toBeUndefined()
  })

  test('what is managed already', async () => {
    const world = await openWorld({ ...SMALL, audiences: ['vip'] })
    await world.settle()
    expect((await world.import({ cohorts: ['ORC__Vip__365d'] })).failed).toBe('import/managed')
  })

  test('a spec that would not be valid: one that nothing uses, where that is an error', async () => {
    const world = await openOldShop(['ORC__Vip__365d', 'SUP__RecentPurchasers__7d'])
    await world.edit('workspace.yaml', { policy: { 'policy/unused': 'error' } })
    const ended = await world.import({ team: 'growth' })
    expect(ended.exitCode).toBe(1)
    expect(ended.err).toContain('policy/unused')
    expect(await isMissing(world, 'vip.yaml')).toBe(true)
  })

  test('a guard: 3, nothing written', async () => {
    const world = await openOldShop(['ORC__Vip__365d', 'ORC__VIP__365d'])
    const ended = await world.import({ team: 'loyalty', cohorts: ['ORC__Vip__365d'] })
    expect(ended.exitCode).toBe(3)
    expect(ended.err).toContain('guard/case-twin')
    expect(await isMissing(world, 'vip.yaml')).toBe(true)
    expect((await world.state()).storeId).toBeUndefined()
  })
})
