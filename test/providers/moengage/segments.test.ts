import { describe, expect, test } from 'vitest'
import type { SendableDefinition } from '../../../src/ports.ts'
import { createInstantClock } from '../support/clock.ts'
import { failureFrom } from '../support/failures.ts'
import { openStub, type Reply } from '../support/stub.ts'
import { openReader, openWriter } from './connect.ts'

const COHORT_ID = '6388a97a02adb9071ca84ce9'
const VIP_ID = '63a017e8d2460ae81a05bf5e'
const BUYERS_ID = '638a051185b6b50a018cacc0'
const SENDABLE_ID = '64b117e8d2460ae81a05bf11'

const DEFINITION: SendableDefinition = {
  name: 'ACT__CartAbandon__2h__Sendable',
  include: COHORT_ID,
  exclude: [VIP_ID, BUYERS_ID],
}

const use = (id: string, more = {}) => ({ filter_type: 'custom_segments', id, ...more })
const group = (filters: readonly unknown[], filter_operator = 'and') => ({ filter_operator, filters })
const written = (more = {}) => ({
  name: DEFINITION.name,
  id: SENDABLE_ID,
  created_time: '2026-11-20T13:17:46.409000',
  updated_time: '2026-11-21T13:17:46.409000',
  type: 'ELASTIC_SEARCH',
  source: 'API',
  description: 'generated text',
  included_filters: group([use(COHORT_ID, { name: 'a label' })]),
  excluded_filters: group([use(VIP_ID), use(BUYERS_ID)], 'or'),
  ...more,
})
const json = (data: unknown, status = 200): Reply => ({
  status,
  body: { data, response_id: 'WYanfieM', type: 'custom_segment' },
})
const fault = (status: number, code: string, more = {}): Reply => ({
  status,
  body: {
    response_id: 'FkrgtCVr',
    type: 'custom_segment',
    error: { code, message: 'prose about it', ...more },
  },
})

describe('the list', () => {
  test('one call without a filter, whatever the kinds', async () => {
    const stub = await openStub(
      json([
        {
          name: 'ACT__CartAbandon__2h',
          id: COHORT_ID,
          created_time: 'x',
          type: 'FILE',
          source: 'Cohort Sync',
        },
        { name: '', id: VIP_ID },
      ]),
    )
    expect(await openReader(stub).listSegments()).toEqual([
      { remoteId: COHORT_ID, name: 'ACT__CartAbandon__2h' },
      { remoteId: VIP_ID, name: '' },
    ])
    expect(stub.seen).toMatchObject([
      { method: 'GET', url: '/v3/custom-segments', headers: { 'moe-appkey': 'ACME01' } },
    ])
  })

  test.each`
    field          | data
    ${'data'}      | ${undefined}
    ${'data'}      | ${{ name: 'x' }}
    ${'data[].id'} | ${[{ name: 'x' }]}
  `('without $field it is an unexpected shape', async ({ field, data }) => {
    const failure = await failureFrom(openReader(await openStub(json(data))).listSegments())
    expect(failure).toMatchObject({ code: 'provider/unexpected-shape' })
    expect(failure).not.toHaveProperty('outcomeUnknown')
    expect(failure.detail).toContain(`"${field}"`)
  })

  test('lists keep below 50 a minute, whatever the workspace allows itself', async () => {
    const clock = createInstantClock()
    const reader = openReader(await openStub(json([])), clock)
    for (let i = 0; i < 41; i++) await reader.listSegments()
    expect(clock.monotonicMs()).toBe(60_000)
  })
})

