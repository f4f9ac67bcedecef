import { expect, test } from 'vitest'
import { startTestEmulators } from './harness.ts'

interface WireSegment {
  id: number
  name: string
  state: string
  progress: number | null
  type: string
  deduplicate_id: string
}
interface Page {
  segment_id: number
  identifiers: { id: string | null; email?: string | null; cio_id: string }[]
  ids: string[]
  next?: string | null
}
interface Errors {
  errors: { detail: string; status: string; code?: string }[]
}

test('the list shows the ten segments of the shop, one of them building', async () => {
  const { app } = await startTestEmulators()
  const { status, body } = await app<{ segments: WireSegment[] }>('/v1/segments')
  expect(status).toBe(200)
  expect(
    body.segments.map(({ id, name, type, state, progress }) => [id, name, type, state, progress]),
  ).toEqual([
    [11, 'VIP customers', 'dynamic', 'finished', null],
    [12, 'Recent purchasers 7d', 'dynamic', 'finished', null],
    [13, 'Active in app 30m', 'dynamic', 'finished', null],
    [14, 'Cart abandoners 2h', 'dynamic', 'finished', null],
    [15, 'Winback 60-120d', 'dynamic', 'finished', null],
    [16, 'Starter kit, no refill 30d', 'dynamic', 'finished', null],
    [17, 'Internal QA', 'manual', 'finished', null],
    [18, 'Newsletter readers', 'dynamic', 'finished', null],
    [19, 'Never ordered', 'dynamic', 'finished', null],
    [20, 'Repeat customers', 'dynamic', 'build', 40],
  ])
})

test('a segment, its count and its users', async () => {
  const { app } = await startTestEmulators()
  expect((await app('/v1/segments/14')).body).toEqual({
    segment: {
      id: 14,
      deduplicate_id: '14:1707382800',
      name: 'Cart abandoners 2h',
      description: 'Cart idle for 90 minutes, no order, not in the cart flow.',
      state: 'finished',
      progress: null,
      type: 'dynamic',
      tags: ['activation'],
      created_at: 1707382800,
      updated_at: 1707382800,
    },
  })
  expect((await app('/v1/segments/17/customer_count')).body).toEqual({ segment_id: 17, count: 10 })
  expect((await app('/v1/segments/14/used_by')).body).toEqual({
    segment_id: 14,
    used_by: { campaigns: [3, 8], sent_newsletters: [], draft_newsletters: [] },
  })
})

test('membership pages add up to the truth, and end with an empty cursor', async () => {
  const { app, shop } = await startTestEmulators()
  const truth = await shop<{ count: number; people: { cio_id: string }[] }>('/segments/19/people')
  const read: Page['identifiers'] = []
  const ids: string[] = []
  let next = ''
  do {
    const { body } = await app<Page>(`/v1/segments/19/membership?limit=100&start=${encodeURIComponent(next)}`)
    read.push(...body.identifiers)
    ids.push(...body.ids)
    next = body.next ?? ''
  } while (next !== '')
  expect(read).toEqual(truth.body.people.map(person => expect.objectContaining(person)))
  expect(read.length).toBe(truth.body.count)
  expect(ids).toEqual(read.map(({ id }) => id ?? ''))
  expect(read.some(({ id }) => id === null)).toBe(true)
  expect(ids.some(id => id === '')).toBe(true)
})

test.each([
  ['absent', {}],
  ['null', { next: null }],
  ['empty', { next: '' }],
] as const)('the last page can end with %s', async (cursorEnd, end) => {
  const { app } = await startTestEmulators({ behaviour: { cursorEnd } })
  const { body } = await app<Page>('/v1/segments/17/membership')
  const { segment_id, identifiers, ids, ...rest } = body
  expect([segment_id, identifiers.length, ids[0]]).toEqual([17, 10, 'emp_001'])
  expect(rest).toEqual(end)
})

test('a workspace without email as identifier shows no email key', async () => {
  const { app } = await startTestEmulators({ behaviour: { emailIdentifies: false } })
  const { body } = await app<Page>('/v1/segments/17/membership?limit=1')
  expect(body.identifiers).toEqual([{ id: 'emp_001', cio_id: '030000000001' }])
})

