import { describe, expect, test } from 'vitest'
import type { CustomerioConnection } from '../../../src/model/workspace.ts'
import { createCustomerioReader } from '../../../src/providers/customerio/provider.ts'
import { createSurroundings, KEY } from '../support/client.ts'
import { createInstantClock } from '../support/clock.ts'
import { failureFrom } from '../support/failures.ts'
import { openStub, type Reply } from '../support/stub.ts'
import { openReader } from './connect.ts'

const json = (body: unknown, status = 200): Reply => ({ status, body })

const WRITTEN_SEGMENT = {
  id: 14,
  deduplicate_id: '14:1764000000',
  name: 'Cart abandoners 2h',
  state: 'finished',
  progress: null,
  type: 'dynamic',
  tags: null,
  created_at: 1764000000,
  conditions: { and: [] },
}
const SEGMENT = { segmentId: 14, name: 'Cart abandoners 2h', type: 'dynamic', isFinished: true }

describe('segments', () => {
  test('the list is read in one call, with the key', async () => {
    const manual = { ...WRITTEN_SEGMENT, id: 15, name: '', type: 'manual', state: 'build', progress: 40 }
    const stub = await openStub(json({ segments: [WRITTEN_SEGMENT, manual] }))
    expect(await openReader(stub).listSegments()).toEqual([
      SEGMENT,
      { segmentId: 15, name: '', type: 'manual', isFinished: false },
    ])
    expect(stub.seen).toMatchObject([
      { method: 'GET', url: '/v1/segments', headers: { authorization: `Bearer ${KEY}` } },
    ])
  })

  test.each`
    state              | progress     | isFinished
    ${'finished'}      | ${null}      | ${true}
    ${'finished'}      | ${undefined} | ${true}
    ${'finished'}      | ${100}       | ${false}
    ${'build'}         | ${null}      | ${false}
    ${'events_queued'} | ${null}      | ${false}
    ${'a new state'}   | ${null}      | ${false}
  `(
    'state $state with progress $progress is finished: $isFinished',
    async ({ state, progress, isFinished }) => {
      const stub = await openStub(json({ segment: { ...WRITTEN_SEGMENT, state, progress } }))
      expect(await openReader(stub).readSegment(14)).toEqual({ ...SEGMENT, isFinished })
    },
  )

  test.each`
    updated_at       | updatedAt
    ${1764000000}    | ${'2025-11-24T16:00:00.000Z'}
    ${undefined}     | ${undefined}
    ${null}          | ${undefined}
    ${0}             | ${undefined}
    ${-1}            | ${undefined}
    ${1764000000.5}  | ${undefined}
    ${1764000000000} | ${undefined}
    ${'1764000000'}  | ${undefined}
    ${[1764000000]}  | ${undefined}
  `(
    'edited at $updated_at is $updatedAt: a hint that is not there stops nothing',
    async ({ updated_at, updatedAt }) => {
      const stub = await openStub(json({ segments: [{ ...WRITTEN_SEGMENT, updated_at }] }))
      expect(await openReader(stub).listSegments()).toStrictEqual([
        updatedAt === undefined ? SEGMENT : { ...SEGMENT, updatedAt },
      ])
    },
  )

  test('404 is no segment, but only when the API says it', async () => {
    expect(
      await openReader(await openStub(json({ errors: [{ detail: 'x', status: '404' }] }, 404))).readSegment(
        14,
      ),
    ).toBe(undefined)
    const page = await openStub(response => {
      response.writeHead(404)
      response.end('<!doctype html>')
    })
    expect(await failureFrom(openReader(page).readSegment(14))).toMatchObject({
      code: 'provider/unexpected-status',
      hint: 'check base_url: this is not an answer of the App API',
    })
  })

  test('404 while counting or paging is a failure: never an empty segment', async () => {
    const reader = openReader(await openStub(json({ errors: [] }, 404)))
    for (const call of [reader.countPeople(14), reader.readPeoplePage(14, { key: 'id' })]) {
      expect(await failureFrom(call)).toMatchObject({
        code: 'provider/not-found',
        status: 404,
        retryable: false,
      })
    }
  })
})

describe('what uses a segment', () => {
  const used_by = { campaigns: [3, 8], sent_newsletters: [1], draft_newsletters: [5, 6] }

  test('campaigns and newsletters, drafts among them, are counted', async () => {
    const stub = await openStub(json({ segment_id: 14, used_by }))
    expect(await openReader(stub).readSegmentUse(14)).toEqual({ campaigns: 2, newsletters: 3 })
    expect(stub.seen).toMatchObject([{ method: 'GET', url: '/v1/segments/14/used_by' }])
  })

  test('404 is no segment: never an unused one', async () => {
    const stub = await openStub(json({ errors: [{ detail: 'x', status: '404' }] }, 404))
    expect(await openReader(stub).readSegmentUse(14)).toBe(undefined)
  })

  test.each`
    field                          | body
    ${'used_by'}                   | ${{ segment_id: 14 }}
    ${'used_by'}                   | ${{ segment_id: 14, used_by: [] }}
    ${'used_by.campaigns'}         | ${{ used_by: { ...used_by, campaigns: null } }}
    ${'used_by.sent_newsletters'}  | ${{ used_by: { ...used_by, sent_newsletters: undefined } }}
    ${'used_by.draft_newsletters'} | ${{ used_by: { ...used_by, draft_newsletters: 2 } }}
  `('without $field it was not read', async ({ field, body }) => {
    const failure = await failureFrom(openReader(await openStub(json(body))).readSegmentUse(14))
    expect(failure).toMatchObject({ code: 'provider/unexpected-shape', retryable: false })
    expect(failure.detail).toContain(`"${field}"`)
  })
})

