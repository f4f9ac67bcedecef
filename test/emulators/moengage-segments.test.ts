import { describe, expect, test } from 'vitest'
import type { TestEmulators } from './harness.ts'
import { cohortBody, startTestEmulators } from './harness.ts'

interface Row {
  name: string
  id: string
  created_time: string
  type: string
  source: string
}
interface Whole {
  data: Row & {
    updated_time: string
    description?: string
    included_filters?: unknown
    excluded_filters?: unknown
  }
}
interface Failure {
  type: string
  response_id: string
  error: {
    code: string
    message: string
    existing_cs_name?: string
    existing_cs_id?: string
    actual_count?: number
    limit?: number
  }
}

const V3 = '/v3/custom-segments'

const listRows = async ({ moengage }: TestEmulators): Promise<Row[]> =>
  (await moengage<{ data: Row[] }>(V3)).body.data

/** Creates cohorts A, B, … with staff members 1-3, 2-4, … and returns their segment ids. */
const createCohorts = async (emulators: TestEmulators, count: number): Promise<string[]> => {
  const ids: string[] = []
  for (let n = 0; n < count; n++) {
    const name = String.fromCharCode(65 + n)
    const members = [1, 2, 3].map(offset => `emp_${String(n + offset).padStart(3, '0')}`)
    await emulators.moengage(
      '/v1/integrations/cohortsync',
      emulators.post(cohortBody('add_members', { name, id: name }, members)),
    )
    await emulators.settle()
    ids.push((await emulators.moengage<{ data: Row[] }>(`${V3}?name=${name}`)).body.data[0]?.id ?? '')
  }
  return ids
}

const reference = (id: string | undefined) => ({ filter_type: 'custom_segments', id })
const all = (...filters: unknown[]) => ({ filter_operator: 'and', filters })
const any = (...filters: unknown[]) => ({ filter_operator: 'or', filters })
const country = (value: string) => ({
  filter_type: 'user_attributes',
  name: 'country',
  data_type: 'string',
  operator: 'is',
  value,
})

test('the list shows what others made, no archived one, and filters by the exact name', async () => {
  const emulators = await startTestEmulators()
  expect((await listRows(emulators)).map(({ name, type, source }) => [name, type, source])).toEqual([
    ['Staff devices', 'ELASTIC_SEARCH', 'Dashboard'],
    ['Opened app, last week', 'ELASTIC_SEARCH', 'Dashboard'],
    ['[Amplitude][Power users]', 'FILE', 'Amplitude'],
  ])
  const [row] = await listRows(emulators)
  expect(row?.id).toMatch(/^[0-9a-f]{24}$/)
  expect(row?.created_time).toMatch(/^2025-03-03T08:15:00\.\d{6}$/)
  const named = async (name: string) =>
    (await emulators.moengage<{ data: Row[] }>(`${V3}?name=${encodeURIComponent(name)}`)).body.data
  expect(await named('Staff devices')).toEqual([row])
  expect(await named('Staff')).toEqual([])
  expect(await named('staff devices')).toEqual([])
})

test('archived segments can be listed, if that is how it is', async () => {
  const emulators = await startTestEmulators({ behaviour: { listsArchived: true } })
  expect((await listRows(emulators)).map(({ name }) => name)).toContain('Black Friday 2025')
})

test('a cohort is read as metadata only, a dashboard window in its own form', async () => {
  const emulators = await startTestEmulators()
  const [, opened, amplitude] = await listRows(emulators)
  const cohort = await emulators.moengage<Whole>(`${V3}/${amplitude?.id}`)
  expect(Object.keys(cohort.body.data)).toEqual([
    'name',
    'id',
    'created_time',
    'updated_time',
    'type',
    'source',
  ])
  const filter = await emulators.moengage<Whole>(`${V3}/${opened?.id}`)
  expect(filter.body.data.included_filters).toMatchObject({
    filters: [{ primary_time_range: { days: 7, days1: 0 } }],
  })
})