test('a segment that is building shows a part of its people only', async () => {
  const { app, shop, post } = await startTestEmulators()
  const whole = (await app<{ count: number }>('/v1/segments/15/customer_count')).body.count
  await shop('/segments/15', post({ state: 'build', progress: 50 }))
  const part = (await app<{ count: number }>('/v1/segments/15/customer_count')).body.count
  expect(part).toBeGreaterThan(0)
  expect(part).toBeLessThan(whole)
  expect((await shop<{ count: number }>('/segments/15/people')).body.count).toBe(whole)
  await shop('/segments/15', post({ state: 'finished' }))
  expect((await app<{ segment: WireSegment }>('/v1/segments/15')).body.segment).toMatchObject({
    state: 'finished',
    progress: null,
  })
})

test('manual segments are created empty, may share a name, and are deleted', async () => {
  const { app, post } = await startTestEmulators()
  const wanted = { segment: { name: 'QA team', description: 'testers' } }
  const first = await app<{ segment: WireSegment }>('/v1/segments', post(wanted))
  const second = await app<{ segment: WireSegment }>('/v1/segments', post(wanted))
  expect(first.status).toBe(200)
  expect(first.body.segment).toMatchObject({ id: 101, name: 'QA team', type: 'manual', state: 'finished' })
  expect(second.body.segment.id).toBe(102)
  expect((await app('/v1/segments/101/customer_count')).body).toEqual({ segment_id: 101, count: 0 })
  expect((await app('/v1/segments/101', { method: 'DELETE' })).status).toBe(204)
  expect((await app('/v1/segments/101')).status).toBe(404)
})

test.each`
  method      | path                                        | body                          | status | detail
  ${'POST'}   | ${'/v1/segments'}                           | ${{ segment: { name: ' ' } }} | ${400} | ${/^name is missing \(reference/}
  ${'POST'}   | ${'/v1/segments'}                           | ${'{"segment":'}              | ${400} | ${/^segment is missing/}
  ${'DELETE'} | ${'/v1/segments/19'}                        | ${undefined}                  | ${400} | ${/^data-driven segments/}
  ${'GET'}    | ${'/v1/segments/999'}                       | ${undefined}                  | ${404} | ${/^segment not found/}
  ${'GET'}    | ${'/v1/segments/abc/membership'}            | ${undefined}                  | ${404} | ${/^segment not found/}
  ${'GET'}    | ${'/v1/segments/11/membership?limit=30001'} | ${undefined}                  | ${400} | ${/^limit must be/}
  ${'GET'}    | ${'/v1/segments/11/membership?limit=0'}     | ${undefined}                  | ${400} | ${/^limit must be/}
  ${'GET'}    | ${'/v1/segments/11/membership?start=nope'}  | ${undefined}                  | ${400} | ${/^start is not/}
  ${'GET'}    | ${'/v1/nothing'}                            | ${undefined}                  | ${404} | ${/^not found/}
`('$method $path answers $status', async ({ method, path, body, status, detail }) => {
  const { app } = await startTestEmulators()
  const answer = await app<Errors>(path, { method, body })
  expect(answer.status).toBe(status)
  expect(answer.body).toEqual({
    errors: [expect.objectContaining({ detail: expect.stringMatching(detail), status: String(status) })],
  })
})

test('other hands can rename, empty and delete a segment', async () => {
  const { app, shop, post } = await startTestEmulators()
  expect((await shop('/segments/11', post({ name: 'Whales' }))).body).toEqual({
    segment_id: 11,
    name: 'Whales',
    state: 'finished',
    progress: null,
    empty: false,
  })
  const { segment } = (await app<{ segment: WireSegment }>('/v1/segments/11')).body
  expect(segment.name).toBe('Whales')
  expect(segment.deduplicate_id).not.toBe('11:1707123600')
  await shop('/segments/12', post({ empty: true }))
  expect((await app('/v1/segments/12/customer_count')).body).toEqual({ segment_id: 12, count: 0 })
  await shop('/segments/13', post({ deleted: true }))
  expect((await app('/v1/segments/13/membership')).status).toBe(404)
})

