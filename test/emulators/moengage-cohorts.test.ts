import { expect, test } from 'vitest'
import type { TestEmulators } from './harness.ts'
import { cohortBody, HEADERS, knownUids, startTestEmulators } from './harness.ts'

const ROUTE = '/v1/integrations/cohortsync'
const CART = { name: 'ACT__CartAbandon__2h', id: 'cart-abandon.1' }

interface Failure {
  status: string
  error: { type: string; message: string; attribute?: string; request_id: string }
}
interface Effect {
  action: string
  cohort_id: string
  outcome: string
  reason?: string
  sent: number
  resolved: number
  refused: number
  unknown: number
  changed: number
  members_after: number
}

const listMembers = async ({ hidden }: TestEmulators, name: string): Promise<string[]> =>
  (await hidden<{ members: string[] }>(`/cohorts/${encodeURIComponent(name)}`)).body.members

const listEffects = async ({ hidden }: TestEmulators): Promise<Effect[]> =>
  (await hidden<{ effects: Effect[] }>('/settled-log')).body.effects

const isListed = async ({ moengage }: TestEmulators, name: string): Promise<boolean> =>
  (await moengage<{ data: unknown[] }>(`/v3/custom-segments?name=${encodeURIComponent(name)}`)).body.data
    .length > 0

test('a first add is accepted at once and gives birth to the cohort later', async () => {
  const emulators = await startTestEmulators()
  const { moengage, post, settle } = emulators
  const uids = await knownUids(emulators, 3)
  const answer = await moengage(ROUTE, post(cohortBody('add_members', CART, uids)))
  expect(answer).toMatchObject({
    status: 200,
    body: { status: 'success', message: 'Your request has been accepted and will be processed soon.' },
  })
  expect(await isListed(emulators, CART.name)).toBe(false)
  await settle()
  expect(await isListed(emulators, CART.name)).toBe(true)
  expect(await listMembers(emulators, CART.name)).toEqual(uids)
})

test('a batch takes effect by itself after the delay', async () => {
  const emulators = await startTestEmulators({ processingDelayMs: 30 })
  await emulators.moengage(ROUTE, emulators.post(cohortBody('add_members', CART, ['emp_001'])))
  await expect.poll(() => isListed(emulators, CART.name)).toBe(true)
})

test('unknown and refused uids are skipped without a word, and users are never created', async () => {
  const emulators = await startTestEmulators()
  const { moengage, post, settle, hidden } = emulators
  const uids = ['emp_001', 'usr_9999999999', 'guest', ' NULL ', 'EMP_002', '']
  await moengage(ROUTE, post(cohortBody('add_members', CART, uids)))
  await settle()
  expect(await listMembers(emulators, CART.name)).toEqual(['emp_001'])
  expect(await listEffects(emulators)).toEqual([
    expect.objectContaining({ outcome: 'created', sent: 6, resolved: 1, refused: 3, unknown: 2, changed: 1 }),
  ])
  expect((await hidden('/users/usr_9999999999')).body).toEqual({
    uid: 'usr_9999999999',
    known: false,
    cohorts: [],
  })
})

test('about three in a hundred of the shop’s people are unknown', async () => {
  const { hidden } = await startTestEmulators({ population: 400 })
  let known = 0
  for (let index = 11; index <= 400; index++) {
    const { body } = await hidden<{ known: boolean }>(`/users/usr_${String(index).padStart(10, '0')}`)
    if (body.known) known += 1
  }
  expect(known / 390).toBeGreaterThan(0.92)
  expect(known / 390).toBeLessThan(0.99)
})

test('effects come in the order of acceptance, and repeating an add changes nothing', async () => {
  const emulators = await startTestEmulators()
  const { moengage, post, settle } = emulators
  for (const [action, uids] of [
    ['add_members', ['emp_001', 'emp_002']],
    ['add_members', ['emp_002', 'emp_003']],
    ['remove_members', ['emp_001', 'emp_009']],
    ['add_members', ['emp_001']],
  ] as const) {
    await moengage(ROUTE, post(cohortBody(action, CART, uids)))
  }
  await settle()
  expect(
    (await listEffects(emulators)).map(({ action, changed, members_after }) => [
      action,
      changed,
      members_after,
    ]),
  ).toEqual([
    ['add_members', 2, 2],
    ['add_members', 1, 3],
    ['remove_members', 1, 2],
    ['add_members', 1, 3],
  ])
  const { body } = await emulators.hidden<{ effects: { uids: string[] }[] }>('/settled-log?uids=true')
  expect(body.effects[2]?.uids).toEqual(['emp_001', 'emp_009'])
})

