import { describe, expect, test } from 'vitest'
import { startTestEmulators } from './harness.ts'

const idsOf17 = async ({ app }: Awaited<ReturnType<typeof startTestEmulators>>): Promise<string[]> =>
  (await app<{ ids: string[] }>('/v1/segments/17/membership')).body.ids

test('people are added and removed by id, email and cio_id; unknown values are ignored', async () => {
  const emulators = await startTestEmulators({ population: 100 })
  const { track, post } = emulators
  const path = '/api/v1/segments/17'
  expect(await track(`${path}/add_customers`, post({ ids: ['usr_0000000012', 'nobody'] }))).toMatchObject({
    status: 200,
    body: {},
  })
  await track(`${path}/add_customers?id_type=email`, post({ ids: ['PERSON13@example.com'] }))
  await track(`${path}/add_customers?id_type=cio_id`, post({ ids: ['03000000000e'] }))
  await track(`${path}/remove_customers`, post({ ids: ['emp_001', 'emp_001', 'usr_0000000099'] }))
  expect(await idsOf17(emulators)).toEqual([
    ...['emp_002', 'emp_003', 'emp_004', 'emp_005', 'emp_006', 'emp_007', 'emp_008', 'emp_009', 'emp_010'],
    ...['usr_0000000012', 'usr_0000000013', 'usr_0000000014'],
  ])
})

test.each`
  path                                                    | body                                                | error
  ${'/api/v1/segments/11/add_customers'}                  | ${{ ids: ['emp_001'] }}                             | ${'segment_id is not a manual segment'}
  ${'/api/v1/segments/999/add_customers'}                 | ${{ ids: ['emp_001'] }}                             | ${'segment_id is not a manual segment'}
  ${'/api/v1/segments/17/add_customers'}                  | ${{ ids: [] }}                                      | ${'ids must hold 1 to 1000 values'}
  ${'/api/v1/segments/17/add_customers'}                  | ${{ ids: Array.from({ length: 1001 }, () => 'x') }} | ${'ids must hold 1 to 1000 values'}
  ${'/api/v1/segments/17/remove_customers?id_type=phone'} | ${{ ids: ['emp_001'] }}                             | ${'id_type must be id, email or cio_id'}
`('$path refuses: $error', async ({ path, body, error }) => {
  const { track, post } = await startTestEmulators({ population: 100 })
  expect(await track(path, post(body))).toMatchObject({ status: 400, body: { meta: { errors: [error] } } })
})

describe('what was accepted is shown later, if that is how it is', () => {
  const path = '/api/v1/segments/17'

  test('after the delay, in order', async () => {
    const emulators = await startTestEmulators({ population: 100, trackDelayMs: 30 })
    const { track, post } = emulators
    const before = await idsOf17(emulators)
    await track(`${path}/add_customers`, post({ ids: ['usr_0000000012'] }))
    await track(`${path}/remove_customers`, post({ ids: ['usr_0000000012', 'emp_001'] }))
    expect(await idsOf17(emulators)).toEqual(before)
    await expect.poll(() => idsOf17(emulators)).toEqual(before.slice(1))
  })

  test('at once when a test settles, or before the clock moves', async () => {
    const emulators = await startTestEmulators({ population: 100, trackDelayMs: 60_000 })
    const { track, shop, advance, post } = emulators
    await track(`${path}/remove_customers`, post({ ids: ['emp_001'] }))
    expect((await idsOf17(emulators))[0]).toBe('emp_001')
    expect((await shop('/settle', { method: 'POST' })).body).toEqual({ settled: 1 })
    expect((await idsOf17(emulators))[0]).toBe('emp_002')
    await track(`${path}/remove_customers`, post({ ids: ['emp_002'] }))
    await advance('1m')
    expect((await idsOf17(emulators))[0]).toBe('emp_003')
    expect((await shop('/settle', { method: 'POST' })).body).toEqual({ settled: 0 })
  })
})

test.each([true, false])('people move updated_at: %s', async membersMoveUpdatedAt => {
  const emulators = await startTestEmulators({ population: 100, behaviour: { membersMoveUpdatedAt } })
  const { app, track, post } = emulators
  const read = async () =>
    (await app<{ segment: { updated_at: number; deduplicate_id: string } }>('/v1/segments/17')).body.segment
  const before = await read()
  await track('/api/v1/segments/17/add_customers', post({ ids: ['usr_0000000012'] }))
  const after = await read()
  expect(after.updated_at > before.updated_at).toBe(membersMoveUpdatedAt)
  expect(after.deduplicate_id).toBe(`17:${after.updated_at}`)
})

test('the region names the workspace of the credentials; other credentials are refused', async () => {
  const { track } = await startTestEmulators({ population: 100 })
  expect((await track('/api/v1/accounts/region')).body).toEqual({
    url: 'https://track.customer.io',
    region: 'us',
    environment_id: 3,
  })
  const wrong = await track('/api/v1/accounts/region', { headers: { authorization: 'Basic eDp5' } })
  expect(wrong.status).toBe(401)
})
