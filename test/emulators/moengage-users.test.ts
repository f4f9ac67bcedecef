import { expect, test } from 'vitest'
import { cohortBody, startTestEmulators } from './harness.ts'

interface Users {
  status: string
  data: { users_not_found: unknown[]; users: { user_attributes: Record<string, unknown> }[] }
}

const ROUTE = '/v1/customers/export?app_id=ACME01_DEBUG'
const ask = (uids: readonly string[], fields?: string[]) => ({
  data: {
    identifiers: uids.map(identifier => ({ identifier_type: 'customer_id', identifier })),
    user_fields_to_export: fields,
  },
})

test('Get User tells who is known and who is not', async () => {
  const { moengage, post } = await startTestEmulators()
  const { status, body } = await moengage<Users>(
    ROUTE,
    post(ask(['emp_001', 'nobody', 'guest'], ['customer_id'])),
  )
  expect(status).toBe(200)
  expect(body).toEqual({
    status: 'success',
    type: 'export_users',
    data: {
      users_not_found: [
        { identifier_type: 'customer_id', identifier: 'nobody' },
        { identifier_type: 'customer_id', identifier: 'guest' },
      ],
      users: [{ user_attributes: { customer_id: 'emp_001' } }],
    },
  })
})

test('a user can be found by the internal id, too', async () => {
  const { moengage, post } = await startTestEmulators({ population: 100 })
  const known = await moengage<Users>(ROUTE, post(ask(['emp_004'])))
  const identifier = known.body.data.users[0]?.user_attributes.id
  const again = await moengage<Users>(
    ROUTE,
    post({ data: { identifiers: [{ identifier_type: 'id', identifier }] } }),
  )
  expect(again.body.data.users[0]?.user_attributes.customer_id).toBe('emp_004')
})

test.each`
  body                                                  | type                       | attribute
  ${'{'}                                                | ${'Malformed JSON'}        | ${undefined}
  ${{}}                                                 | ${'MissingAttributeError'} | ${'data'}
  ${{ data: {} }}                                       | ${'MissingAttributeError'} | ${'identifiers'}
  ${ask(Array.from({ length: 21 }, (_, i) => `u${i}`))} | ${'LimitBreached'}         | ${'users'}
`('$type for $attribute', async ({ body, type, attribute }) => {
  const { moengage, post } = await startTestEmulators({ population: 100 })
  const answer = await moengage<{ error: { type: string; attribute?: string } }>(ROUTE, post(body))
  expect([answer.status, answer.body.error.type, answer.body.error.attribute]).toEqual([400, type, attribute])
})

test('the rate counts users, and another workspace is refused', async () => {
  const { moengage, post } = await startTestEmulators({
    population: 100,
    limits: { getUser: [{ max: 3, seconds: 60 }] },
  })
  expect((await moengage(ROUTE, post(ask(['a', 'b'])))).status).toBe(200)
  expect((await moengage(ROUTE, post(ask(['a', 'b'])))).status).toBe(429)
  expect((await moengage('/v1/customers/export?app_id=OTHER', post(ask(['a'])))).status).toBe(401)
})

test('the connection test knows its own key', async () => {
  const { moengage, post } = await startTestEmulators({ population: 100 })
  const body = { app_id: 'ACME01_DEBUG', app_secret: 'emulated-data-key', source: 'test', region: '01' }
  expect(await moengage('/v1/integrations/authentication', post(body))).toMatchObject({
    status: 200,
    body: { status: 'success', app_name: 'ACME01_DEBUG' },
  })
  expect((await moengage('/v1/integrations/authentication', post({ ...body, app_secret: 'x' }))).status).toBe(
    401,
  )
})

test('users come and go behind the scenes', async () => {
  const { moengage, post, settle, hidden } = await startTestEmulators({ population: 100 })
  await hidden('/users/new_one', { method: 'PUT' })
  await moengage(
    '/v1/integrations/cohortsync',
    post(cohortBody('add_members', { name: 'A', id: 'a' }, ['new_one', 'emp_001'])),
  )
  await settle()
  expect((await hidden('/users/new_one')).body).toEqual({ uid: 'new_one', known: true, cohorts: ['A'] })
  await hidden('/users/new_one', { method: 'DELETE' })
  expect((await hidden('/cohorts/A')).body).toMatchObject({ members: ['emp_001'] })
  await hidden('/cohorts/A', post({ add: ['stray'], remove: ['emp_001'] }))
  expect((await hidden('/cohorts/A')).body).toMatchObject({ members: ['stray'] })
})
