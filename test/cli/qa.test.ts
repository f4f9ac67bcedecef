import { describe, expect, test } from 'vitest'
import { membersOf } from '../support/apply-world.ts'
import { openWorld, type World, type WorldOptions } from '../support/world.ts'

const VIP = 'ORC__Vip__365d'
const LOOKUP = { method: 'POST', route: '/v1/customers/export' }

/** Three testers of the segment whom MoEngage knows, and one colleague who is not in it. */
const openOnTrial = async (options: WorldOptions = {}): Promise<World> => {
  const world = await openWorld({ audiences: ['vip'], population: 500, ...options })
  const { people } = await world.ask<{ people: { id: string | null }[] }>('customerio', 'segments/11/people')
  const ids = people.flatMap(({ id }) => (id?.startsWith('usr_') ? [id] : [])).slice(0, 3)
  for (const id of ids) await world.ask('moengage', `users/${id}`, undefined, 'PUT')
  await world.edit('workspace.yaml', { qa: { testers: [...ids, 'emp_001'], required: true } })
  await world.edit('vip.yaml', { rollout: { stage: 'qa' }, used_by: ['VIP care'] })
  await world.settle()
  return world
}

interface Answer {
  readonly verified: boolean
  readonly checks: readonly { readonly subject: string; readonly verdict: string; readonly detail: string }[]
  readonly evidence: { readonly accepted: number; readonly signed_off: { readonly by: string } | null } | null
}

const evidenceOf = async (world: World) => (await world.state()).evidence.get('vip')

describe('muster qa', () => {
  test('sends testers and nobody else, tells what it saw, and asks for a name', async () => {
    const world = await openOnTrial()
    const { exitCode, out } = await world.qa('vip')
    expect(exitCode).toBe(0)
    expect(out).toMatchInlineSnapshot(`
      "acme-d2c · local  Customer.io us → MoEngage ACME01_DEBUG (data center 01)

      vip  ORC__Vip__365d, to its testers

      ok     sync     3 wanted, 2 added, 1 sent again
      ok     testers  3 of 4 are in the segment and were accepted; the others will get nothing
      ok     known    MoEngage knows 4 of 4
      ok     cohort   MoEngage lists "ORC__Vip__365d"

      Not to be seen from here: whether a message arrives, and whether it looks right.

      Once the testers were seen to get it: muster qa vip --by "Your Name"
      "
    `)
    expect((await membersOf(world, VIP)).length).toBe(3)
    expect((await evidenceOf(world))?.signedOff).toBeUndefined()
  })

  test('puts the name of whoever saw it under it, and the report shows it', async () => {
    const world = await openOnTrial()
    world.answer('yes')
    const { exitCode, out } = await world.qa('vip', { by: 'Jo Doe', note: 'seen on Android' })
    expect([exitCode, out.includes('Signed off by Jo Doe.')]).toEqual([0, true])
    expect((await evidenceOf(world))?.signedOff).toMatchObject({ by: 'Jo Doe', note: 'seen on Android' })
    expect((await world.report()).out).toContain('signed off by Jo Doe')
    const store = await world.openStore()
    const entries = await store.readJournal(50)
    await store.close()
    expect(entries.find(({ operation }) => operation === 'sign off QA run')?.detail).toBe('Jo Doe')
  })

  test('a later sync of the same thing keeps the name; another segment does not', async () => {
    const world = await openOnTrial()
    await world.qa('vip', { by: 'Jo Doe', yes: true })
    await world.advance('1d')
    await world.sync()
    expect((await evidenceOf(world))?.signedOff?.by).toBe('Jo Doe')
    await world.edit('vip.yaml', { source: { segment: 15, name: 'Winback 60-120d' } })
    await world.settle()
    await world.sync()
    expect((await evidenceOf(world))?.signedOff).toBeUndefined()
  })

  test('whoever does not say yes has signed nothing', async () => {
    const world = await openOnTrial()
    world.answer('no')
    const { exitCode, err } = await world.qa('vip', { by: 'Jo Doe' })
    expect([exitCode, err.includes('Not signed off.')]).toEqual([1, true])
    expect(await evidenceOf(world)).not.toHaveProperty('signedOff')
  })

  test('goes on as evidence: going live needs nothing else', async () => {
    const world = await openOnTrial()
    await world.qa('vip', { by: 'Jo Doe', yes: true })
    await world.edit('vip.yaml', { rollout: { stage: 'live' } })
    expect((await world.plan()).out).toContain('3 of 4 testers accepted, 4 known, signed off by Jo Doe')
    expect(JSON.parse((await world.plan({ json: true })).out)).toMatchObject({
      evidence: [{ audience: 'vip', signed_by: 'Jo Doe' }],
    })
    expect((await world.apply()).exitCode).toBe(0)
  })

  test('is data for machines', async () => {
    const world = await openOnTrial()
    const { out } = await world.qa('vip', { by: 'Jo Doe', yes: true, json: true })
    const answer = JSON.parse(out) as Answer
    expect(answer).toMatchObject({ verified: true, evidence: { accepted: 3, signed_off: { by: 'Jo Doe' } } })
    expect(answer.checks.map(({ subject }) => subject)).toEqual(['sync', 'testers', 'known', 'cohort'])
    expect(out).not.toContain('usr_')
  })
})

