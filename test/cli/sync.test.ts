import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { SyncResult } from '../../src/model/membership.ts'
import { openWorld, type World } from '../support/world.ts'

const VIP = 'ORC__Vip__365d'
const ACTIVE = 'SUP__ActiveInApp__30m'
const ONE = { audiences: ['vip'], population: 2_000 }
const TWO = { audiences: ['vip', 'winback'], population: 2_000 }
const COHORT_CALL = { method: 'POST', route: '/v1/integrations/cohortsync' }
const PAGE_CALL = { route: '/v1/segments/:id/membership' }

const membersOf = async (world: World, name = VIP): Promise<readonly string[]> =>
  (await world.ask<{ members: string[] }>('moengage', `cohorts/${name}`)).members

const rowsOf = (out: string): SyncResult[] =>
  out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as SyncResult)

const syncRow = async (world: World, options: Parameters<World['sync']>[0] = {}): Promise<SyncResult> => {
  const row = rowsOf((await world.sync({ ...options, json: true })).out)[0]
  if (!row) throw new Error('no row')
  return row
}

/** Who of the segment is known to MoEngage: what the cohort must hold after any clean sync. */
const expectTruth = async (world: World, segmentId = 11, name = VIP): Promise<void> => {
  const { people } = await world.ask<{ people: { id: string | null }[] }>(
    'customerio',
    `segments/${segmentId}/people`,
  )
  const known: string[] = []
  for (const { id } of people) {
    if (id === null) continue
    const user = await world.ask<{ known: boolean }>('moengage', `users/${encodeURIComponent(id)}`)
    if (user.known) known.push(id)
  }
  expect(await membersOf(world, name)).toEqual(known.sort())
}

const openSynced = async (options = ONE): Promise<World> => {
  const world = await openWorld(options)
  await world.settle()
  await world.sync()
  return world
}