test('a created segment comes back with the vendor’s additions', async () => {
  const emulators = await startTestEmulators()
  const [a, b] = await createCohorts(emulators, 2)
  const created = await emulators.moengage<Whole>(
    V3,
    emulators.post({
      name: 'A__Sendable',
      included_filters: all(reference(a), { ...country('DE'), category: 'Tracked' }),
      excluded_filters: any(reference(b)),
    }),
  )
  expect(created.status).toBe(201)
  expect(created.body).toEqual({
    response_id: expect.stringMatching(/^[A-Za-z]{8}$/),
    type: 'custom_segment',
    data: {
      name: 'A__Sendable',
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      created_time: expect.stringMatching(/^2026-11-23T10:00:00\.\d{6}$/),
      updated_time: expect.any(String),
      type: 'ELASTIC_SEARCH',
      source: 'API',
      description: 'In segment A AND country is "DE" EXCLUDING In segment B',
      included_filters: all(
        { ...reference(a), name: 'A' },
        { ...country('DE'), negate: false, case_sensitive: false },
      ),
      excluded_filters: any({ ...reference(b), name: 'B' }),
    },
  })
  expect((await emulators.moengage<Whole>(`${V3}/${created.body.data.id}`)).body.data).toEqual(
    created.body.data,
  )
})

test('excluded_filters that hold nothing are not shown', async () => {
  const emulators = await startTestEmulators()
  const [a] = await createCohorts(emulators, 1)
  const created = await emulators.moengage<Whole>(
    V3,
    emulators.post({ name: 'S', included_filters: all(reference(a)), excluded_filters: any() }),
  )
  expect('excluded_filters' in created.body.data).toBe(false)
})

test('cohort AND NOT cohort holds whom it should', async () => {
  const emulators = await startTestEmulators()
  const [a, b] = await createCohorts(emulators, 2)
  const { body } = await emulators.moengage<Whole>(
    V3,
    emulators.post({ name: 'S', included_filters: all(reference(a)), excluded_filters: any(reference(b)) }),
  )
  expect((await emulators.hidden(`/segments/${body.data.id}/people`)).body).toEqual({
    segment_id: body.data.id,
    name: 'S',
    complete: true,
    count: 1,
    uids: ['emp_001'],
  })
})

test('nested filters and attributes are evaluated, events are owned up to', async () => {
  const emulators = await startTestEmulators()
  const [a, b] = await createCohorts(emulators, 2)
  const nested = { filter_type: 'nested_filters', ...any(reference(a), reference(b)) }
  const staff = {
    filter_type: 'user_attributes',
    name: 'is_employee',
    data_type: 'bool',
    operator: 'is',
    value: true,
    negate: true,
  }
  const create = async (name: string, included: unknown) =>
    (await emulators.moengage<Whole>(V3, emulators.post({ name, included_filters: included }))).body.data.id
  const people = async (id: string) =>
    (await emulators.hidden<{ count: number; complete: boolean }>(`/segments/${id}/people`)).body
  expect(await people(await create('either', all(nested)))).toMatchObject({ count: 4, complete: true })
  expect(await people(await create('none', all(nested, staff)))).toMatchObject({ count: 0, complete: true })
  const rows = await listRows(emulators)
  expect(await people(rows[0]?.id ?? '')).toMatchObject({ count: 10, complete: true })
  expect(await people(rows[1]?.id ?? '')).toMatchObject({ count: 0, complete: false })
})