describe('reading a sendable segment', () => {
  const sorted = { kind: 'sendable', ...DEFINITION, exclude: [BUYERS_ID, VIP_ID] }
  const alone = { ...sorted, exclude: [] }
  const foreign = { kind: 'foreign', name: DEFINITION.name }

  test.each`
    as                                     | data                                                                                                     | expected
    ${'an object'}                         | ${written()}                                                                                             | ${sorted}
    ${'a list of one'}                     | ${[written()]}                                                                                           | ${sorted}
    ${'a list without it'}                 | ${[written({ id: VIP_ID })]}                                                                             | ${undefined}
    ${'an empty list'}                     | ${[]}                                                                                                    | ${undefined}
    ${'no exclusions'}                     | ${written({ excluded_filters: undefined })}                                                              | ${alone}
    ${'null exclusions'}                   | ${written({ excluded_filters: null })}                                                                   | ${alone}
    ${'empty exclusions'}                  | ${written({ excluded_filters: group([]) })}                                                              | ${alone}
    ${'spelled-out defaults'}              | ${written({ included_filters: group([use(COHORT_ID, { negate: false, category: 'x' })], 'or') })}        | ${sorted}
    ${'one exclusion, joined by and'}      | ${written({ excluded_filters: group([use(VIP_ID)]) })}                                                   | ${{ ...sorted, exclude: [VIP_ID] }}
    ${'an exclusion twice'}                | ${written({ excluded_filters: group([use(VIP_ID), use(VIP_ID)], 'or') })}                                | ${{ ...sorted, exclude: [VIP_ID] }}
    ${'several exclusions, joined by and'} | ${written({ excluded_filters: group([use(VIP_ID), use(BUYERS_ID)]) })}                                   | ${foreign}
    ${'two inclusions'}                    | ${written({ included_filters: group([use(COHORT_ID), use(VIP_ID)]) })}                                   | ${foreign}
    ${'no inclusion'}                      | ${written({ included_filters: group([]) })}                                                              | ${foreign}
    ${'a negated inclusion'}               | ${written({ included_filters: group([use(COHORT_ID, { negate: true })]) })}                              | ${foreign}
    ${'a filter by attribute'}             | ${written({ included_filters: group([{ filter_type: 'user_attributes', name: 'city' }]) })}              | ${foreign}
    ${'an exclusion by attribute'}         | ${written({ excluded_filters: group([{ filter_type: 'user_attributes' }]) })}                            | ${foreign}
    ${'a nested group'}                    | ${written({ included_filters: group([{ filter_type: 'nested_filters', ...group([use(COHORT_ID)]) }]) })} | ${foreign}
  `('$as', async ({ data, expected }) => {
    const stub = await openStub(json(data))
    expect(await openReader(stub).readSendable(SENDABLE_ID)).toEqual(expected)
    expect(stub.seen[0]?.url).toBe(`/v3/custom-segments/${SENDABLE_ID}`)
  })

  test('404 is none', async () => {
    const stub = await openStub(fault(404, 'Entity Not Found'))
    expect(await openReader(stub).readSendable(SENDABLE_ID)).toBe(undefined)
  })

  test.each`
    field                              | data
    ${'data'}                          | ${null}
    ${'data.id'}                       | ${written({ id: VIP_ID })}
    ${'data.name'}                     | ${written({ name: undefined })}
    ${'data.included_filters'}         | ${written({ included_filters: undefined })}
    ${'data.included_filters.filters'} | ${written({ included_filters: {} })}
  `('without its $field it was not read: that is not a difference', async ({ field, data }) => {
    const failure = await failureFrom(openReader(await openStub(json(data))).readSendable(SENDABLE_ID))
    expect(failure.code).toBe('provider/unexpected-shape')
    expect(failure.detail).toContain(`"${field}"`)
  })

  test('a workspace that MoEngage does not know is a fault of the configuration', async () => {
    const failure = await failureFrom(
      openReader(await openStub(fault(400, 'Request Error'))).readSendable(SENDABLE_ID),
    )
    expect(failure).toMatchObject({ code: 'provider/auth', status: 400 })
  })

  test('two numbers in the 429 of a read mean calls, so it is tried again', async () => {
    const stub = await openStub(
      fault(429, 'Too Many Requests', { actual_count: 101, limit: 100 }),
      json(written()),
    )
    expect(await openReader(stub).readSendable(SENDABLE_ID)).toEqual(sorted)
  })
})