test('moving the clock settles what was accepted', async () => {
  const emulators = await startTestEmulators()
  await emulators.moengage(ROUTE, emulators.post(cohortBody('add_members', CART, ['emp_001'])))
  expect((await emulators.hidden<{ pending: number }>('/cohorts')).body.pending).toBe(1)
  await emulators.advance('30m')
  expect(await listMembers(emulators, CART.name)).toEqual(['emp_001'])
})

const SILENT: readonly (readonly [string, { name: string; id: string }, string])[] = [
  ['starts with a period', { name: '.hidden', id: 'a' }, 'name not allowed'],
  ['has a colon', { name: 'Cart: 2h', id: 'a' }, 'name not allowed'],
  ['has a quotation mark', { name: 'Cart "2h"', id: 'a' }, 'name not allowed'],
  ['has more than 200 characters', { name: 'x'.repeat(201), id: 'a' }, 'name not allowed'],
  ['belongs to a dashboard segment', { name: 'Staff devices', id: 'a' }, 'name taken'],
  ['belonged to a segment now archived', { name: 'Black Friday 2025', id: 'a' }, 'name taken'],
  ['belongs to another partner’s cohort', { name: '[Amplitude][Power users]', id: 'a' }, 'name taken'],
]

test.each(SILENT)('a name that %s is accepted and dropped', async (_, cohort, reason) => {
  const emulators = await startTestEmulators()
  const answer = await emulators.moengage(
    ROUTE,
    emulators.post(cohortBody('add_members', cohort, ['emp_001'])),
  )
  expect(answer.status).toBe(200)
  await emulators.settle()
  expect(await listEffects(emulators)).toEqual([expect.objectContaining({ outcome: 'dropped', reason })])
})

test('a known cohort_id with another name updates the cohort, which keeps its name', async () => {
  const emulators = await startTestEmulators()
  const { moengage, post, settle } = emulators
  await moengage(ROUTE, post(cohortBody('add_members', CART, ['emp_001'])))
  await moengage(ROUTE, post(cohortBody('add_members', { ...CART, name: 'New name' }, ['emp_002'])))
  await settle()
  expect(await listMembers(emulators, CART.name)).toEqual(['emp_001', 'emp_002'])
  expect(await isListed(emulators, 'New name')).toBe(false)
})

test('another cohort_id with the same name is dropped', async () => {
  const emulators = await startTestEmulators()
  const { moengage, post, settle } = emulators
  await moengage(ROUTE, post(cohortBody('add_members', CART, ['emp_001'])))
  await moengage(ROUTE, post(cohortBody('add_members', { ...CART, id: 'cart-abandon.2' }, ['emp_002'])))
  await settle()
  expect(await listMembers(emulators, CART.name)).toEqual(['emp_001'])
})

test('neither an empty add nor a remove makes a cohort', async () => {
  const emulators = await startTestEmulators()
  await emulators.moengage(ROUTE, emulators.post(cohortBody('add_members', CART, [])))
  await emulators.moengage(ROUTE, emulators.post(cohortBody('remove_members', CART, ['emp_001'])))
  await emulators.settle()
  expect((await listEffects(emulators)).map(({ reason }) => reason)).toEqual(['no members', 'no such cohort'])
})

test('the open questions can be answered the other way', async () => {
  const emulators = await startTestEmulators({
    behaviour: { emptyMembersCreate: true, cohortNamePrefix: '[muster] ', cohortKey: 'name' },
  })
  const { moengage, post, settle } = emulators
  await moengage(ROUTE, post(cohortBody('add_members', CART, [])))
  await moengage(ROUTE, post(cohortBody('add_members', { ...CART, id: 'other' }, ['emp_001'])))
  await settle()
  expect(await listMembers(emulators, `[muster] ${CART.name}`)).toEqual(['emp_001'])
})

test('above the largest size a cohort is no longer updated', async () => {
  const emulators = await startTestEmulators({ limits: { cohortMembers: 1 } })
  const { moengage, post, settle } = emulators
  await moengage(ROUTE, post(cohortBody('add_members', CART, ['emp_001', 'emp_002'])))
  await moengage(ROUTE, post(cohortBody('remove_members', CART, ['emp_001'])))
  await settle()
  expect((await listMembers(emulators, CART.name)).length).toBe(2)
})

const good = cohortBody('add_members', CART, ['emp_001'])
const { cohort_name: _, ...nameless } = good.parameters