test('a filter segment is renamed and redefined, and its old name stays taken', async () => {
  const emulators = await startTestEmulators()
  const { moengage, post } = emulators
  const [a, b] = await createCohorts(emulators, 2)
  const { body } = await moengage<Whole>(
    V3,
    post({ name: 'Old', included_filters: all(reference(a)), excluded_filters: any(reference(b)) }),
  )
  const patched = await moengage<Whole>(`${V3}/${body.data.id}`, {
    method: 'PATCH',
    body: { name: 'New', included_filters: all(reference(a)) },
  })
  expect(patched.status).toBe(200)
  expect(patched.body.data).toMatchObject({ id: body.data.id, name: 'New' })
  expect('excluded_filters' in patched.body.data).toBe(false)
  expect(
    (await moengage<Failure>(V3, post({ name: 'Old', included_filters: all(reference(b)) }))).status,
  ).toBe(409)
})

test('a rename alone repeats the filters, and no name of the past is free again, not even for the segment itself', async () => {
  const emulators = await startTestEmulators()
  const { moengage, post } = emulators
  const [a] = await createCohorts(emulators, 1)
  const filters = { included_filters: all(reference(a)) }
  const { body } = await moengage<Whole>(V3, post({ name: 'First', ...filters }))
  const rename = async (name: string) =>
    (await moengage<Whole>(`${V3}/${body.data.id}`, { method: 'PATCH', body: { name, ...filters } })).status
  expect([await rename('Second'), await rename('Second'), await rename('First')]).toEqual([200, 200, 409])
  expect((await listRows(emulators)).filter(({ id }) => id === body.data.id)).toMatchObject([
    { name: 'Second' },
  ])
})

describe('somebody in the dashboard', () => {
  const openSendable = async () => {
    const emulators = await startTestEmulators()
    const [a, b, c] = await createCohorts(emulators, 3)
    const made = await emulators.moengage<Whole>(
      V3,
      emulators.post({ name: 'S', included_filters: all(reference(a)), excluded_filters: any(reference(b)) }),
    )
    const { id } = made.body.data
    const edit = (body: unknown, of = id) => emulators.hidden(`/segments/${of}`, emulators.post(body))
    const read = async () => (await emulators.moengage<Whole>(`${V3}/${id}`)).body.data
    return { emulators, a, b, c, id, edit, read }
  }
  const named = (id: string | undefined, name: string) => ({ ...reference(id), name })

  test('includes and excludes other segments', async () => {
    const { a, b, c, edit, read } = await openSendable()
    expect((await edit({ include: c })).status).toBe(200)
    expect(await read()).toMatchObject({
      included_filters: all(named(c, 'C')),
      excluded_filters: any(named(b, 'B')),
    })
    await edit({ exclude: [a, b] })
    expect(await read()).toMatchObject({
      included_filters: all(named(c, 'C')),
      excluded_filters: any(named(a, 'A'), named(b, 'B')),
    })
    await edit({ exclude: [] })
    expect(await read()).not.toHaveProperty('excluded_filters')
  })

  test('gives it filters that nobody would send through the API', async () => {
    const { edit, read } = await openSendable()
    await edit({ included_filters: all(country('DE')) })
    expect((await read()).included_filters).toEqual(
      all({ ...country('DE'), negate: false, case_sensitive: false }),
    )
  })

  test('renames it, and the old name stays taken', async () => {
    const { emulators, edit, read } = await openSendable()
    await edit({ name: 'T' })
    expect((await read()).name).toBe('T')
    const again = { name: 'S', included_filters: all(country('DE')) }
    expect((await emulators.moengage(V3, emulators.post(again))).status).toBe(409)
  })

  test.each`
    what                        | body
    ${'a name that is taken'}   | ${{ name: 'A' }}
    ${'itself'}                 | ${{ include: 'itself' }}
    ${'a segment that is none'} | ${{ exclude: ['0123456789abcdef01234567'] }}
  `('cannot give it $what', async ({ body }) => {
    const { id, edit, read } = await openSendable()
    const before = await read()
    expect((await edit(body.include ? { include: id } : body)).status).toBe(409)
    expect(await read()).toEqual(before)
  })

  test('cannot rename a cohort', async () => {
    const { a, edit } = await openSendable()
    expect((await edit({ name: 'B2' }, a)).status).toBe(409)
  })
})