describe('nobody is removed on doubtful ground', () => {
  test('an empty source is refused, until a person allows it with a reason that the journal keeps', async () => {
    const world = await openSynced()
    const before = await membersOf(world)
    await world.ask('customerio', 'segments/11', { empty: true })

    const refused = await world.sync()
    expect(refused.exitCode).toBe(3)
    expect(refused.out).toContain('guard/empty-source')
    expect(refused.out).toContain('--allow vip:empty-source:"why"')
    expect(await membersOf(world)).toEqual(before)

    const allowed = await world.sync({ allow: ['vip:empty-source:programme ended, ticket 812: agreed'] })
    expect(allowed.exitCode).toBe(0)
    expect(await membersOf(world)).toEqual([])
    const store = await world.openStore()
    const overrides = (await store.readJournal(100)).filter(({ phase }) => phase === 'override')
    await store.close()
    expect(overrides).toMatchObject([
      {
        address: 'binding.vip',
        operation: 'allow empty-source',
        detail: 'programme ended, ticket 812: agreed',
      },
    ])
  })

  test.each`
    doubt                                 | upset
    ${'the segment is still being built'} | ${(world: World) => world.ask('customerio', 'segments/13', { state: 'build', progress: 40 })}
    ${'count and pages disagree'}         | ${(world: World) => world.fault('customerio', { match: { route: '/v1/segments/:id/customer_count' }, kind: 'wrong-count', times: 'always' })}
    ${'the cursor comes back'}            | ${(world: World) => world.fault('customerio', { match: PAGE_CALL, kind: 'repeat-cursor', times: 'always' })}
  `('when $doubt, people are added and nobody is removed', async ({ doubt, upset }) => {
    // Nearly everyone who is active now is not in two hours.
    const world = await openSynced({ audiences: ['active-in-app'], population: 2_000 })
    const before = new Set(await membersOf(world, ACTIVE))
    await world.advance('2h')
    await upset(world)
    const ended = await world.sync()
    expect(ended.exitCode).toBe(4)
    expect(ended.out).toContain('guard/incomplete-read')
    const after = new Set(await membersOf(world, ACTIVE))
    expect([...before].filter(id => !after.has(id))).toEqual([])
    if (doubt !== 'the segment is still being built') expect(after.size).toBeGreaterThan(before.size)

    await world.ask('customerio', 'faults', undefined, 'DELETE')
    await world.ask('customerio', 'segments/13', { state: 'finished', progress: null })
    expect((await world.sync()).exitCode).toBe(0)
    const settled = new Set(await membersOf(world, ACTIVE))
    expect([...before].some(id => !settled.has(id))).toBe(true)
    await expectTruth(world, 13, ACTIVE)
  })

  test('a segment that is gone is not an empty one; the other audiences go on', async () => {
    const world = await openSynced(TWO)
    const before = await membersOf(world)
    await world.ask('customerio', 'segments/11', { deleted: true })
    await world.advance('2h')
    const ended = await world.sync()
    expect(ended.exitCode).toBe(4)
    expect(ended.out).toContain('source/missing')
    expect(await membersOf(world)).toEqual(before)
    await expectTruth(world, 15, 'ACT__Winback__60d')
  })

  test.each`
    fault
    ${{ kind: 'html', times: 'always' }}
    ${{ kind: 'truncate', times: 'always' }}
    ${{ kind: 'quota', times: 'always' }}
    ${{ kind: 'reset', times: 'always' }}
    ${{ kind: 'status', status: 500, times: 'always' }}
  `('a page that cannot be read ($fault.kind) changes nothing', async ({ fault }) => {
    const world = await openSynced()
    const before = await membersOf(world)
    await world.advance('2d')
    await world.fault('customerio', { match: PAGE_CALL, ...fault })
    const ended = await world.sync()
    expect(ended.exitCode).toBe(1)
    expect(await membersOf(world)).toEqual(before)
    await world.ask('customerio', 'faults', undefined, 'DELETE')
    await world.sync()
    await expectTruth(world)
  })

  test('a segment that was renamed may mean other people by now', async () => {
    const world = await openSynced(TWO)
    const before = await membersOf(world)
    await world.ask('customerio', 'segments/11', { name: 'Staff only' })
    await world.advance('20d')
    const ended = await world.sync()
    expect(ended.exitCode).toBe(4)
    expect(ended.out).toContain('source/renamed')
    expect(await membersOf(world)).toEqual(before)
  })

  test('testers are reviewed too: taking one away is a change to apply', async () => {
    const world = await openSynced({ audiences: ['internal-qa'], population: 800 })
    const before = await membersOf(world, 'QA__InternalQa__365d')
    await world.edit('workspace.yaml', { 'qa.testers': ['emp_001'] })
    expect((await world.sync()).out).toContain('testers differs from what was applied')
    expect(await membersOf(world, 'QA__InternalQa__365d')).toEqual(before)
    const plan = await world.plan()
    expect(plan.out).toMatch(/~ binding\.internal-qa/)
    expect(plan.out).not.toContain('emp_')
  })

  test('an audience waits for a suppression that could not be synced', async () => {
    const world = await openWorld({ population: 2_000 })
    await world.settle()
    await world.sync()
    const before = new Set(await membersOf(world, 'ACT__CartAbandon__2h'))
    await world.advance('2h')
    await world.ask('customerio', 'segments/12', { deleted: true })
    const ended = await world.sync()
    expect(ended.out).toContain('cart-abandon: recent-purchasers could not be synced, so nobody is added.')
    const after = await membersOf(world, 'ACT__CartAbandon__2h')
    expect(after.filter(id => !before.has(id))).toEqual([])
    expect(after.length).toBeLessThan(before.size)
  })

  test('a store belongs to its accounts', async () => {
    const world = await openSynced()
    await world.edit('workspace.yaml', { 'environments.local.moengage.workspace_id': 'ACME02_DEBUG' })
    expect((await world.plan()).failed).toBe('store/other-target')
    expect((await world.sync()).failed).toBe('store/other-target')
  })

  test('a spec that was not applied is not synced', async () => {
    const world = await openSynced(TWO)
    const before = await membersOf(world)
    await world.edit('vip.yaml', { source: { segment: 12, name: 'Recent purchasers 7d' } })
    const ended = await world.sync()
    expect(ended.exitCode).toBe(3)
    expect(ended.out).not.toContain('Nothing to send')
    expect(ended.out).toContain('vip: source_segment, source_name differ from what was applied.')
    expect(await membersOf(world)).toEqual(before)
  })

  test('too few people with an identifier: nothing is sent', async () => {
    const world = await openSynced({ audiences: ['vip'], population: 8_000 })
    await world.edit('vip.yaml', { 'identifier.min_coverage': '99.9%' })
    await world.settle()
    await world.advance('2d')
    await world.forgetRequests()
    const ended = await world.sync()
    expect(ended.exitCode).toBe(3)
    expect(ended.out).toContain('guard/coverage')
    expect((await world.requests('moengage')).filter(({ write }) => write)).toEqual([])
  })
})

