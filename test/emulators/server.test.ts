import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { PortTakenError } from '../../src/emulators/listen.ts'
import { normalizeOptions } from '../../src/emulators/options.ts'
import { startEmulators } from '../../src/emulators/server.ts'
import { createTimers } from '../../src/emulators/timers.ts'
import { cohortBody, SHOP_TIME, startTestEmulators } from './harness.ts'

const OPTIONS = { customerioPort: 0, moengagePort: 0, population: 100, seed: 7, shopTime: SHOP_TIME }

const portOf = (url: string): number => Number(new URL(url).port)

test('twenty thousand people are served at once', async () => {
  const startedAt = performance.now()
  const { app } = await startTestEmulators({ population: 20_000 })
  expect((await app('/v1/segments')).status).toBe(200)
  expect(performance.now() - startedAt).toBeLessThan(1000)
})

test('one clock for both, and it only moves forward', async () => {
  const { shop, hidden, post } = await startTestEmulators({ population: 100 })
  expect((await shop('/clock')).body).toEqual({ now: '2026-11-23T10:00:00.000Z', moved_ms: 0 })
  await hidden('/clock', post({ advance: '1h30m' }))
  expect((await shop('/clock')).body).toEqual({ now: '2026-11-23T11:30:00.000Z', moved_ms: 5_400_000 })
  await shop('/clock', post({ to: '2026-11-24T00:00:00Z' }))
  expect((await hidden('/clock')).body).toMatchObject({ now: '2026-11-24T00:00:00.000Z' })
  expect((await shop('/clock', post({ to: '2026-11-23T00:00:00Z' }))).status).toBe(409)
  expect((await shop('/clock', post({ advance: 'soon' }))).status).toBe(400)
})

test('the raw people come in pages', async () => {
  const { shop } = await startTestEmulators({ population: 100 })
  const first = await shop<{ people: { id: string }[]; next: number | null }>('/people?limit=60')
  const second = await shop<{ people: { id: string }[]; next: number | null }>(
    `/people?limit=60&after=${first.body.next}`,
  )
  expect([first.body.people.length, first.body.next]).toEqual([60, 60])
  expect([second.body.people.length, second.body.next]).toEqual([40, null])
  expect(first.body.people[0]).toMatchObject({ id: 'emp_001', attributes: { is_employee: 'true' } })
})

test('a port that is taken is named, and nothing is left running', async () => {
  const blocker = createServer()
  await new Promise<void>(resolve => blocker.listen(0, '127.0.0.1', resolve))
  const address = blocker.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const failure = await startEmulators({ ...OPTIONS, moengagePort: port }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(PortTakenError)
  expect(failure).toMatchObject({ code: 'emulator/port-taken', port })
  await new Promise(resolve => blocker.close(resolve))
})

test('closing ends open connections and pending work at once', async () => {
  const emulators = await startEmulators({ ...OPTIONS, processingDelayMs: 60_000 })
  const { url } = emulators.customerio
  await fetch(`${url}/_emulator/faults`, { method: 'POST', body: JSON.stringify({ kind: 'hang' }) })
  const hanging = fetch(`${url}/v1/segments`).catch((error: unknown) => error)
  await expect
    .poll(async () => (await (await fetch(`${url}/_emulator/requests`)).json()) as unknown)
    .toMatchObject({ count: 1 })
  const startedAt = performance.now()
  await emulators.close()
  expect(performance.now() - startedAt).toBeLessThan(500)
  expect(await hanging).toBeInstanceOf(Error)
  const again = await startEmulators({ ...OPTIONS, customerioPort: portOf(url) })
  expect(again.customerio.url).toBe(url)
  await again.close()
})

test('whoever starts them is told of every request, around its effect, and waited for', async () => {
  const told: string[] = []
  let members = 0
  const { app, moengage, hidden, post } = await startTestEmulators({
    population: 100,
    processingDelayMs: 0,
    onRequest: async ({ vendor, method, route, phase, write }) => {
      if (write) members = (await hidden<{ cohorts: unknown[] }>('/cohorts')).body.cohorts.length
      told.push(`${phase} ${vendor} ${method} ${route}${write ? `, ${members} cohorts` : ''}`)
    },
  })
  await app('/v1/segments/11')
  await moengage(
    '/v1/integrations/cohortsync',
    post(cohortBody('add_members', { name: 'A', id: 'a' }, ['emp_001'])),
  )
  await hidden('/faults', post({ kind: 'status', status: 500 }))
  await moengage('/v3/custom-segments')
  expect(told).toEqual([
    'before customerio GET /v1/segments/:id',
    'after customerio GET /v1/segments/:id',
    'before moengage POST /v1/integrations/cohortsync, 1 cohorts',
    'after moengage POST /v1/integrations/cohortsync, 2 cohorts',
  ])
})

test.each([
  ['before', 0],
  ['after', 1],
] as const)('a listener that never comes back %s a call plays a crash there', async (phase, pending) => {
  const never = new Promise<void>(() => undefined)
  const { emulators, moengage, hidden, post } = await startTestEmulators({
    population: 100,
    onRequest: event => (event.phase === phase ? never : undefined),
  })
  const call = moengage(
    '/v1/integrations/cohortsync',
    post(cohortBody('add_members', { name: 'A', id: 'a' }, ['emp_001'])),
  ).catch((error: unknown) => error)
  await expect.poll(async () => (await hidden<{ count: number }>('/requests')).body.count).toBe(1)
  await expect.poll(async () => (await hidden<{ pending: number }>('/cohorts')).body.pending).toBe(pending)
  await emulators.close()
  expect(await call).toBeInstanceOf(Error)
})

const countServers = (): number =>
  process.getActiveResourcesInfo().filter(name => name === 'TCPServerWrap').length

test('closing leaves no server behind', async () => {
  await expect.poll(countServers).toBe(0) // those of the test before may still be on their way out
  const emulators = await startEmulators(OPTIONS)
  expect(countServers()).toBe(2)
  await emulators.close()
  await expect.poll(countServers).toBe(0)
})

test('timers that were cleared never ring', async () => {
  const timers = createTimers()
  let rings = 0
  timers.after(1, () => {
    rings += 1
  })
  timers.clear()
  await new Promise(resolve => setTimeout(resolve, 10))
  expect(rings).toBe(0)
})

test('the published limits hold unless a test says otherwise', () => {
  expect(normalizeOptions(OPTIONS)).toMatchObject({
    processingDelayMs: 150,
    moengage: { workspaceId: 'ACME01_DEBUG' },
    limits: {
      customerioApp: [{ max: 10, seconds: 1 }],
      cohortSync: [{ max: 300, seconds: 60 }],
      segmentList: [
        { max: 50, seconds: 60 },
        { max: 200, seconds: 3600 },
        { max: 1000, seconds: 86_400 },
      ],
      segmentGet: [
        { max: 100, seconds: 60 },
        { max: 1000, seconds: 3600 },
        { max: 4000, seconds: 86_400 },
      ],
      activeSegments: 1000,
    },
  })
})

test('the same seed gives the same answers, ids and references included', async () => {
  const read = async (): Promise<unknown> => {
    const { app, moengage } = await startTestEmulators({ population: 500 })
    return [
      (await app('/v1/segments/14/membership')).body,
      (await app('/v1/segments/999')).body,
      (await moengage('/v3/custom-segments')).body,
    ]
  }
  expect(await read()).toEqual(await read())
})