test('a PATCH can leave the exclusions alone, if that is how it is', async () => {
  const emulators = await startTestEmulators({ behaviour: { patchKeepsExcluded: true } })
  const [a, b] = await createCohorts(emulators, 2)
  const excluded = any(reference(b))
  const { body } = await emulators.moengage<Whole>(
    V3,
    emulators.post({ name: 'S', included_filters: all(reference(a)), excluded_filters: excluded }),
  )
  const patched = await emulators.moengage<Whole>(`${V3}/${body.data.id}`, {
    method: 'PATCH',
    body: { included_filters: any(reference(a)) },
  })
  expect(patched.body.data.excluded_filters).toEqual(body.data.excluded_filters)
})

test('the same name is a 409 without ids, the same filters a 409 that names the other', async () => {
  const emulators = await startTestEmulators()
  const { moengage, post } = emulators
  const [a, b] = await createCohorts(emulators, 2)
  const first = await moengage<Whole>(
    V3,
    post({ name: 'S', included_filters: any(reference(a), reference(b)) }),
  )
  const sameName = await moengage<Failure>(V3, post({ name: 'A', included_filters: any(reference(a)) }))
  expect([sameName.status, sameName.body.error]).toEqual([
    409,
    {
      code: 'Resource not created',
      message:
        'Another custom-segment already exists with the same name: A. Please change the custom-segment name.',
    },
  ])
  const sameFilters = await moengage<Failure>(
    V3,
    post({ name: 'T', included_filters: any(reference(b), reference(a)) }),
  )
  expect([sameFilters.status, sameFilters.body.error]).toEqual([
    409,
    expect.objectContaining({
      code: 'Resource not created',
      existing_cs_name: 'S',
      existing_cs_id: first.body.data.id,
    }),
  ])
})

test.each`
  what                     | body                                                                            | code
  ${'no name'}             | ${{ included_filters: all(country('DE')) }}                                     | ${'Invalid request'}
  ${'no object'}           | ${[]}                                                                           | ${'Invalid request'}
  ${'HTML in the name'}    | ${{ name: '<b>', included_filters: all(country('DE')) }}                        | ${'Invalid Request'}
  ${'a blank name'}        | ${{ name: '  ', included_filters: all(country('DE')) }}                         | ${'Invalid Request'}
  ${'no filters'}          | ${{ name: 'x', included_filters: all() }}                                       | ${'Invalid Request'}
  ${'an unknown operator'} | ${{ name: 'x', included_filters: all({ ...country('DE'), operator: 'near' }) }} | ${'Invalid Request'}
  ${'an unknown type'}     | ${{ name: 'x', included_filters: all({ filter_type: 'moon' }) }}                | ${'Invalid Request'}
  ${'an unknown segment'}  | ${{ name: 'x', included_filters: all(reference('0123456789abcdef01234567')) }}  | ${'Invalid Request'}
`('create with $what is a 400', async ({ body, code }) => {
  const { moengage, post } = await startTestEmulators({ population: 100 })
  const answer = await moengage<Failure>(V3, post(body))
  expect([answer.status, answer.body.type, answer.body.error.code]).toEqual([400, 'custom_segment', code])
})

test('an id that is none is a 400, an unknown one a 404', async () => {
  const { moengage } = await startTestEmulators({ population: 100 })
  expect((await moengage<Failure>(`${V3}/nope`)).body.error.message).toBe(
    'Invalid bson object-id passed in the request',
  )
  const unknown = await moengage<Failure>(`${V3}/0123456789abcdef01234567`)
  expect([unknown.status, unknown.body.error.code]).toEqual([404, 'Entity Not Found'])
})