describe('people', () => {
  test('a page asks for 30,000 and goes on from an opaque cursor', async () => {
    const people = [{ id: 'usr_1', email: 'one@example.com', cio_id: 'a1' }]
    const stub = await openStub(
      json({ identifiers: people, ids: ['usr_1'], next: 'MDox+/=' }),
      json({ identifiers: [] }),
    )
    const reader = openReader(stub)
    const page = await reader.readPeoplePage(14, { key: 'id' })
    expect(page).toEqual({
      people: [{ person: 'a1', value: 'usr_1' }],
      next: 'MDox+/=',
    })
    expect(await reader.readPeoplePage(14, { key: 'id', start: page.next, limit: 99_999 })).toEqual({
      people: [],
    })
    expect(stub.seen.map(({ url }) => url)).toEqual([
      '/v1/segments/14/membership?limit=30000',
      '/v1/segments/14/membership?limit=30000&start=MDox%2B%2F%3D',
    ])
  })

  test.each`
    says                         | row                                                        | key         | person
    ${'the id'}                  | ${{ id: 'usr_1', email: 'one@example.com', cio_id: 'a1' }} | ${'id'}     | ${{ person: 'a1', value: 'usr_1' }}
    ${'the email'}               | ${{ id: 'usr_1', email: 'one@example.com', cio_id: 'a1' }} | ${'email'}  | ${{ person: 'a1', value: 'one@example.com' }}
    ${'the cio_id'}              | ${{ id: 'usr_1', email: 'one@example.com', cio_id: 'a1' }} | ${'cio_id'} | ${{ person: 'a1', value: 'a1' }}
    ${'null id'}                 | ${{ id: null, email: 'one@example.com', cio_id: 'a1' }}    | ${'id'}     | ${{ person: 'a1', value: undefined }}
    ${'empty id'}                | ${{ id: '', email: '', cio_id: 'a1' }}                     | ${'id'}     | ${{ person: 'a1', value: undefined }}
    ${'no email key'}            | ${{ id: 'usr_1', cio_id: 'a1' }}                           | ${'email'}  | ${{ person: 'a1', value: undefined }}
    ${'numeric id'}              | ${{ id: 42, cio_id: 7 }}                                   | ${'id'}     | ${{ person: '7', value: '42' }}
    ${'id kept as it is'}        | ${{ id: ' Usr_1 ', cio_id: 'a1' }}                         | ${'id'}     | ${{ person: 'a1', value: ' Usr_1 ' }}
    ${'another one is not read'} | ${{ id: 'usr_1', email: { is: [] }, cio_id: 'a1' }}        | ${'id'}     | ${{ person: 'a1', value: 'usr_1' }}
  `('$says, by $key', async ({ row, key, person }) => {
    const reader = openReader(await openStub(json({ identifiers: [row] })))
    expect(await reader.readPeoplePage(14, { key })).toStrictEqual({ people: [person] })
  })

  test.each([undefined, null, '', 0])('the list ends with next %j', async next => {
    const reader = openReader(await openStub(json({ identifiers: [], next })))
    expect(await reader.readPeoplePage(14, { key: 'id' })).toEqual({ people: [] })
  })

  test('a numeric cursor is a cursor', async () => {
    expect(
      await openReader(await openStub(json({ identifiers: [], next: 30_000 }))).readPeoplePage(14, {
        key: 'id',
      }),
    ).toEqual({
      people: [],
      next: '30000',
    })
  })

  test('the count', async () => {
    const stub = await openStub(json({ segment_id: 14, count: 1200 }))
    expect(await openReader(stub).countPeople(14)).toBe(1200)
    expect(stub.seen[0]?.url).toBe('/v1/segments/14/customer_count')
  })
})