test('any edit moves updated_at and with it deduplicate_id; what campaigns do is no edit', async () => {
  const { app, shop, post } = await startTestEmulators()
  const read = async () =>
    (await app<{ segment: WireSegment & { updated_at: number; description: string } }>('/v1/segments/11'))
      .body.segment
  const moments = [(await read()).updated_at]
  for (const edit of [{}, { description: 'Others now' }, { name: 'VIP customers' }]) {
    await shop('/segments/11', post(edit))
    moments.push((await read()).updated_at)
  }
  expect(moments).toEqual([...new Set(moments)].sort((a, b) => a - b))
  expect(await read()).toMatchObject({
    description: 'Others now',
    deduplicate_id: `11:${moments.at(-1)}`,
  })
  await shop('/segments/11', post({ used_by: { campaigns: [] } }))
  expect((await read()).updated_at).toBe(moments.at(-1))
})

test('what uses a segment can be said, and a campaign keeps a manual one from being deleted', async () => {
  const { app, shop, post } = await startTestEmulators()
  await app('/v1/segments', post({ segment: { name: 'QA team' } }))
  const used = async (used_by: unknown) => {
    await shop('/segments/101', post({ used_by }))
    return (await app<{ used_by: unknown }>('/v1/segments/101/used_by')).body.used_by
  }
  const nothing = { campaigns: [], sent_newsletters: [], draft_newsletters: [] }
  expect(await used({})).toEqual(nothing)
  expect(await used({ campaigns: [4], draft_newsletters: [7, 9], sent_newsletters: 'all' })).toEqual({
    ...nothing,
    campaigns: [4],
    draft_newsletters: [7, 9],
  })
  expect((await app('/v1/segments/101', { method: 'DELETE' })).status).toBe(409)
  expect(await used(nothing)).toEqual(nothing)
  expect((await app('/v1/segments/101', { method: 'DELETE' })).status).toBe(204)
})

test('a person can be given another id, and be deleted', async () => {
  const { app, shop, post } = await startTestEmulators()
  await shop('/people/030000000001', post({ id: 'emp_new' }))
  await shop('/people/030000000002', post({ deleted: true }))
  const { body } = await app<Page>('/v1/segments/17/membership')
  expect(body.ids).toEqual([
    'emp_new',
    'emp_003',
    'emp_004',
    'emp_005',
    'emp_006',
    'emp_007',
    'emp_008',
    'emp_009',
    'emp_010',
  ])
})

test('the workspaces', async () => {
  const { app } = await startTestEmulators()
  expect((await app('/v1/workspaces')).body).toEqual({
    workspaces: [
      {
        id: 3,
        name: 'acme',
        people: 2000,
        objects: 0,
        object_types: 0,
        messages_sent: 0,
        billable_messages_sent: 0,
      },
    ],
  })
})

test('a wrong key is a 401 with a code', async () => {
  const { app } = await startTestEmulators()
  const { status, body } = await app<Errors>('/v1/segments', { headers: { authorization: 'Bearer wrong' } })
  expect([status, body.errors[0]?.code, body.errors[0]?.status]).toEqual([401, 'invalid_credentials', '401'])
})

test('eleven requests in a second are one too many, and Retry-After says when', async () => {
  const { app } = await startTestEmulators({
    limits: { customerioApp: [{ max: 10, seconds: 1 }] },
    monotonicMs: () => 5000,
  })
  for (let n = 0; n < 10; n++) expect((await app('/v1/segments')).status).toBe(200)
  const refused = await app<Errors>('/v1/segments')
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(refused.body.errors[0]?.detail).toMatch(
    /^rate limited to 10 requests per 1s \(reference [a-z]{6}\)$/,
  )
})

test('a daily quota is a 429 without Retry-After', async () => {
  const { app, shop, post } = await startTestEmulators()
  await shop('/faults', post({ kind: 'quota', times: 'always' }))
  const refused = await app<Errors>('/v1/segments')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null])
})
