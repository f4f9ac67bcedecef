import { expect, test } from 'vitest'
import type { TestEmulators } from './harness.ts'
import { cohortBody, startTestEmulators } from './harness.ts'

const CART = { name: 'ACT__CartAbandon__2h', id: 'cart-abandon.1' }

const addStaff = async (emulators: TestEmulators, uid = 'emp_001') => {
  await emulators.moengage(
    '/v1/integrations/cohortsync',
    emulators.post(cohortBody('add_members', CART, [uid])),
  )
  await emulators.settle()
}

const readCohort = async ({ hidden }: TestEmulators) =>
  (await hidden<{ segment_id: string; archived: boolean; members: string[] }>(`/cohorts/${CART.name}`)).body

const isListed = async ({ moengage }: TestEmulators): Promise<boolean> =>
  (await moengage<{ data: unknown[] }>(`/v3/custom-segments?name=${CART.name}`)).body.data.length === 1

const patch = (body: unknown) => ({ method: 'PATCH', body })

test('sixty days without a run archive a cohort, sync traffic or not', async () => {
  const emulators = await startTestEmulators()
  await addStaff(emulators)
  await emulators.advance('30d')
  await addStaff(emulators, 'emp_002')
  await emulators.advance('29d23h59m59s')
  expect(await isListed(emulators)).toBe(true)
  await emulators.advance('1s')
  expect(await isListed(emulators)).toBe(false)
  expect(await readCohort(emulators)).toMatchObject({ archived: true, members: ['emp_001', 'emp_002'] })
  await addStaff(emulators, 'emp_003')
  expect((await readCohort(emulators)).members).toEqual(['emp_001', 'emp_002'])
})

test('thirty days later its users are gone for good', async () => {
  const emulators = await startTestEmulators()
  await addStaff(emulators)
  await emulators.advance('90d')
  expect((await readCohort(emulators)).members).toEqual([])
})

test('a run, or a filter that names it, keeps a cohort alive', async () => {
  const emulators = await startTestEmulators()
  await addStaff(emulators)
  await emulators.advance('50d')
  await emulators.hidden(`/cohorts/${CART.name}`, emulators.post({ run: true }))
  await emulators.advance('50d')
  expect((await readCohort(emulators)).archived).toBe(false)
  const { segment_id: id } = await readCohort(emulators)
  const filters = { filter_operator: 'and', filters: [{ filter_type: 'custom_segments', id }] }
  await emulators.moengage('/v3/custom-segments', emulators.post({ name: 'S', included_filters: filters }))
  await emulators.advance('50d')
  expect((await readCohort(emulators)).archived).toBe(false)
})

test('an archived cohort counts as empty in a filter segment', async () => {
  const emulators = await startTestEmulators()
  await addStaff(emulators)
  const { segment_id: id } = await readCohort(emulators)
  const filters = { filter_operator: 'and', filters: [{ filter_type: 'custom_segments', id }] }
  const { body } = await emulators.moengage<{ data: { id: string } }>(
    '/v3/custom-segments',
    emulators.post({ name: 'S', included_filters: filters }),
  )
  const count = async () =>
    (await emulators.hidden<{ count: number }>(`/segments/${body.data.id}/people`)).body.count
  expect(await count()).toBe(1)
  await emulators.moengage('/v2/custom-segments/archive', patch({ name: CART.name }))
  expect(await count()).toBe(0)
})

test('archive by name and by id; a name of the past cannot be used again', async () => {
  const emulators = await startTestEmulators()
  await addStaff(emulators)
  const { segment_id: id } = await readCohort(emulators)
  const archived = await emulators.moengage(
    '/v2/custom-segments/archive',
    patch({ name: 'ignored', cs_id: id }),
  )
  expect(archived).toMatchObject({
    status: 200,
    body: { message: 'Successfully archived the custom segment', success: true, cs_name: CART.name },
  })
  expect(await isListed(emulators)).toBe(false)
  expect((await emulators.moengage(`/v3/custom-segments/${id}`)).status).toBe(200)
  await emulators.moengage(
    '/v1/integrations/cohortsync',
    emulators.post(cohortBody('add_members', { ...CART, id: 'second' }, ['emp_002'])),
  )
  await emulators.settle()
  expect(await isListed(emulators)).toBe(false)
})