describe('creating', () => {
  test('the cohort and not any of the suppressions, in order, by id', async () => {
    const stub = await openStub(json(written(), 201))
    expect(await openWriter(stub).createSendable(DEFINITION)).toEqual({ remoteId: SENDABLE_ID })
    expect(stub.seen).toMatchObject([{ method: 'POST', url: '/v3/custom-segments' }])
    expect(JSON.parse(stub.seen[0]?.body ?? '')).toEqual({
      name: DEFINITION.name,
      included_filters: group([use(COHORT_ID)]),
      excluded_filters: group([use(BUYERS_ID), use(VIP_ID)], 'or'),
    })
  })

  test('without suppressions nothing is said of exclusions', async () => {
    const stub = await openStub(json(written(), 201))
    await openWriter(stub).createSendable({ ...DEFINITION, exclude: [] })
    expect(JSON.parse(stub.seen[0]?.body ?? '')).not.toHaveProperty('excluded_filters')
  })

  test.each`
    status | code                                   | more                                                          | expected
    ${400} | ${'Invalid Request'}                   | ${{}}                                                         | ${'provider/bad-request'}
    ${401} | ${'Authentication required'}           | ${{}}                                                         | ${'provider/auth'}
    ${404} | ${'Entity Not Found'}                  | ${{}}                                                         | ${'provider/not-found'}
    ${409} | ${'Resource not created'}              | ${{}}                                                         | ${'provider/name-taken'}
    ${409} | ${'Resource not created'}              | ${{ existing_cs_id: VIP_ID, existing_cs_name: 'Old \n VIP' }} | ${'provider/same-filters'}
    ${409} | ${'something new'}                     | ${{}}                                                         | ${'provider/conflict'}
    ${409} | ${undefined}                           | ${{ type: 'Authentication Mismatch' }}                        | ${'provider/auth'}
    ${412} | ${'Cyclic Entity'}                     | ${{}}                                                         | ${'provider/too-complex'}
    ${413} | ${'Too many segments in a query'}      | ${{}}                                                         | ${'provider/too-complex'}
    ${413} | ${'Query has too many nesting levels'} | ${{}}                                                         | ${'provider/too-complex'}
    ${413} | ${'something new'}                     | ${{}}                                                         | ${'provider/too-large'}
    ${422} | ${'something new'}                     | ${{}}                                                         | ${'provider/bad-request'}
    ${429} | ${'Too Many Requests'}                 | ${{ actual_count: 1001, limit: 1000 }}                        | ${'provider/segment-limit'}
    ${500} | ${'Internal Server Error'}             | ${{}}                                                         | ${'provider/unavailable'}
  `('$status $code $more is $expected, and is not tried again', async ({ status, code, more, expected }) => {
    const stub = await openStub(fault(status, code, more))
    const failure = await failureFrom(openWriter(stub).createSendable(DEFINITION))
    expect(failure).toMatchObject({ code: expected, status, retryable: false })
    expect(failure.outcomeUnknown).toBe(status === 500 ? true : undefined)
    expect(stub.seen).toHaveLength(1)
  })

  test('the segment that has the filters already is named, on one line', async () => {
    const stub = await openStub(
      fault(409, 'Resource not created', { existing_cs_id: VIP_ID, existing_cs_name: 'Old \n VIP' }),
    )
    expect((await failureFrom(openWriter(stub).createSendable(DEFINITION))).detail).toBe(
      `MoEngage answered 409 to POST /v3/custom-segments for segment "${DEFINITION.name}" ` +
        `(Resource not created, reference FkrgtCVr). Segment ${VIP_ID} ("Old   VIP") has these filters already.`,
    )
  })

  test.each`
    says                              | more                                                              | conflict
    ${'id and name'}                  | ${{ existing_cs_id: VIP_ID, existing_cs_name: DEFINITION.name }}  | ${{ remoteId: VIP_ID, name: DEFINITION.name }}
    ${'the id alone'}                 | ${{ existing_cs_id: VIP_ID }}                                     | ${{ remoteId: VIP_ID }}
    ${'a name that would be altered'} | ${{ existing_cs_id: VIP_ID, existing_cs_name: 'Old \n VIP' }}     | ${{ remoteId: VIP_ID }}
    ${'a name of 201 characters'}     | ${{ existing_cs_id: VIP_ID, existing_cs_name: 'x'.repeat(201) }}  | ${{ remoteId: VIP_ID }}
    ${'prose instead of an id'}       | ${{ existing_cs_id: 'it is segment 7', existing_cs_name: 'VIP' }} | ${undefined}
    ${'only that the name is taken'}  | ${{}}                                                             | ${undefined}
  `('a conflict that tells $says: the failure holds $conflict', async ({ more, conflict }) => {
    const stub = await openStub(fault(409, 'Resource not created', more))
    expect((await failureFrom(openWriter(stub).createSendable(DEFINITION))).conflict).toEqual(conflict)
    expect((await failureFrom(openWriter(stub).updateSendable(SENDABLE_ID, DEFINITION))).conflict).toEqual(
      conflict,
    )
  })

  test('the limit of active segments comes with its numbers', async () => {
    const stub = await openStub(fault(429, 'Too Many Requests', { actual_count: 1001, limit: 1000 }))
    const { detail } = await failureFrom(openWriter(stub).createSendable(DEFINITION))
    expect(detail).toContain('It counts 1001 active segments and allows 1000.')
  })

  test('a 429 for the rate is waited out', async () => {
    const stub = await openStub(fault(429, 'Too Many Requests'), json(written(), 201))
    expect(await openWriter(stub).createSendable(DEFINITION)).toEqual({ remoteId: SENDABLE_ID })
  })

  test('created, but without an id in the answer: the outcome is open', async () => {
    const failure = await failureFrom(openWriter(await openStub(json({}, 201))).createSendable(DEFINITION))
    expect(failure).toMatchObject({ code: 'provider/unexpected-shape', outcomeUnknown: true })
  })
})