describe('what is not verified is not signed', () => {
  test('testers whom MoEngage does not know', async () => {
    const world = await openOnTrial()
    const { people } = await world.ask<{ people: { id: string | null }[] }>(
      'customerio',
      'segments/11/people',
    )
    const [tester] = people.flatMap(({ id }) => (id?.startsWith('usr_') ? [id] : []))
    await world.edit('workspace.yaml', { 'qa.testers': [tester] })
    await world.ask('moengage', `users/${tester}`, undefined, 'DELETE')
    await world.settle()
    const { exitCode, out } = await world.qa('vip', { by: 'Jo Doe', yes: true })
    expect([exitCode, out.includes('MoEngage knows none of the testers')]).toEqual([1, true])
    expect((await evidenceOf(world))?.signedOff).toBeUndefined()
  })

  test('a look-up that is refused leaves it to the person', async () => {
    const world = await openOnTrial()
    await world.fault('moengage', { match: LOOKUP, kind: 'html', status: 403, times: 'always' })
    const { exitCode, out } = await world.qa('vip', { by: 'Jo Doe', yes: true })
    expect([exitCode, out.includes('users could not be looked up')]).toEqual([0, true])
  })

  test('a sync that failed ends as a sync does', async () => {
    const world = await openOnTrial()
    await world.fault('customerio', {
      match: { method: 'GET', route: '/v1/segments/:id/membership' },
      kind: 'status',
      status: 403,
      times: 'always',
    })
    const { exitCode, out } = await world.qa('vip', { by: 'Jo Doe', yes: true })
    expect(exitCode).toBe(1)
    expect(out).toContain('TO DO')
    expect(await evidenceOf(world)).toBeUndefined()
  })

  test('nobody of the testers is in the segment: a cohort is born with its first member', async () => {
    const world = await openWorld({ audiences: ['vip'], population: 500 })
    await world.edit('workspace.yaml', { 'qa.testers': ['emp_001'] })
    await world.edit('vip.yaml', { rollout: { stage: 'qa' } })
    await world.apply()
    const { exitCode, out } = await world.qa('vip', { by: 'Jo Doe', yes: true })
    expect([exitCode, out.includes('see that a tester is in the segment')]).toEqual([1, true])
  })

  test('what was not applied', async () => {
    const world = await openOnTrial()
    await world.edit('vip.yaml', { source: { segment: 15, name: 'Winback 60-120d' } })
    const { exitCode, out } = await world.qa('vip')
    expect([exitCode, out.includes('not synced: not applied')]).toEqual([3, true])
  })
})

describe('before anything is sent', () => {
  test.each`
    story                            | id       | options                                | code
    ${'an audience that nobody has'} | ${'vpi'} | ${{}}                                  | ${'cli/unknown-audience'}
    ${'a name that is an address'}   | ${'vip'} | ${{ by: 'jo@example.com', yes: true }} | ${'qa/bad-name'}
    ${'a name that is empty'}        | ${'vip'} | ${{ by: ' ', yes: true }}              | ${'qa/bad-name'}
    ${'a name of two lines'}         | ${'vip'} | ${{ by: 'Jo\nDoe', yes: true }}        | ${'qa/bad-name'}
    ${'a note without a name'}       | ${'vip'} | ${{ note: 'seen' }}                    | ${'qa/bad-name'}
    ${'nobody to ask'}               | ${'vip'} | ${{ by: 'Jo Doe' }}                    | ${'cli/cannot-ask'}
  `('$story is refused: $code', async ({ id, options, code }) => {
    const world = await openWorld({ audiences: ['vip'], population: 100 })
    await world.edit('vip.yaml', { rollout: { stage: 'qa' } })
    await world.forgetRequests()
    expect(await world.qa(id, options)).toMatchObject({ exitCode: 1, failed: code })
    expect(await world.requests('moengage')).toEqual([])
  })

  test('a live audience would lose everybody but the testers', async () => {
    const world = await openWorld({ audiences: ['vip'], population: 100 })
    expect(await world.qa('vip')).toMatchObject({ exitCode: 1, failed: 'qa/not-in-qa' })
  })
})