test('a cohort cannot be patched', async () => {
  const emulators = await startTestEmulators()
  const [a] = await createCohorts(emulators, 1)
  const answer = await emulators.moengage<Failure>(`${V3}/${a}`, {
    method: 'PATCH',
    body: { included_filters: all(country('DE')) },
  })
  expect([answer.status, answer.body.error.code]).toEqual([403, 'Forbidden operation'])
})

test('a circle is a 412, more than ten references or six levels a 413', async () => {
  const emulators = await startTestEmulators()
  const { moengage, post } = emulators
  const cohorts = await createCohorts(emulators, 8)
  let inner = cohorts[0]
  const chain: string[] = []
  for (let level = 1; level <= 6; level++) {
    const { status, body } = await moengage<Whole>(
      V3,
      post({ name: `L${level}`, included_filters: all(reference(inner)) }),
    )
    expect(status).toBe(201)
    inner = body.data.id
    chain.push(inner)
  }
  const deep = await moengage<Failure>(V3, post({ name: 'L7', included_filters: all(reference(inner)) }))
  expect([deep.status, deep.body.error.code]).toEqual([413, 'Query has too many nesting levels'])
  const circle = await moengage<Failure>(`${V3}/${chain[0]}`, {
    method: 'PATCH',
    body: { included_filters: all(reference(chain[2])) },
  })
  expect([circle.status, circle.body.error.code]).toEqual([412, 'Cyclic Entity'])
  const eleven = [...cohorts, ...chain.slice(0, 3)].map(reference)
  const many = await moengage<Failure>(V3, post({ name: 'many', included_filters: any(...eleven) }))
  expect([many.status, many.body.error.code]).toEqual([413, 'Too many segments in a query'])
})

test('a query of more than 256 KB is a 413', async () => {
  const { moengage, post } = await startTestEmulators({ population: 100 })
  const answer = await moengage<Failure>(
    V3,
    post({ name: 'x', included_filters: all(country('x'.repeat(262_144))) }),
  )
  expect([answer.status, answer.body.error.code]).toEqual([413, 'Query length limit exceeded'])
})

test('the limit of active segments is a 429 that says its numbers, and a silent drop for cohorts', async () => {
  const emulators = await startTestEmulators({ limits: { activeSegments: 3 } })
  const answer = await emulators.moengage<Failure>(
    V3,
    emulators.post({ name: 'x', included_filters: all(country('DE')) }),
  )
  expect([answer.status, answer.body.error.actual_count, answer.body.error.limit]).toEqual([429, 4, 3])
  await emulators.moengage(
    '/v1/integrations/cohortsync',
    emulators.post(cohortBody('add_members', { name: 'A', id: 'a' }, ['emp_001'])),
  )
  await emulators.settle()
  expect((await listRows(emulators)).length).toBe(3)
})

test('the rate is a 429 without those numbers, and each endpoint has its own', async () => {
  const emulators = await startTestEmulators({
    limits: {
      segmentList: [
        { max: 50, seconds: 60 },
        { max: 1, seconds: 3600 },
      ],
    },
  })
  expect((await emulators.moengage(V3)).status).toBe(200)
  const refused = await emulators.moengage<Failure>(V3)
  expect([refused.status, refused.body.error]).toEqual([
    429,
    { code: 'Too Many Requests', message: 'API rate limit breached. Current limit: 1/60 mins' },
  ])
  expect((await emulators.moengage(`${V3}/0123456789abcdef01234567`)).status).toBe(404)
})

test('credentials: a wrong key is a 401, a wrong MOE-APPKEY a 400', async () => {
  const { moengage } = await startTestEmulators({ population: 100 })
  const key = await moengage<Failure>(V3, { headers: { authorization: `Basic ${btoa('ACME01_DEBUG:x')}` } })
  expect([key.status, key.body.error.code]).toEqual([401, 'Authentication required'])
  const app = await moengage<Failure>(V3, { headers: { 'moe-appkey': 'OTHER' } })
  expect([app.status, app.body.error.code]).toEqual([400, 'Request Error'])
})