describe('updating', () => {
  test('says all of it, no exclusions included', async () => {
    const stub = await openStub(json(written()))
    await openWriter(stub).updateSendable(SENDABLE_ID, { ...DEFINITION, exclude: [] })
    expect(stub.seen).toMatchObject([{ method: 'PATCH', url: `/v3/custom-segments/${SENDABLE_ID}` }])
    expect(JSON.parse(stub.seen[0]?.body ?? '')).toEqual({
      name: DEFINITION.name,
      included_filters: group([use(COHORT_ID)]),
      excluded_filters: group([], 'or'),
    })
  })

  test('another name goes with the same filters: a segment is renamed by saying all of it', async () => {
    const stub = await openStub(json(written({ name: 'ACT__CartAbandon__3h__Sendable' })))
    const renamed = { ...DEFINITION, name: 'ACT__CartAbandon__3h__Sendable' }
    await openWriter(stub).updateSendable(SENDABLE_ID, renamed)
    expect(JSON.parse(stub.seen[0]?.body ?? '')).toEqual({
      name: 'ACT__CartAbandon__3h__Sendable',
      included_filters: group([use(COHORT_ID)]),
      excluded_filters: group([use(BUYERS_ID), use(VIP_ID)], 'or'),
    })
  })

  test.each`
    status | code                                   | expected                  | attempts
    ${400} | ${'Invalid Request'}                   | ${'provider/bad-request'} | ${1}
    ${401} | ${'Authentication required'}           | ${'provider/auth'}        | ${1}
    ${409} | ${'Resource not created'}              | ${'provider/name-taken'}  | ${1}
    ${412} | ${'Cyclic Entity'}                     | ${'provider/too-complex'} | ${1}
    ${413} | ${'Too many segments in a query'}      | ${'provider/too-complex'} | ${1}
    ${413} | ${'Query has too many nesting levels'} | ${'provider/too-complex'} | ${1}
    ${422} | ${'something new'}                     | ${'provider/bad-request'} | ${1}
    ${429} | ${'Too Many Requests'}                 | ${'provider/rate-limit'}  | ${6}
    ${500} | ${'Internal Server Error'}             | ${'provider/unavailable'} | ${5}
  `(
    '$status $code is $expected after $attempts: saying all of it twice does no harm',
    async ({ status, code, expected, attempts }) => {
      const stub = await openStub(fault(status, code))
      const failure = await failureFrom(openWriter(stub).updateSendable(SENDABLE_ID, DEFINITION))
      expect(failure).toMatchObject({ code: expected, status })
      expect(failure.outcomeUnknown).toBe(status === 500 ? true : undefined)
      expect(stub.seen).toHaveLength(attempts)
    },
  )

  test('a frozen segment is not taken for a missing permission', async () => {
    const stub = await openStub(fault(403, 'Forbidden operation'))
    expect(await failureFrom(openWriter(stub).updateSendable(SENDABLE_ID, DEFINITION))).toMatchObject({
      code: 'provider/segment-frozen',
      hint: 'it is archived, or of a kind that MoEngage does not let anybody change: take a new name',
    })
  })

  test('an archived id is not found', async () => {
    const stub = await openStub(fault(404, 'Entity Not Found'))
    expect(await failureFrom(openWriter(stub).updateSendable(SENDABLE_ID, DEFINITION))).toMatchObject({
      code: 'provider/not-found',
    })
  })
})

