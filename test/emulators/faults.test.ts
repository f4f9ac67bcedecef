import { describe, expect, test } from 'vitest'
import { cohortBody, HEADERS, startTestEmulators } from './harness.ts'

const ROUTE = '/v1/integrations/cohortsync'
const add = (uid: string) => cohortBody('add_members', { name: 'A', id: 'a' }, [uid])

interface Named {
  name: string
}
interface Log {
  requests: {
    method: string
    route: string
    status: number
    write: boolean
    action?: string
    members?: number
    fault?: string
  }[]
}

test.each`
  kind        | options            | status
  ${'status'} | ${{ status: 500 }} | ${500}
  ${'status'} | ${{ status: 403 }} | ${403}
  ${'quota'}  | ${{}}              | ${429}
  ${'html'}   | ${{}}              | ${502}
`('$kind $options answers $status once, and does nothing', async ({ kind, options, status }) => {
  const { moengage, hidden, post } = await startTestEmulators({ population: 100 })
  await hidden('/faults', post({ kind, ...options }))
  expect((await moengage(ROUTE, post(add('emp_001')))).status).toBe(status)
  expect((await hidden<{ pending: number }>('/cohorts')).body.pending).toBe(0)
  expect((await moengage(ROUTE, post(add('emp_001')))).status).toBe(200)
})

test('a vendor’s error body comes with a status, a page with html', async () => {
  const { app, shop, post } = await startTestEmulators({ population: 100 })
  await shop('/faults', post({ kind: 'status', status: 503 }))
  expect((await app('/v1/segments')).body).toEqual({ errors: [expect.objectContaining({ status: '503' })] })
  await shop('/faults', post({ kind: 'status', status: 429 }))
  expect((await app('/v1/segments')).headers.get('retry-after')).toBe('1')
  await shop('/faults', post({ kind: 'html' }))
  expect((await app<string>('/v1/segments')).body).toMatch(/^<html>/)
})

test('reset: nothing is done and no answer comes', async () => {
  const { moengage, hidden, post } = await startTestEmulators({ population: 100 })
  await hidden('/faults', post({ kind: 'reset' }))
  await expect(moengage(ROUTE, post(add('emp_001')))).rejects.toThrow()
  expect((await hidden<{ pending: number }>('/cohorts')).body.pending).toBe(0)
})

test('unknown: done, but no answer comes', async () => {
  const { moengage, hidden, post } = await startTestEmulators({ population: 100 })
  await hidden('/faults', post({ kind: 'unknown' }))
  await expect(moengage(ROUTE, post(add('emp_001')))).rejects.toThrow()
  expect((await hidden<{ pending: number }>('/cohorts')).body.pending).toBe(1)
  expect((await hidden<Log>('/requests')).body.requests).toEqual([
    {
      n: 1,
      method: 'POST',
      route: ROUTE,
      status: 200,
      write: true,
      action: 'add_members',
      members: 1,
      fault: 'unknown',
    },
  ])
})

test('truncate: the answer breaks off in the middle', async () => {
  const { app, shop, post } = await startTestEmulators()
  await shop('/faults', post({ kind: 'truncate', match: { route: '/v1/segments/:id/membership' } }))
  await expect(app('/v1/segments/11/membership')).rejects.toThrow()
  expect((await app('/v1/segments/11/membership')).status).toBe(200)
})

test('hang: no answer until the client gives up', async () => {
  const { emulators, shop, post } = await startTestEmulators({ population: 100 })
  await shop('/faults', post({ kind: 'hang' }))
  await expect(
    fetch(`${emulators.customerio.url}/v1/segments`, { signal: AbortSignal.timeout(100) }),
  ).rejects.toThrow(/timeout/)
})

test('delay: the answer comes later', async () => {
  const { app, shop, post } = await startTestEmulators({ population: 100 })
  await shop('/faults', post({ kind: 'delay', delayMs: 80 }))
  const startedAt = performance.now()
  expect((await app('/v1/segments')).status).toBe(200)
  expect(performance.now() - startedAt).toBeGreaterThan(70)
})