test('a filter segment comes back from the archive, a cohort does not', async () => {
  const emulators = await startTestEmulators()
  await addStaff(emulators)
  for (const name of [CART.name, 'Staff devices'])
    await emulators.moengage('/v2/custom-segments/archive', patch({ name }))
  const filter = await emulators.moengage('/v2/custom-segments/unarchive', patch({ name: 'Staff devices' }))
  expect(filter).toMatchObject({
    status: 200,
    body: { message: 'Successfully unarchived the custom segment' },
  })
  const cohort = await emulators.moengage('/v2/custom-segments/unarchive', patch({ name: CART.name }))
  expect(cohort).toMatchObject({ status: 400, body: { title: 'Invalid request' } })
})

test('the other answers: cohorts come back, and an add revives them', async () => {
  const emulators = await startTestEmulators({
    behaviour: { unarchivesCohorts: true, archivedAdds: 'revive' },
  })
  await addStaff(emulators)
  await emulators.moengage('/v2/custom-segments/archive', patch({ name: CART.name }))
  expect((await emulators.moengage('/v2/custom-segments/unarchive', patch({ name: CART.name }))).status).toBe(
    200,
  )
  await emulators.moengage('/v2/custom-segments/archive', patch({ name: CART.name }))
  await addStaff(emulators, 'emp_002')
  expect(await readCohort(emulators)).toMatchObject({ archived: false, members: ['emp_001', 'emp_002'] })
})

test('an archived filter segment cannot be patched', async () => {
  const emulators = await startTestEmulators({ behaviour: { listsArchived: true } })
  const { body } = await emulators.moengage<{ data: { id: string; name: string }[] }>(
    '/v3/custom-segments?name=Black%20Friday%202025',
  )
  const filters = {
    filter_operator: 'and',
    filters: [
      { filter_type: 'user_attributes', name: 'country', data_type: 'string', operator: 'is', value: 'DE' },
    ],
  }
  expect(
    (
      await emulators.moengage(
        `/v3/custom-segments/${body.data[0]?.id}`,
        patch({ included_filters: filters }),
      )
    ).status,
  ).toBe(403)
})

test.each`
  body                | headers                      | status | title
  ${{ cs_id: 'x' }}   | ${{}}                        | ${400} | ${'Invalid request'}
  ${{ name: 'nope' }} | ${{}}                        | ${404} | ${'Entity Not Found'}
  ${{ name: 'nope' }} | ${{ authorization: 'none' }} | ${401} | ${'Authentication required'}
`('archive of $body with $headers is a $status', async ({ body, headers, status, title }) => {
  const { moengage } = await startTestEmulators({ population: 100 })
  expect(await moengage('/v2/custom-segments/archive', { ...patch(body), headers })).toMatchObject({
    status,
    body: { title },
  })
})

test('other hands can make, run and archive any segment', async () => {
  const emulators = await startTestEmulators({ population: 100 })
  const { hidden, post, advance } = emulators
  const made = await hidden<{ id: string }>('/segments', post({ name: 'Somebody’s' }))
  expect(made.status).toBe(201)
  await advance('1h')
  expect((await hidden(`/segments/${made.body.id}`, post({ run: true, archived: true }))).body).toEqual({
    segment_id: made.body.id,
    name: 'Somebody’s',
    kind: 'filter',
    archived: true,
    last_run: '2026-11-23T11:00:00.000Z',
  })
  const { body } = await hidden<{ segments: { name: string }[] }>('/segments')
  expect(body.segments.map(({ name }) => name)).toEqual([
    'Staff devices',
    'Opened app, last week',
    'Black Friday 2025',
    '[Amplitude][Power users]',
    'Somebody’s',
  ])
})