test.each`
  what                      | body                                                                     | headers                                                 | status | type                         | attribute
  ${'no content type'}      | ${good}                                                                  | ${{ 'content-type': 'text/plain' }}                     | ${415} | ${'Unsupported media type'}  | ${undefined}
  ${'malformed JSON'}       | ${'{"action":'}                                                          | ${{}}                                                   | ${400} | ${'Malformed JSON'}          | ${undefined}
  ${'no action'}            | ${{ ...good, action: undefined }}                                        | ${{}}                                                   | ${400} | ${'MissingAttributeError'}   | ${'action'}
  ${'no partner'}           | ${{ ...good, partner: undefined }}                                       | ${{}}                                                   | ${400} | ${'MissingAttributeError'}   | ${'partner'}
  ${'no parameters'}        | ${{ ...good, parameters: undefined }}                                    | ${{}}                                                   | ${400} | ${'MissingAttributeError'}   | ${'parameters'}
  ${'no name'}              | ${{ ...good, parameters: nameless }}                                     | ${{}}                                                   | ${400} | ${'MissingAttributeError'}   | ${'cohort_name'}
  ${'a member without uid'} | ${{ ...good, parameters: { ...good.parameters, members: [{ id: 1 }] } }} | ${{}}                                                   | ${400} | ${'MissingAttributeError'}   | ${'members'}
  ${'no credentials'}       | ${good}                                                                  | ${{ authorization: 'Bearer x' }}                        | ${401} | ${'Authentication required'} | ${undefined}
  ${'a wrong key'}          | ${good}                                                                  | ${{ authorization: `Basic ${btoa('ACME01_DEBUG:x')}` }} | ${401} | ${'Authentication required'} | ${undefined}
  ${'a wrong workspace'}    | ${good}                                                                  | ${{ authorization: `Basic ${btoa('OTHER:x')}` }}        | ${401} | ${'Authentication Mismatch'} | ${undefined}
  ${'a wrong app key'}      | ${good}                                                                  | ${{ 'moe-appkey': 'OTHER' }}                            | ${401} | ${'Authentication Mismatch'} | ${undefined}
`('$what is a $status "$type"', async ({ body, headers, status, type, attribute }) => {
  const { moengage } = await startTestEmulators({ population: 100 })
  const answer = await moengage<Failure>(ROUTE, { method: 'POST', body, headers })
  expect(answer.status).toBe(status)
  expect(answer.body.status).toBe('fail')
  expect([answer.body.error.type, answer.body.error.attribute]).toEqual([type, attribute])
  expect(answer.body.error.request_id).toMatch(/^[A-Za-z]{8}$/)
})

test('a request without MOE-APPKEY is a 400, and a mismatch can be a 409', async () => {
  const { emulators, moengage, post } = await startTestEmulators({
    population: 100,
    behaviour: { appKeyMismatchStatus: 409 },
  })
  const { 'moe-appkey': _appKey, ...without } = HEADERS.moengage
  const answer = await fetch(emulators.moengage.url + ROUTE, {
    method: 'POST',
    headers: without,
    body: JSON.stringify(good),
  })
  expect(answer.status).toBe(400)
  expect((await moengage(ROUTE, { ...post(good), headers: { 'moe-appkey': 'OTHER' } })).status).toBe(409)
})

test('128,000 bytes pass, one more does not', async () => {
  const { moengage, post } = await startTestEmulators({ population: 100 })
  const fill = (bytes: number): string => {
    const body = cohortBody('add_members', CART, ['ü'])
    const missing = bytes - Buffer.byteLength(JSON.stringify(body))
    return JSON.stringify(cohortBody('add_members', CART, [`ü${'x'.repeat(missing)}`]))
  }
  expect((await moengage(ROUTE, post(fill(128_000)))).status).toBe(200)
  const refused = await moengage<Failure>(ROUTE, post(fill(128_001)))
  expect([refused.status, refused.body.error.type, refused.body.error.message]).toEqual([
    413,
    'Payload too large',
    'Payload can not exceed 128KB',
  ])
})

test('300 a minute: the headers count down, the next one is refused, and the clock helps', async () => {
  const emulators = await startTestEmulators({
    limits: { cohortSync: [{ max: 3, seconds: 60 }] },
    monotonicMs: () => 1000,
    wallMs: () => 1_800_000_000_000,
  })
  const { moengage, post, advance } = emulators
  const send = () => moengage<Failure>(ROUTE, post(good))
  expect((await send()).headers.get('x-ratelimit-remaining')).toBe('2')
  await send()
  await send()
  const refused = await send()
  expect(refused.status).toBe(429)
  expect(refused.body.error.type).toBe('Rate Limits Exceeded')
  expect(['limit', 'remaining', 'reset'].map(name => refused.headers.get(`x-ratelimit-${name}`))).toEqual([
    '3',
    '0',
    '1800000060',
  ])
  await advance('60s')
  expect((await send()).status).toBe(200)
})

test('x-ratelimit-reset can also be the seconds that are left', async () => {
  const { moengage, post } = await startTestEmulators({
    behaviour: { rateResetForm: 'seconds' },
    limits: { cohortSync: [{ max: 3, seconds: 60 }] },
  })
  expect((await moengage(ROUTE, post(good))).headers.get('x-ratelimit-reset')).toBe('60')
})