describe('sync converges', () => {
  test.each`
    fault
    ${{ kind: 'unknown', times: 'always' }}
    ${{ kind: 'reset', times: 'always' }}
    ${{ kind: 'truncate', times: 'always' }}
    ${{ kind: 'status', status: 503, times: 'always' }}
    ${{ kind: 'status', status: 403, times: 'always' }}
    ${{ kind: 'unknown', after: 1 }}
  `('after $fault.kind $fault.status on the push', async ({ fault }) => {
    const world = await openWorld(ONE)
    await world.settle()
    await world.fault('moengage', { match: COHORT_CALL, ...fault })
    await world.sync()
    await world.ask('moengage', 'faults', undefined, 'DELETE')
    await world.advance('20d')
    expect((await world.sync()).exitCode).toBe(0)
    await expectTruth(world)
    expect((await syncRow(world)).calls).toBe(0)
  })

  test('who was sent without an answer, and has left since, is removed', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await world.fault('moengage', { match: COHORT_CALL, kind: 'unknown', times: 'always' })
    expect((await world.sync()).exitCode).toBe(1)
    expect((await world.state()).members.get('vip')).toBe(1)
    expect((await membersOf(world)).length).toBeGreaterThan(50)
    await world.ask('moengage', 'faults', undefined, 'DELETE')
    await world.ask('customerio', 'segments/11', { empty: true })
    const allow = ['vip:empty-source:test']
    // A remove could overtake an add that is still on its way.
    const early = await world.sync({ allow, json: true })
    expect(early.exitCode).toBe(4)
    expect(rowsOf(early.out)[0]).toMatchObject({
      held: expect.any(Number),
      held_by: { unsettled: expect.any(Number) },
    })
    await world.advance('20m')
    await world.sync({ allow })
    expect(await membersOf(world)).toEqual([])
  })

  test('an answer that never came is not forgotten because the next attempt was refused', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    await world.fault('moengage', { match: COHORT_CALL, kind: 'unknown', times: 'always' })
    await world.sync()
    await world.ask('moengage', 'faults', undefined, 'DELETE')
    await world.fault('moengage', { match: COHORT_CALL, kind: 'status', status: 400, times: 'always' })
    await world.sync()
    await world.ask('moengage', 'faults', undefined, 'DELETE')
    await world.ask('customerio', 'segments/11', { empty: true })
    await world.advance('20m')
    expect((await world.sync({ allow: ['vip:empty-source:test'] })).exitCode).toBe(0)
    expect(await membersOf(world)).toEqual([])
  })

  test('the same for removes: who may still be in the cohort is removed again', async () => {
    const world = await openSynced()
    await world.ask('customerio', 'segments/11', { empty: true })
    const allow = ['vip:empty-source:test']
    await world.fault('moengage', { match: COHORT_CALL, kind: 'status', status: 500, times: 'always' })
    await world.sync({ allow })
    await world.ask('moengage', 'faults', undefined, 'DELETE')
    await world.fault('moengage', { match: COHORT_CALL, kind: 'status', status: 400, times: 'always' })
    await world.sync({ allow })
    await world.ask('moengage', 'faults', undefined, 'DELETE')
    expect((await world.sync({ allow })).exitCode).toBe(0)
    expect(await membersOf(world)).toEqual([])
  })

  test('an interrupted --full is no swing for the next sync', async () => {
    const world = await openWorld({ audiences: ['winback'], population: 60_000 })
    await world.settle()
    await world.sync()
    await world.fault('moengage', { match: COHORT_CALL, kind: 'status', status: 500, times: 'always' })
    await world.sync({ full: true })
    await world.ask('moengage', 'faults', undefined, 'DELETE')
    const next = await world.sync()
    expect(next.exitCode).toBe(0)
    expect(next.out).not.toContain('guard/')
  })

  test('nothing is sent to a cohort that MoEngage has not listed; once it is, everyone is', async () => {
    const world = await openWorld(ONE)
    await world.fault('moengage', { match: COHORT_CALL, kind: 'drop' })
    expect((await world.apply()).exitCode).toBe(4)
    const early = await world.sync()
    expect(early.out).toContain('not listed by MoEngage yet')
    expect((await world.state()).members.get('vip')).toBe(1)
    expect((await world.apply()).exitCode).toBe(0)
    await world.sync()
    await expectTruth(world)
  })

  test('Ctrl-C in the middle of a push: the batch under way is finished, the next is not begun', async () => {
    const world = await openWorld({ audiences: ['winback'], population: 60_000 })
    await world.settle()
    world.interruptWhen((phase, subject) => phase === 'push' && subject === 'winback')
    const first = await world.sync()
    expect(first.exitCode).toBe(4)
    expect(first.out).toContain('run/interrupted')
    const { members } = await world.state()
    expect(members.get('winback')).toBeGreaterThan(4_000)
    expect(members.get('winback')).toBeLessThan(5_000)
    expect((await world.sync()).exitCode).toBe(0)
    expect((await syncRow(world)).calls).toBe(0)
    expect((await world.state()).members.get('winback')).toBeGreaterThan(6_000)
  })

  test('a changed id is one remove and one add', async () => {
    const world = await openSynced()
    const { people } = await world.ask<{ people: { cio_id: string; id: string | null }[] }>(
      'customerio',
      'segments/11/people',
    )
    const known = new Set(await membersOf(world))
    const person = people.find(({ id }) => id !== null && known.has(id))
    await world.ask('customerio', `people/${person?.cio_id}`, { id: 'usr_renamed' })
    await world.ask('moengage', 'users/usr_renamed', {}, 'PUT')
    expect(await syncRow(world)).toMatchObject({ added: 1, removed: 1, calls: 2 })
    expect(await membersOf(world)).toContain('usr_renamed')
    expect(await membersOf(world)).not.toContain(person?.id)
  })

  test('--full sends everybody again and changes nobody', async () => {
    const world = await openSynced()
    const before = await membersOf(world)
    const row = await syncRow(world, { full: true })
    expect(row).toMatchObject({
      added: 0,
      again: row.wanted,
      again_reason: 'asked',
      removed: 0,
      accepted: row.wanted,
    })
    expect(await membersOf(world)).toEqual(before)
    expect(await syncRow(world)).toMatchObject({ added: 0, removed: 0, calls: 0 })
  })

  test('a large cohort goes out in batches that fill the byte budget', async () => {
    const world = await openWorld({ audiences: ['winback'], population: 60_000 })
    await world.settle()
    await world.forgetRequests()
    const row = await syncRow(world)
    const batches = (await world.requests('moengage')).filter(({ write }) => write)
    expect(row.added).toBeGreaterThan(5_000)
    expect(batches.length).toBe(row.calls)
    // 25 bytes a member, 120,000 bytes a batch
    expect(batches.length).toBe(Math.ceil(row.added / 4_790))
  })
})