describe('retiring', () => {
  const segment = { remoteId: COHORT_ID, name: 'ACT__CartAbandon__2h' }
  const v2 = (status: number, body: unknown): Reply => ({ status, body })

  test.each`
    answer                                | reply                                                     | expected
    ${'200'}                              | ${v2(200, { message: 'x', success: true, cs_name: 'x' })} | ${'confirmed'}
    ${'202'}                              | ${v2(202, { success: true })}                             | ${'confirmed'}
    ${'202 with nothing'}                 | ${v2(202, undefined)}                                     | ${'confirmed'}
    ${'200 that says it did not succeed'} | ${v2(200, { success: false })}                            | ${'not-confirmed'}
    ${'400'}                              | ${v2(400, { title: 'Invalid Request' })}                  | ${'not-confirmed'}
    ${'403'}                              | ${v2(403, { title: 'Forbidden' })}                        | ${'not-confirmed'}
    ${'404'}                              | ${v2(404, { title: 'Entity Not Found' })}                 | ${'not-confirmed'}
    ${'409'}                              | ${v2(409, { title: 'something new' })}                    | ${'not-confirmed'}
    ${'401'}                              | ${v2(401, { title: 'Authentication required' })}          | ${'provider/auth'}
    ${'403 of a blocked account'}         | ${v2(403, { error: { type: 'BlockedClient' } })}          | ${'provider/blocked'}
    ${'429'}                              | ${v2(429, { title: 'Too Many Requests' })}                | ${'provider/rate-limit'}
    ${'500'}                              | ${v2(500, { title: 'Internal Server Error' })}            | ${'provider/unavailable'}
  `('$answer: $expected', async ({ reply, expected }) => {
    const stub = await openStub(reply)
    const outcome = openWriter(stub).retireSegment(segment)
    if (expected.startsWith('provider/')) expect((await failureFrom(outcome)).code).toBe(expected)
    else expect(await outcome).toBe(expected)
  })

  test('asks by name and id; the database is named when the workspace knows it', async () => {
    const stub = await openStub({ status: 202 })
    await openWriter(stub, { dbName: 'acme_db' }).retireSegment(segment)
    await openWriter(stub).retireSegment(segment)
    expect(stub.seen[0]).toMatchObject({
      method: 'PATCH',
      url: '/v2/custom-segments/archive',
      body: `{"name":"ACT__CartAbandon__2h","cs_id":"${COHORT_ID}"}`,
      headers: { 'moe-dbname': 'acme_db', 'moe-appkey': 'ACME01' },
    })
    expect(stub.seen[1]?.headers).not.toHaveProperty('moe-dbname')
  })
})