test('drop: accepted and forgotten, by cohorts, segments and the archive', async () => {
  const { moengage, hidden, post, settle } = await startTestEmulators({ population: 100 })
  await hidden('/faults', post({ kind: 'drop', times: 'always' }))
  expect((await moengage(ROUTE, post(add('emp_001')))).status).toBe(200)
  const filters = {
    filter_operator: 'and',
    filters: [
      { filter_type: 'user_attributes', name: 'country', data_type: 'string', operator: 'is', value: 'DE' },
    ],
  }
  expect((await moengage('/v3/custom-segments', post({ name: 'S', included_filters: filters }))).status).toBe(
    201,
  )
  expect(
    (await moengage('/v2/custom-segments/archive', { method: 'PATCH', body: { name: 'Staff devices' } }))
      .status,
  ).toBe(200)
  await settle()
  const { body } = await moengage<{ data: { name: string }[] }>('/v3/custom-segments')
  expect(body.data.map(({ name }) => name)).toEqual([
    'Staff devices',
    'Opened app, last week',
    '[Amplitude][Power users]',
  ])
})

test('cut: half of the body is missing, and the answer says nothing of it', async () => {
  const { emulators, shop, post } = await startTestEmulators({ population: 100 })
  await shop('/faults', post({ kind: 'cut', match: { route: '/v1/segments' } }))
  const read = async (): Promise<string> => {
    const answer = await fetch(`${emulators.customerio.url}/v1/segments`, { headers: HEADERS.app })
    expect(answer.status).toBe(200)
    return answer.text()
  }
  const half = await read()
  const whole = await read()
  expect(half).toBe(whole.slice(0, Math.floor(whole.length / 2)))
})

test.each`
  form         | reset
  ${'seconds'} | ${/^2$/}
  ${'epoch'}   | ${/^\d{10}$/}
`('an injected 429 of MoEngage says when to come back, in $form', async ({ form, reset }) => {
  const { moengage, hidden, post } = await startTestEmulators({
    population: 100,
    behaviour: { rateResetForm: form },
  })
  await hidden('/faults', post({ kind: 'status', status: 429 }))
  const { status, headers } = await moengage(ROUTE, post(add('emp_001')))
  expect(status).toBe(429)
  expect(headers.get('x-ratelimit-reset')).toMatch(reset)
  await hidden('/faults', post({ kind: 'quota' }))
  expect((await moengage(ROUTE, post(add('emp_001')))).headers.has('x-ratelimit-reset')).toBe(false)
})

test('a dropped batch stands in the log of effects, where only the emulator shows it', async () => {
  const { moengage, hidden, post, settle } = await startTestEmulators({ population: 100 })
  await hidden('/faults', post({ kind: 'drop' }))
  await moengage(ROUTE, post(add('emp_001')))
  await settle()
  expect((await hidden<{ effects: unknown[] }>('/settled-log')).body.effects).toEqual([
    expect.objectContaining({ action: 'add_members', outcome: 'dropped', reason: 'fault', changed: 0 }),
  ])
  expect((await hidden<{ cohorts: unknown[] }>('/cohorts')).body.cohorts).not.toContainEqual(
    expect.objectContaining({ name: 'A' }),
  )
})

test('an empty page goes on where it should have, and pages are as small as they were made', async () => {
  const { app, shop, post } = await startTestEmulators({ limits: { membershipPage: 4 } })
  const PAGE = '/v1/segments/17/membership?limit=30000'
  const read = async (start = '') =>
    (await app<{ ids: string[]; next: string }>(`${PAGE}&start=${start}`)).body
  const first = await read()
  expect(first.ids).toHaveLength(4)
  await shop('/faults', post({ kind: 'empty-page', match: { route: '/v1/segments/:id/membership' } }))
  const hollow = await read(first.next)
  expect(hollow.ids).toEqual([])
  expect(hollow.next).not.toBe(first.next)
  const second = await read(hollow.next)
  expect(second).toEqual(await read(first.next))
  expect((await read(second.next)).next).toBe('')
})