describe('one bad member, and a vendor that takes less than it says', () => {
  test('everybody else is sent, and nobody is named', async () => {
    const world = await openWorld(ONE)
    await world.settle()
    const { people } = await world.ask<{ people: { id: string | null }[] }>(
      'customerio',
      'segments/11/people',
    )
    const [first, , , , , bad] = people.flatMap(({ id }) => (id !== null && /^usr_/.test(id) ? [id] : []))
    const fault = { kind: 'status', status: 400, times: 'always' }
    await world.fault('moengage', { match: { ...COHORT_CALL, member: bad }, ...fault })
    const ended = await world.sync()
    expect(ended.exitCode).toBe(0)
    expect(ended.out).toContain('sync/rejected-members')
    expect(ended.out).toContain(
      'MoEngage refused 1 of those who should be in the cohort. It took the others.',
    )
    expect(ended.out).not.toContain(String(bad))
    const members = await membersOf(world)
    expect(members).toContain(first)
    expect(members).not.toContain(bad)
    // Left out for a week, and then taken.
    await world.ask('moengage', 'faults', undefined, 'DELETE')
    expect(await syncRow(world)).toMatchObject({ added: 0, kept_out: { rejected: 1 } })
    await world.ask('customerio', 'segments/11', {})
    await world.advance('8d')
    await world.sync({ allow: ['vip:max-growth:test'] })
    await expectTruth(world)
  })

  test('calls are halved until they are taken', async () => {
    const world = await openWorld({ ...ONE, population: 4_000, limits: { cohortPayloadBytes: 3_000 } })
    await world.settle()
    const ended = await world.sync()
    expect(ended.exitCode).toBe(0)
    const statuses = (await world.requests('moengage'))
      .filter(({ route }) => route === COHORT_CALL.route)
      .map(({ status }) => status)
    expect(statuses.filter(status => status === 413).length).toBeGreaterThan(0)
    expect(statuses.lastIndexOf(413)).toBeLessThan(6)
    await expectTruth(world)
  })

  test('a cohort that MoEngage archived gets nothing', async () => {
    const world = await openSynced(TWO)
    await world.ask('moengage', `cohorts/${VIP}`, { archived: true })
    await world.forgetRequests()
    await world.advance('2d')
    const ended = await world.sync()
    expect(ended.exitCode).toBe(3)
    expect(ended.out).toContain('sync/cohort-lost')
    const writes = (await world.requests('moengage')).filter(({ write }) => write)
    expect(
      (await world.requests('moengage')).filter(({ route }) => route === '/v3/custom-segments').length,
      'the list, and the missing one by its name',
    ).toBe(2)
    expect(writes.length).toBeGreaterThan(0)
    await expectTruth(world, 15, 'ACT__Winback__60d')
  })
})

