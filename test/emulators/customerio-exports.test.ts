import { expect, test } from 'vitest'
import type { TestEmulators } from './harness.ts'
import { startTestEmulators } from './harness.ts'

interface WireExport {
  export: { id: number; status: string; total: number; failed: boolean; downloads: number }
}

const startExport = async ({ app, post }: TestEmulators, body: unknown): Promise<number> =>
  (await app<WireExport>('/v1/exports/customers', post(body))).body.export.id

const readExport = async ({ app }: TestEmulators, id: number): Promise<WireExport['export']> =>
  (await app<WireExport>(`/v1/exports/${id}`)).body.export

/** Lets a second pass, within which every export is finished. */
const finishExport = async (emulators: TestEmulators, id: number): Promise<WireExport['export']> => {
  await emulators.advance('1s')
  return readExport(emulators, id)
}

const readLink = async ({ app }: TestEmulators, id: number): Promise<string> =>
  (await app<{ url: string }>(`/v1/exports/${id}/download`)).body.url

test('an export is pending, then done, then a CSV behind a signed link', async () => {
  const emulators = await startTestEmulators()
  const id = await startExport(emulators, {
    filters: { segment: { id: 17 } },
    attributes: ['country', 'is_employee'],
  })
  expect(await readExport(emulators, id)).toMatchObject({
    id: 110,
    status: 'pending',
    total: 0,
  })
  expect((await emulators.app(`/v1/exports/${id}/download`)).status).toBe(404)
  expect(await finishExport(emulators, id)).toMatchObject({ status: 'done', total: 10, failed: false })

  const file = await fetch(await readLink(emulators, id))
  expect([file.status, file.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
  const lines = (await file.text()).split('\n')
  expect(lines.length).toBe(12)
  expect(lines[0]).toBe('cio_id,id,email,country,is_employee')
  expect(lines[1]).toMatch(/^030000000001,emp_001,staff1@example\.com,[A-Z]{2},true$/)
  const { body } = await emulators.app<{ exports: unknown[] }>('/v1/exports')
  expect(body.exports).toEqual([expect.objectContaining({ id: 110, downloads: 1, type: 'customers' })])
})

test('an export is done by itself after the delay', async () => {
  const emulators = await startTestEmulators({ population: 100, processingDelayMs: 20 })
  const id = await startExport(emulators, { filters: { segment: { id: 17 } } })
  await expect.poll(() => readExport(emulators, id)).toMatchObject({ status: 'done', total: 10 })
})

test('a link lives for fifteen minutes, and cannot be forged', async () => {
  const emulators = await startTestEmulators()
  const id = await startExport(emulators, { filters: { segment: { id: 17 } } })
  await finishExport(emulators, id)
  const link = await readLink(emulators, id)
  expect((await fetch(link.replace(/signature=./, 'signature=_'))).status).toBe(403)
  await emulators.advance('14m')
  expect((await fetch(link)).status).toBe(200)
  await emulators.advance('1m')
  expect((await fetch(link)).status).toBe(403)
  expect((await fetch(await readLink(emulators, id))).status).toBe(200)
})

test.each`
  filters                                                                                                       | total
  ${{ and: [{ segment: { id: 17 } }, { attribute: { field: 'is_employee', operator: 'eq', value: 'true' } }] }} | ${10}
  ${{ and: [{ segment: { id: 17 } }, { not: { segment: { id: 17 } } }] }}                                       | ${0}
  ${{ or: [{ segment: { id: 17 } }, { segment: { id: 999 } }] }}                                                | ${10}
  ${{ and: [{ attribute: { field: 'cio_id', operator: 'exists' } }] }}                                          | ${2000}
`('the filter $filters finds $total', async ({ filters, total }) => {
  const emulators = await startTestEmulators()
  const id = await startExport(emulators, { filters })
  expect((await finishExport(emulators, id)).total).toBe(total)
})

test.each([
  [{}],
  [{ filters: {} }],
  [{ filters: { and: [], or: [] } }],
  [{ filters: { attribute: { field: 'x', operator: 'gt', value: '1' } } }],
  [{ filters: { segment: { id: 17 } }, attributes: 'country' }],
])('%j is a 400', async body => {
  const { app, post } = await startTestEmulators({ population: 100 })
  expect((await app('/v1/exports/customers', post(body))).status).toBe(400)
})

test('an export can fail, and an unknown one is a 404', async () => {
  const emulators = await startTestEmulators({ population: 100 })
  const id = await startExport(emulators, { filters: { segment: { id: 17 } } })
  await emulators.shop(`/exports/${id}`, emulators.post({ status: 'failed' }))
  expect(await finishExport(emulators, id)).toMatchObject({ status: 'failed', failed: true, total: 0 })
  expect((await emulators.app('/v1/exports/7')).status).toBe(404)
})

test('an export is of one moment', async () => {
  const emulators = await startTestEmulators()
  const before = (await emulators.shop<{ count: number }>('/segments/13/people')).body.count
  const id = await startExport(emulators, { filters: { segment: { id: 13 } } })
  await emulators.advance('2h')
  expect((await finishExport(emulators, id)).total).toBe(before)
})
