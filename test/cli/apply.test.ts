import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  applyAsPlanned,
  COHORT_CALL,
  expectPlannedCalls,
  LIST_CALL,
  membersOf,
  ownCohorts,
  SENDABLE_POST,
  writePlanFile,
} from '../support/apply-world.ts'
import { openWorld, type World } from '../support/world.ts'

const ONE = { audiences: ['vip'], population: 800 }

const cohortNames = async (world: World): Promise<string[]> => [...(await ownCohorts(world)).keys()]

const expectNothingToDo = async (world: World): Promise<void> => {
  expect((await world.plan()).out).toContain('No changes.')
}

const planFile = async (world: World): Promise<string> => (await writePlanFile(world)).path

describe('apply does what was reviewed, or stops', () => {
  test('a plan file is applied without a question, and the same file again has nothing left to do', async () => {
    const world = await openWorld(ONE)
    const { path, plan } = await writePlanFile(world)
    const first = await world.apply({ planFile: path, yes: false })
    expect(first.out).toContain('Applied: 2 done.')
    await expectPlannedCalls(world, plan)
    await world.forgetRequests()
    const second = await world.apply({ planFile: path, yes: false })
    expect(second.exitCode).toBe(0)
    expect(second.err).toContain('Already done: cohort.vip, binding.vip.')
    expect((await world.requests('moengage')).filter(({ write }) => write)).toEqual([])
  })

  test('without a file and without --yes, nobody to ask means nothing is done', async () => {
    const world = await openWorld(ONE)
    const ended = await world.apply({ yes: false })
    expect(ended.failed).toBe('cli/cannot-ask')
    expect(await world.requests('moengage')).toEqual([])
  })

  const attacks: [string, (path: string, world: World) => Promise<unknown>, string][] = [
    [
      'the specs changed since',
      (_path, world) => world.edit('vip.yaml', { 'rollout.stage': 'qa' }),
      'apply/stale-plan',
    ],
    ['another audience was declared since', (_path, world) => addAudience(world), 'apply/stale-plan'],
    [
      'somebody took the name since',
      (_path, world) => world.ask('moengage', 'segments', { name: 'ORC__Vip__365d' }),
      'guard/takeover',
    ],
    [
      'a value in it was edited',
      path => edit(path, text => text.replace('"live"', '"paused"')),
      'apply/plan-tampered',
    ],
    [
      'its target was edited',
      path => edit(path, text => text.replace('ACME01_DEBUG', 'ACME01')),
      'apply/plan-tampered',
    ],
    [
      'its digest was edited',
      path => edit(path, text => text.replace(/"digest": "sha256:.{4}/, '"digest": "sha256:0000')),
      'apply/plan-tampered',
    ],
    [
      'it has another format',
      path => edit(path, text => text.replace('"format_version": 1', '"format_version": 2')),
      'apply/plan-version',
    ],
    ['it is no plan', path => writeFile(path, '{"digest": 1}'), 'apply/not-a-plan'],
    ['it is no JSON', path => writeFile(path, 'plan'), 'apply/not-a-plan'],
    ['it broke off', path => edit(path, text => text.slice(0, text.length / 2)), 'apply/not-a-plan'],
  ]
  test.each(attacks)('refuses when %s', async (_story, attack, code) => {
    const world = await openWorld(ONE)
    const path = await planFile(world)
    await attack(path, world)
    const ended = await world.apply({ planFile: path, yes: false })
    expect(ended.exitCode).not.toBe(0)
    expect(`${ended.failed ?? ''} ${ended.out}`).toContain(code)
    expect((await world.requests('moengage')).filter(({ write }) => write)).toEqual([])
    expect((await world.state()).objects.size).toBe(0)
  })

  test('a plan for one environment is not applied to another', async () => {
    const world = await openWorld(ONE)
    const path = await planFile(world)
    const { customerio, moengage } = JSON.parse(
      await readFile(join(world.folder, 'audiences', 'workspace.yaml'), 'utf8').then(toEnvironments),
    ) as { customerio: string; moengage: string }
    await world.edit('workspace.yaml', {
      'environments.live.customerio.base_url': customerio,
      'environments.live.moengage.base_url': moengage,
      'environments.live.moengage.workspace_id': 'ACME01_DEBUG',
    })
    const ended = await world.apply({ planFile: path, env: 'live', yes: false })
    expect(ended.failed).toBe('apply/stale-plan')
    expect(ended.err).toContain('the plan is for "local"')
  })
})

const toEnvironments = (text: string): string => {
  const urls = [...text.matchAll(/http:\/\/127\.0\.0\.1:\d+/g)].map(([url]) => url)
  return JSON.stringify({ customerio: urls[0], moengage: urls[1] })
}

const edit = async (path: string, change: (text: string) => string): Promise<void> =>
  writeFile(path, change(await readFile(path, 'utf8')))

const addAudience = async (world: World): Promise<void> => {
  const text = await readFile(join(world.folder, 'audiences', 'vip.yaml'), 'utf8')
  await world.write(
    'vip-twin.yaml',
    text.replace('id: vip', 'id: vip-twin').replace('ORC__Vip__365d', 'ORC__VipTwin__365d'),
  )
}

describe('apply converges', () => {
  test.each`
    fault                                                                   | exit
    ${{ match: COHORT_CALL, kind: 'unknown' }}                              | ${0}
    ${{ match: COHORT_CALL, kind: 'reset' }}                                | ${0}
    ${{ match: COHORT_CALL, kind: 'status', status: 500 }}                  | ${0}
    ${{ match: COHORT_CALL, kind: 'unknown', times: 'always' }}             | ${4}
    ${{ match: COHORT_CALL, kind: 'status', status: 500, times: 'always' }} | ${4}
    ${{ match: COHORT_CALL, kind: 'status', status: 400, times: 5 }}        | ${4}
    ${{ match: COHORT_CALL, kind: 'drop' }}                                 | ${4}
    ${{ match: LIST_CALL, kind: 'status', status: 404, after: 1 }}          | ${4}
  `(
    'after $fault.kind $fault.status of $fault.match.route ($fault.times), apply ends with $exit and the next one heals',
    async ({ fault, exit }) => {
      const world = await openWorld(ONE)
      await world.fault('moengage', fault)
      expect((await world.apply()).exitCode).toBe(exit)
      await world.ask('moengage', 'faults', undefined, 'DELETE')
      expect((await world.apply()).exitCode).toBe(0)
      await world.sync()
      expect(await cohortNames(world)).toEqual(['ORC__Vip__365d'])
      await expectNothingToDo(world)
    },
  )

  test('a plan file goes on after a cohort was not listed in time', async () => {
    const world = await openWorld(ONE)
    const path = await planFile(world)
    await world.fault('moengage', { match: COHORT_CALL, kind: 'drop' })
    expect((await world.apply({ planFile: path, yes: false })).exitCode).toBe(4)
    expect((await world.apply({ planFile: path, yes: false })).exitCode).toBe(0)
    await expectNothingToDo(world)
  })

  test('a sendable segment whose update got no answer is sent again, whole', async () => {
    const world = await openWorld({ population: 800 })
    await world.settle()
    await world.edit('winback.yaml', { suppressed_by: ['recent-purchasers', 'vip'] })
    await world.fault('moengage', { match: { method: 'PATCH' }, kind: 'unknown', times: 'always' })
    expect((await world.apply()).exitCode).not.toBe(0)
    await world.ask('moengage', 'faults', undefined, 'DELETE')
    expect((await world.apply()).exitCode).toBe(0)
    await expectNothingToDo(world)
  })

  test('a plan limited to one audience is applied to that one', async () => {
    const world = await openWorld({ ...ONE, audiences: ['vip', 'winback'] })
    const { ended } = await applyAsPlanned(world, { only: ['vip'] })
    expect(ended.out).toContain('Applied: 2 done.')
    expect([...(await world.state()).objects.keys()]).toEqual(['binding.vip', 'cohort.vip'])
    await world.remove('vip.yaml')
    expect((await world.plan({ only: ['vip'] })).out).toContain('2 to retire')
  })

  test('--json says why nothing was applied', async () => {
    const world = await openWorld(ONE)
    await world.ask('customerio', 'segments/11', { deleted: true })
    const ended = await world.apply({ json: true })
    expect(ended.exitCode).toBe(3)
    expect(JSON.parse(ended.out)).toMatchObject({ refused: ['source/missing'], outcomes: [] })
  })

  test('a sendable segment whose creation got no answer is found by its name, not created twice', async () => {
    const world = await openWorld({ population: 800 })
    await world.fault('moengage', { match: SENDABLE_POST, kind: 'unknown' })
    const first = await world.apply()
    expect(first.exitCode).toBe(4)
    expect(first.out).toMatch(/1 failed/)
    const second = await world.apply()
    expect(second.out).toContain('Applied: 1 done.')
    await expectNothingToDo(world)
    const { segments } = await world.ask<{ segments: { name: string }[] }>('moengage', 'segments')
    expect(segments.filter(({ name }) => name.endsWith('__Sendable')).length).toBe(3)
  })

  test('one failing audience does not stop the others', async () => {
    const world = await openWorld({ ...ONE, audiences: ['vip', 'winback'] })
    await world.fault('customerio', {
      match: { route: '/v1/segments/:id/membership' },
      kind: 'status',
      status: 404,
    })
    const ended = await world.apply()
    expect(ended.exitCode).toBe(4)
    expect(ended.out).toMatch(/cohort\.vip +failed/)
    expect(ended.out).toMatch(/cohort\.winback +done/)
    expect((await world.apply()).exitCode).toBe(0)
  })

  test('a refused key stops everything at once', async () => {
    const world = await openWorld({ ...ONE, audiences: ['vip', 'winback'] })
    await world.fault('moengage', { match: COHORT_CALL, kind: 'status', status: 401, times: 'always' })
    const ended = await world.apply()
    expect(ended.exitCode).toBe(1)
    expect(ended.out).toContain('provider/auth')
    expect(ended.out).toMatch(/cohort\.winback +not tried/)
    expect((await world.requests('moengage')).filter(({ write }) => write).length).toBe(1)
  })

  test('Ctrl-C between two changes loses nothing', async () => {
    const world = await openWorld({ ...ONE, audiences: ['vip', 'winback', 'recent-purchasers'] })
    world.interruptWhen((phase, subject) => phase === 'apply' && subject === 'cohort.vip')
    const first = await world.apply()
    expect(first.exitCode).toBe(4)
    expect(first.out).toContain('run/interrupted')
    expect((await world.apply()).exitCode).toBe(0)
    await world.sync()
    await expectNothingToDo(world)
  })

  test('a source with nobody in it waits for its first member, and says so', async () => {
    const world = await openWorld(ONE)
    await world.ask('customerio', 'segments/11', { empty: true })
    const first = await world.apply()
    expect(first.exitCode).toBe(4)
    expect(first.out).toContain('waiting it has nobody to send yet; a cohort is born with its first member')
    const sync = await world.sync()
    expect(sync.out).toContain('no cohort yet')
    await world.ask('customerio', 'segments/11', { empty: false })
    expect((await world.apply()).exitCode).toBe(0)
  })
})

describe('retiring', () => {
  test('removes everyone who was sent, archives, and never gives the name again', async () => {
    const world = await openWorld({ ...ONE, audiences: ['vip', 'winback'] })
    await world.settle()
    await world.sync()
    expect((await membersOf(world, 'ORC__Vip__365d')).length).toBeGreaterThan(10)
    const spec = await readFile(join(world.folder, 'audiences', 'vip.yaml'), 'utf8')
    await world.remove('vip.yaml')

    const plan = await world.plan()
    expect(plan.out).toMatch(/- cohort\.vip +its file is gone; removes \d+ recorded members/)
    await applyAsPlanned(world)

    expect(await membersOf(world, 'ORC__Vip__365d')).toEqual([])
    expect((await world.state()).members.has('vip')).toBe(false)
    await expectNothingToDo(world)
    await world.write('vip.yaml', spec)
    const again = await world.apply()
    expect(again.exitCode).toBe(3)
    expect(again.out).toContain('guard/name-used')
  })

  test('an interrupted retirement goes on where it stopped', async () => {
    const world = await openWorld({ ...ONE, audiences: ['vip', 'winback'] })
    await world.settle()
    await world.sync()
    await world.remove('vip.yaml')
    await world.fault('moengage', { match: COHORT_CALL, kind: 'unknown', times: 'always' })
    expect((await world.apply()).exitCode).toBe(4)
    await world.ask('moengage', 'faults', undefined, 'DELETE')
    expect((await world.apply()).exitCode).toBe(0)
    expect(await membersOf(world, 'ORC__Vip__365d')).toEqual([])
    await expectNothingToDo(world)
  })

  test('a protected audience is not retired, even when the whole folder is gone', async () => {
    const world = await openWorld({ ...ONE, audiences: ['cart-abandon', 'vip'] })
    await world.settle()
    await world.remove('cart-abandon.yaml')
    const ended = await world.apply()
    expect(ended.exitCode).toBe(3)
    expect(ended.out).toContain('guard/protected')
    await world.remove('vip.yaml')
    const all = await world.apply()
    expect(all.exitCode).toBe(3)
    expect(all.out).toContain('guard/nothing-desired')
  })
})

describe('the journal', () => {
  test('has one accepted entry for each write call, each after its intent', async () => {
    const world = await openWorld({ population: 800 })
    await world.settle()
    await world.sync()
    const writes = (await world.requests('moengage')).filter(({ write }) => write)
    const store = await world.openStore()
    const journal = (await store.readJournal(1_000)).filter(({ address }) => !address.startsWith('binding.'))
    const runs = await store.readRuns(10)
    await store.close()
    expect(journal.length).toBe(writes.length * 2)
    // Cohorts are sent to at once; of each object one call is under way.
    for (const address of new Set(journal.map(entry => entry.address))) {
      const own = journal.filter(entry => entry.address === address)
      for (let index = 0; index < own.length; index += 2) {
        const [intent, outcome] = own.slice(index, index + 2)
        expect([intent?.phase, outcome?.phase]).toEqual(['intent', 'accepted'])
        expect({ ...intent, phase: 'accepted' }).toEqual(outcome)
      }
    }
    expect(runs.map(({ command, outcome }) => `${command} ${outcome}`)).toEqual(['apply done', 'sync done'])
  })

  test('the intent is written before the call: a call that never returns has left it', async () => {
    const world = await openWorld(ONE)
    await world.fault('moengage', { match: COHORT_CALL, kind: 'reset', times: 'always' })
    await world.apply()
    const store = await world.openStore()
    const phases = (await store.readJournal(10)).map(({ operation, phase }) => `${operation} ${phase}`)
    await store.close()
    expect(phases.slice(0, 2)).toEqual(['create cohort intent', 'create cohort unknown'])
  })
})