describe('stages and order', () => {
  test('paused audiences are left as they are', async () => {
    const world = await openSynced()
    const before = await membersOf(world)
    await world.edit('vip.yaml', { 'rollout.stage': 'paused' })
    await world.settle()
    await world.advance('20d')
    await world.forgetRequests()
    expect((await world.sync()).out).toContain('paused')
    expect((await world.requests('moengage')).length).toBe(0)
    expect(await membersOf(world)).toEqual(before)
  })

  test('from canary to live only adds, and is no swing to be refused', async () => {
    const world = await openWorld(ONE)
    await world.edit('vip.yaml', { rollout: { stage: 'canary', percent: 10 } })
    await world.settle()
    await world.sync()
    const canary = await membersOf(world)
    await world.edit('vip.yaml', { rollout: { stage: 'live' } })
    await world.settle()
    expect((await world.sync()).exitCode).toBe(0)
    const live = new Set(await membersOf(world))
    expect(live.size).toBeGreaterThan(canary.length * 5)
    expect(canary.filter(id => !live.has(id))).toEqual([])
    await expectTruth(world)
  })

  test('suppressions gain their members first and lose them last', async () => {
    const world = await openWorld({ population: 2_000 })
    await world.settle()
    await world.sync()
    const marker = (await world.ask<{ effects: unknown[] }>('moengage', 'settled-log')).effects.length
    await world.advance('2h')
    await world.sync()
    const { effects } = await world.ask<{ effects: { cohort_name: string; action: string }[] }>(
      'moengage',
      'settled-log',
    )
    const order = effects.slice(marker).map(({ cohort_name, action }) => {
      const isSuppression = /^(SUP|ORC)__/.test(cohort_name)
      return `${isSuppression ? 'suppression' : 'other'} ${action.replace('_members', '')}`
    })
    const ranks = ['suppression add', 'other remove', 'other add', 'suppression remove']
    const seen = order.map(step => ranks.indexOf(step))
    expect(seen).toEqual([...seen].sort())
    expect(new Set(seen).size).toBeGreaterThanOrEqual(3)
  })
})

describe('what is said', () => {
  test('--json is one object a line, with the fields of the contract', async () => {
    const world = await openWorld(TWO)
    await world.settle()
    const rows = rowsOf((await world.sync({ json: true })).out)
    const contract = [
      'id',
      'read',
      'wanted',
      'added',
      'removed',
      'held',
      'skipped',
      'refused',
      'accepted',
      'calls',
    ]
    expect(rows.map(row => Object.keys(row).slice(0, contract.length))).toEqual([contract, contract])
  })

  test.each`
    allow                      | code
    ${'vipp:empty-source:why'} | ${'did you mean "vip"?'}
    ${'vip:empty-sorce:why'}   | ${'did you mean "empty-source"?'}
    ${'vip:empty-source'}      | ${'write vip:empty-source:"why"'}
    ${'vip:empty-source: '}    | ${'write vip:empty-source:"why"'}
    ${'vip:incomplete-read:x'} | ${'cannot be allowed'}
  `('--allow $allow is refused before anything is read', async ({ allow, code }) => {
    const world = await openWorld(ONE)
    const ended = await world.sync({ allow: [allow] })
    expect(ended.failed).toBe('cli/bad-allow')
    expect(ended.err).toContain(code)
    expect(await world.requests('customerio')).toEqual([])
  })

  test('no identifier and no key is in any output, nor in what the store publishes', async () => {
    const world = await openWorld({ population: 2_000 })
    const said = [
      await world.plan(),
      await world.apply(),
      await world.sync(),
      await world.sync({ json: true }),
    ]
    await world.fault('moengage', { match: COHORT_CALL, kind: 'status', status: 400, times: 'always' })
    await world.advance('2h')
    said.push(await world.sync(), await world.plan({ json: true }))
    const folder = join(world.folder, 'state')
    const published = await readFile(join(folder, 'local.duckdb.state.json'), 'utf8')
    const everything = [...said.map(({ out, err }) => out + err), published].join('\n')
    expect(everything).not.toMatch(
      /usr_\d|emp_\d|person\d+@|@example\.com"?,? ?"?usr|emulated-(app|data)-key/,
    )
    expect(await readdir(folder)).toEqual([
      'local.duckdb',
      'local.duckdb.log.jsonl',
      'local.duckdb.state.json',
    ])
  })
})