test('repeat-cursor and wrong-count', async () => {
  const { app, shop, post } = await startTestEmulators()
  const first = await app<{ next: string }>('/v1/segments/19/membership?limit=10')
  await shop('/faults', post({ kind: 'repeat-cursor', match: { route: '/v1/segments/:id/membership' } }))
  const stuck = await app<{ next: string }>(`/v1/segments/19/membership?limit=10&start=${first.body.next}`)
  expect(stuck.body.next).toBe(first.body.next)
  await shop('/faults', post({ kind: 'wrong-count' }))
  expect((await app('/v1/segments/17/customer_count')).body).toEqual({ segment_id: 17, count: 25 })
})

describe('omit', () => {
  const names = async (
    call: Promise<{ body: { data?: Named[]; segments?: Named[] } }>,
  ): Promise<string[]> => {
    const { data, segments } = (await call).body
    return (data ?? segments ?? []).map(({ name }) => name)
  }
  const LIST = '/v3/custom-segments'

  test('every second row of a list is left out, always the same ones', async () => {
    const { app, moengage, shop, hidden, post } = await startTestEmulators({ population: 100 })
    const whole = await names(moengage(LIST))
    await hidden('/faults', post({ kind: 'omit', times: 2 }))
    expect(await names(moengage(LIST))).toEqual([whole[0], whole[2]])
    expect(await names(moengage(LIST))).toEqual([whole[0], whole[2]])
    expect(await names(moengage(LIST))).toEqual(whole)
    await shop('/faults', post({ kind: 'omit', match: { route: '/v1/segments' } }))
    expect(await names(app('/v1/segments'))).toHaveLength(5)
    expect(await names(app('/v1/segments'))).toHaveLength(10)
  })

  test('or the rows of given names, which a search by name does not find either', async () => {
    const { app, moengage, shop, hidden, post } = await startTestEmulators({ population: 100 })
    const fault = { kind: 'omit', names: ['Staff devices', 'VIP customers'], times: 'always' }
    await hidden('/faults', post({ ...fault, match: { route: LIST } }))
    await shop('/faults', post({ ...fault, match: { route: '/v1/segments' } }))
    expect(await names(moengage(LIST))).toEqual(['Opened app, last week', '[Amplitude][Power users]'])
    expect(await names(moengage(`${LIST}?name=Staff%20devices`))).toEqual([])
    expect(await names(app('/v1/segments'))).not.toContain('VIP customers')
    expect((await app('/v1/segments/11')).status).toBe(200)
  })
})

test('the list of one vendor fails, and everything else goes on', async () => {
  const { app, moengage, hidden, shop, post } = await startTestEmulators({ population: 100 })
  const match = { method: 'GET', route: '/v3/custom-segments' }
  await hidden('/faults', post({ kind: 'status', status: 503, match, times: 'always' }))
  expect((await moengage('/v3/custom-segments')).status).toBe(503)
  expect((await moengage('/v3/custom-segments/0123456789abcdef01234567')).status).toBe(404)
  expect((await moengage(ROUTE, post(add('emp_001')))).status).toBe(200)
  await shop(
    '/faults',
    post({ kind: 'status', status: 503, match: { route: '/v1/segments' }, times: 'always' }),
  )
  expect((await app('/v1/segments')).status).toBe(503)
  expect((await app('/v1/segments/11')).status).toBe(200)
  expect((await app('/v1/segments/11/used_by')).status).toBe(200)
})

test('match, after and times choose which requests are struck', async () => {
  const { moengage, hidden, post } = await startTestEmulators({ population: 100 })
  const statuses = async (uids: string[]) => {
    const answers: number[] = []
    for (const uid of uids) answers.push((await moengage(ROUTE, post(add(uid)))).status)
    return answers
  }
  await hidden(
    '/faults',
    post({ kind: 'status', status: 500, match: { method: 'POST', route: '/v1/*' }, after: 1, times: 2 }),
  )
  expect((await moengage('/v3/custom-segments')).status).toBe(200)
  expect(await statuses(['emp_001', 'emp_001', 'emp_001', 'emp_001'])).toEqual([200, 500, 500, 200])
  await hidden('/faults', { method: 'DELETE' })
  await hidden(
    '/faults',
    post({ kind: 'status', status: 400, match: { member: 'emp_002' }, times: 'always' }),
  )
  expect(await statuses(['emp_001', 'emp_002', 'emp_00', 'emp_002'])).toEqual([200, 400, 200, 400])
  expect((await hidden<{ faults: unknown[] }>('/faults')).body.faults).toEqual([
    { n: 2, match: { member: 'emp_002' }, kind: 'status', status: 400, after: 0, times: 'always', struck: 2 },
  ])
})