describe('an unexpected shape names the field, never the value', () => {
  const secret = 'usr_9@example.com'
  test.each`
    field                     | body                                                            | read
    ${'the body'}             | ${[secret]}                                                     | ${'page'}
    ${'identifiers'}          | ${{ ids: [secret] }}                                            | ${'page'}
    ${'identifiers'}          | ${{ identifiers: null, ids: [secret] }}                         | ${'page'}
    ${'identifiers[]'}        | ${{ identifiers: [secret] }}                                    | ${'page'}
    ${'identifiers[].cio_id'} | ${{ identifiers: [{ id: secret }] }}                            | ${'page'}
    ${'identifiers[].cio_id'} | ${{ identifiers: [{ id: secret, cio_id: '' }] }}                | ${'page'}
    ${'identifiers[].id'}     | ${{ identifiers: [{ id: { secret }, cio_id: 'a1' }] }}          | ${'page'}
    ${'identifiers[].id'}     | ${{ identifiers: [{ id: 12345678901234567000, cio_id: 'a' }] }} | ${'page'}
    ${'next'}                 | ${{ identifiers: [], next: { secret } }}                        | ${'page'}
    ${'count'}                | ${{ count: '12' }}                                              | ${'count'}
    ${'count'}                | ${{ errors: [{ detail: secret }] }}                             | ${'count'}
    ${'segments'}             | ${{ errors: [{ detail: secret }] }}                             | ${'list'}
    ${'segments[].type'}      | ${{ segments: [{ ...WRITTEN_SEGMENT, type: secret }] }}         | ${'list'}
    ${'segments[].state'}     | ${{ segments: [{ ...WRITTEN_SEGMENT, state: undefined }] }}     | ${'list'}
    ${'segment'}              | ${{ segments: [] }}                                             | ${'one'}
    ${'segment.name'}         | ${{ segment: { ...WRITTEN_SEGMENT, name: null } }}              | ${'one'}
  `('$field, reading the $read', async ({ field, body, read }) => {
    const reader = openReader(await openStub(json(body)))
    const reads: Record<string, () => Promise<unknown>> = {
      page: () => reader.readPeoplePage(14, { key: 'id' }),
      count: () => reader.countPeople(14),
      list: () => reader.listSegments(),
      one: () => reader.readSegment(14),
    }
    const failure = await failureFrom(reads[read]?.() ?? Promise.reject(new Error(read)))
    expect(failure).toMatchObject({
      origin: 'customerio',
      code: 'provider/unexpected-shape',
      retryable: false,
    })
    expect(failure.detail).toContain(`"${field}"`)
    expect(JSON.stringify(failure)).not.toContain(secret)
  })
})

describe('refusals', () => {
  test('401 names the variable and the region, with the reference', async () => {
    const detail = 'no such key (reference a1b2c3)'
    const stub = await openStub(
      json({ errors: [{ code: 'invalid_credentials', detail, status: '401' }] }, 401),
    )
    expect(await failureFrom(openReader(stub).listSegments())).toEqual({
      origin: 'customerio',
      code: 'provider/auth',
      detail: 'Customer.io answered 401 to GET /v1/segments (invalid_credentials, reference a1b2c3).',
      hint: 'check CUSTOMERIO_APP_KEY, an App API key, and region: a key of another region than "us" fails like this',
      retryable: false,
      status: 401,
    })
  })

  test('403 speaks of scope and addresses; the other envelope has a reference too', async () => {
    const stub = await openStub(json({ meta: { error: 'not for you (reference ff00)' } }, 403))
    const failure = await failureFrom(openReader(stub).listSegments())
    expect(failure).toMatchObject({ code: 'provider/forbidden', retryable: false })
    expect(failure.detail).toBe('Customer.io answered 403 to GET /v1/segments (reference ff00).')
    expect(failure.hint).toContain('IP allow list')
  })

  test('429 with a wait is the limit per second: it waits and goes on', async () => {
    const clock = createInstantClock()
    const stub = await openStub({ status: 429, headers: { 'retry-after': '2' } }, json({ segments: [] }))
    expect(await openReader(stub, clock).listSegments()).toEqual([])
    expect(clock.waits).toEqual([2000])
  })

  test('429 without a wait is the daily quota: a few tries, then it stops', async () => {
    const clock = createInstantClock()
    const stub = await openStub(json({ errors: [] }, 429))
    expect(await failureFrom(openReader(stub, clock).listSegments())).toMatchObject({
      code: 'provider/quota',
      status: 429,
    })
    expect(stub.seen).toHaveLength(3)
    expect(clock.waits).toEqual([1000, 2000])
  })
})

describe('configuration', () => {
  const connection: CustomerioConnection = { region: 'eu', appKeyEnv: 'CUSTOMERIO_APP_KEY' }
  const create = (more: Partial<CustomerioConnection>, appKey = KEY) =>
    createCustomerioReader({ ...createSurroundings(), connection: { ...connection, ...more }, appKey })

  test.each(['', 'two words', `${KEY}\n`])('a key %j is refused by the name of its variable', appKey => {
    expect(() => create({}, appKey)).toThrow(/^provider\/auth: CUSTOMERIO_APP_KEY /)
  })

  test.each(['ftp://example.com', 'nonsense', 'http://user:pass@example.com', 'http://example.com?key=1'])(
    'a base URL %j is refused',
    baseUrl => {
      expect(() => create({ baseUrl })).toThrow(/^provider\/bad-config: base_url/)
    },
  )

  test('without a base URL there is nothing to complain about', () => {
    expect(Object.keys(create({})).sort()).toEqual([
      'countPeople',
      'listSegments',
      'readPeoplePage',
      'readSegment',
      'readSegmentUse',
    ])
  })
})