test.each([
  [{ kind: 'explode' }],
  [{ kind: 'status' }],
  [{ kind: 'delay' }],
  [{ kind: 'html', times: 'twice' }],
  [{ kind: 'omit', names: 'VIP' }],
  ['nonsense'],
])('%j is not a fault', async body => {
  const { hidden, post } = await startTestEmulators({ population: 100 })
  expect((await hidden('/faults', post(body))).status).toBe(400)
})

test('the log tells writes apart: by route and method, and by action where a route has two', async () => {
  const { app, track, moengage, shop, hidden, post } = await startTestEmulators({ population: 100 })
  await app('/v1/segments', post({ segment: { name: 'QA team' } }))
  await track('/api/v1/segments/101/add_customers', post({ ids: ['emp_001'] }))
  await track('/api/v1/segments/101/remove_customers', post({ ids: ['emp_001'] }))
  await app('/v1/segments/101', { method: 'DELETE' })
  await moengage(ROUTE, post(add('emp_001')))
  await moengage(ROUTE, post(cohortBody('remove_members', { name: 'A', id: 'a' }, ['emp_001'])))
  await moengage('/v3/custom-segments', post({}))
  await moengage('/v3/custom-segments/0123456789abcdef01234567', { method: 'PATCH', body: {} })
  await moengage('/v2/custom-segments/archive', { method: 'PATCH', body: { name: 'A' } })
  const writes = async (list: Promise<{ body: Log }>): Promise<string[]> =>
    (await list).body.requests
      .filter(({ write }) => write)
      .map(({ method, route, action }) => [method, route, action].filter(Boolean).join(' '))
  expect(await writes(shop<Log>('/requests'))).toEqual([
    'POST /v1/segments',
    'POST /api/v1/segments/:id/add_customers',
    'POST /api/v1/segments/:id/remove_customers',
    'DELETE /v1/segments/:id',
  ])
  expect(await writes(hidden<Log>('/requests'))).toEqual([
    `POST ${ROUTE} add_members`,
    `POST ${ROUTE} remove_members`,
    'POST /v3/custom-segments',
    'PATCH /v3/custom-segments/:id',
    'PATCH /v2/custom-segments/archive',
  ])
})

test('the log holds templates and counts, never an identifier', async () => {
  const { app, track, moengage, shop, hidden, post } = await startTestEmulators({ population: 100 })
  await app('/v1/segments/17/membership?limit=5')
  await app('/v1/secret/emp_001')
  await track('/api/v1/segments/17/add_customers', post({ ids: ['emp_001', 'emp_002'] }))
  await moengage('/v1/customers/export?app_id=ACME01_DEBUG', post({ data: { identifiers: [] } }))
  expect((await shop('/requests')).body).toEqual({
    count: 3,
    writes: 1,
    requests: [
      { n: 1, method: 'GET', route: '/v1/segments/:id/membership', status: 200, write: false },
      { n: 2, method: 'GET', route: 'unmatched', status: 404, write: false },
      {
        n: 3,
        method: 'POST',
        route: '/api/v1/segments/:id/add_customers',
        status: 200,
        write: true,
        members: 2,
      },
    ],
  })
  expect((await hidden<Log>('/requests')).body.requests).toMatchObject([
    { route: '/v1/customers/export', write: false },
  ])
  await shop('/requests', { method: 'DELETE' })
  expect((await shop('/requests')).body).toEqual({ count: 0, writes: 0, requests: [] })
})
