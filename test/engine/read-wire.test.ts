import { describe, expect, test } from 'vitest'
import {
  EMULATED_CUSTOMERIO,
  type EmulatorOptions,
  type RequestListener,
} from '../../src/emulators/options.ts'
import { createCustomerioExports } from '../../src/providers/customerio/exports.ts'
import { createCustomerioReader } from '../../src/providers/customerio/provider.ts'
import { startTestEmulators } from '../emulators/harness.ts'
import { CONNECTION } from '../providers/customerio/connect.ts'
import { createSurroundings } from '../providers/support/client.ts'
import { createInstantClock } from '../providers/support/clock.ts'
import { openShop, readOnce } from '../support/reading.ts'

const PAGE_ROUTE = '/v1/segments/:id/membership'
const FILE_ROUTE = '/downloads/exports/:id'

/** A run that reads segment 11 of the emulator, in pages of twenty, through the adapters. */
const open = async (options: Partial<EmulatorOptions> = {}) => {
  let listener: RequestListener = () => undefined
  const emulators = await startTestEmulators({
    population: 1_000,
    processingDelayMs: 2,
    onRequest: event => listener(event),
    ...options,
    limits: { membershipPage: 20, ...options.limits },
  })
  const { shop: control, post } = emulators
  const clock = createInstantClock()
  const common = {
    ...createSurroundings(clock),
    connection: { ...CONNECTION, baseUrl: emulators.emulators.customerio.url },
    appKey: EMULATED_CUSTOMERIO.appKey,
    timeouts: { headersMs: 150, bodyMs: 150 },
  }
  const shop = openShop(0)
  shop.source = createCustomerioReader(common)
  shop.exports = createCustomerioExports(common)
  const truth = async () => {
    const { body } = await control<{ people: { cio_id: string; id: string | null }[] }>('/segments/11/people')
    return body.people
  }
  return {
    clock,
    truth,
    shop,
    read: (change = {}) => readOnce(shop, change),
    advance: emulators.advance,
    control,
    post,
    fault: (fault: unknown) => control('/faults', post(fault)),
    mend: () => control('/faults', { method: 'DELETE' }),
    countCalls: async (method: string, route: string) => {
      const { body } = await control<{ requests: { method: string; route: string }[] }>('/requests')
      return body.requests.filter(each => each.method === method && each.route === route).length
    },
    /** Before the n-th page is told, from 1. */
    beforePage: (n: number, act: () => Promise<unknown>) => {
      let pages = 0
      listener = async ({ route, phase }) => {
        if (route !== PAGE_ROUTE || phase !== 'before') return
        pages += 1
        if (pages === n) await act()
      }
    },
  }
}

const BY_REF = {
  identifier: { key: { kind: 'attribute', attribute: 'customer_ref' }, minCoverage: 0.9 },
} as const

describe('pages over a socket', () => {
  test('are everybody of the segment', async () => {
    const { read, truth, countCalls } = await open()
    const people = await truth()
    expect(people.length).toBeGreaterThan(60)
    expect(await read()).toMatchObject({ people: people.length, rows: people.length, outcome: 'complete' })
    expect(await countCalls('GET', PAGE_ROUTE)).toBe(Math.ceil(people.length / 20))
  })

  test.each([
    [{ kind: 'status', status: 500 }],
    [{ kind: 'status', status: 429 }],
    [{ kind: 'quota' }],
    [{ kind: 'html' }],
    [{ kind: 'html', status: 200 }],
    [{ kind: 'reset' }],
    [{ kind: 'hang' }],
    [{ kind: 'truncate' }],
    [{ kind: 'cut' }],
  ])('survive one %j', async fault => {
    const { read, truth, fault: strike } = await open()
    await strike({ ...fault, match: { route: PAGE_ROUTE }, after: 2 })
    expect(await read()).toMatchObject({
      people: (await truth()).length,
      outcome: 'complete',
      isResumed: false,
    })
  })

  test.each([
    [{ kind: 'status', status: 500 }, 'provider/unavailable'],
    [{ kind: 'status', status: 429 }, 'provider/rate-limit'],
    [{ kind: 'quota' }, 'provider/quota'],
    [{ kind: 'html' }, 'provider/unavailable'],
    [{ kind: 'html', status: 200 }, 'provider/not-json'],
    [{ kind: 'reset' }, 'provider/network'],
    [{ kind: 'hang' }, 'provider/timeout'],
    [{ kind: 'truncate' }, 'provider/truncated'],
    [{ kind: 'cut' }, 'provider/not-json'],
  ])('that end with %j are gone on with', async (fault, failed) => {
    const { read, truth, fault: strike, mend, countCalls } = await open()
    await strike({ ...fault, match: { route: PAGE_ROUTE }, after: 2, times: 'always' })
    expect(await read()).toEqual({ failed })
    await mend()
    const before = await countCalls('GET', PAGE_ROUTE)
    const people = await truth()
    expect(await read()).toMatchObject({ people: people.length, isResumed: true, outcome: 'complete' })
    expect((await countCalls('GET', PAGE_ROUTE)) - before).toBe(Math.ceil(people.length / 20) - 2)
  })

  test('wait as long as a 429 says, and no shorter', async () => {
    const { read, fault, clock } = await open()
    await fault({ kind: 'status', status: 429, match: { route: PAGE_ROUTE }, times: 2 })
    await read()
    expect(clock.waits.filter(ms => ms >= 1_000)).toHaveLength(2)
  })

  test.each([404, 400])('begin anew once when a cursor is answered with %i', async status => {
    const { read, truth, fault, countCalls } = await open()
    await fault({ kind: 'status', status, match: { route: PAGE_ROUTE }, after: 2 })
    const people = await truth()
    expect(await read()).toMatchObject({ people: people.length, outcome: 'complete' })
    expect(await countCalls('GET', PAGE_ROUTE)).toBe(Math.ceil(people.length / 20) + 3)
  })

  test('of a segment that is deleted meanwhile are no empty segment', async () => {
    const { read, beforePage, control, post } = await open()
    beforePage(3, () => control('/segments/11', post({ deleted: true })))
    expect(await read()).toEqual({ failed: 'source/missing' })
  })

  test('of a segment that is renamed meanwhile are not its people', async () => {
    const { read, beforePage, control, post } = await open()
    beforePage(3, () => control('/segments/11', post({ name: 'Everybody' })))
    expect(await read()).toEqual({ failed: 'source/renamed' })
  })

  test.each([
    ['repeat-cursor', 'cursor-repeated'],
    ['empty-page', 'empty-page'],
  ])('with %s are incomplete', async (kind, outcome) => {
    const { read, fault } = await open()
    await fault({ kind, match: { route: PAGE_ROUTE }, after: 2, times: 'always' })
    expect(await read()).toMatchObject({ outcome })
  })

  test.each([0, 1])('with a wrong count (after %i right ones) are incomplete', async after => {
    const { read, fault } = await open()
    await fault({ kind: 'wrong-count', after, match: { route: '/v1/segments/:id/customer_count' } })
    expect(await read()).toMatchObject({ outcome: 'count-disagrees' })
  })

  test('of a segment that is built meanwhile are incomplete', async () => {
    const { read, beforePage, control, post } = await open()
    beforePage(2, () => control('/segments/11', post({ state: 'build', progress: 90 })))
    expect(await read()).toMatchObject({ outcome: 'still-building' })
  })
})

describe('people who move while pages are read', () => {
  const leave =
    (control: Awaited<ReturnType<typeof open>>['control'], post: (body: unknown) => object) =>
    (people: readonly { cio_id: string }[], deleted: boolean) =>
      Promise.all(people.map(({ cio_id }) => control(`/people/${cio_id}`, post({ deleted }))))

  test('who were read already and leave are still told of: the counts say so', async () => {
    const { read, truth, beforePage, control, post } = await open()
    const people = await truth()
    beforePage(3, () => leave(control, post)(people.slice(0, 5), true))
    expect(await read()).toMatchObject({ people: people.length, outcome: 'count-disagrees' })
  })

  test('who enter behind the cursor are missed: the counts say so', async () => {
    const { read, truth, beforePage, control, post } = await open()
    const people = await truth()
    await leave(control, post)(people.slice(0, 5), true)
    beforePage(3, () => leave(control, post)(people.slice(0, 5), false))
    expect(await read()).toMatchObject({ people: people.length - 5, outcome: 'count-disagrees' })
  })

  test('who enter and leave in equal numbers leave both counts alike: there are more people than either', async () => {
    const { read, truth, beforePage, control, post } = await open()
    const people = await truth()
    const [first, last] = [people.slice(0, 1), people.slice(-1)]
    await leave(control, post)(last, true)
    beforePage(2, () => Promise.all([leave(control, post)(first, true), leave(control, post)(last, false)]))
    expect(await read()).toMatchObject({ people: people.length, outcome: 'count-disagrees' })
  })

  test('while a read is cut off: it is judged from its own beginning', async () => {
    const { read, truth, fault, mend, control, post } = await open()
    const people = await truth()
    await fault({ kind: 'status', status: 500, match: { route: PAGE_ROUTE }, after: 2, times: 'always' })
    await read()
    await mend()
    await leave(control, post)(people.slice(0, 5), true)
    expect(await read()).toMatchObject({
      people: people.length,
      isResumed: true,
      outcome: 'count-disagrees',
    })
  })
})

describe('an export over a socket', () => {
  test('is everybody, by their attribute', async () => {
    const { read, truth } = await open()
    const result = await read(BY_REF)
    const people = await truth()
    expect(result).toMatchObject({ people: people.length, rows: people.length, outcome: 'complete' })
    expect(new Set(result.identifiers)).toEqual(
      new Set(people.flatMap(({ id }) => (id === null || id === 'guest' ? [] : [id]))),
    )
  })

  test.each([
    [{ kind: 'status', status: 403, match: { route: FILE_ROUTE }, times: 2 }],
    [{ kind: 'truncate', match: { route: FILE_ROUTE } }],
    [{ kind: 'cut', match: { route: FILE_ROUTE } }],
    [{ kind: 'hang', match: { route: '/v1/exports/:id' } }],
    [{ kind: 'html', match: { route: '/v1/exports' } }],
    [{ kind: 'unknown', match: { method: 'POST' } }],
    [{ kind: 'truncate', match: { method: 'POST' } }],
  ])('survives one %j, and is made once', async fault => {
    const { read, truth, fault: strike, countCalls } = await open()
    await strike(fault)
    expect(await read(BY_REF)).toMatchObject({ people: (await truth()).length, outcome: 'complete' })
    expect(await countCalls('POST', '/v1/exports/customers')).toBe(1)
  })

  test('that was never asked for, and not answered, is asked for again', async () => {
    const { read, fault, countCalls } = await open()
    await fault({ kind: 'reset', match: { method: 'POST' } })
    expect(await read(BY_REF)).toMatchObject({ outcome: 'complete' })
    expect(await countCalls('POST', '/v1/exports/customers')).toBe(2)
  })

  test.each([
    [{ kind: 'truncate', match: { route: FILE_ROUTE } }],
    [{ kind: 'cut', match: { route: FILE_ROUTE } }],
    [{ kind: 'wrong-count', match: { route: '/v1/exports/:id' } }],
  ])('with %j for ever is incomplete, and who is in its half is right', async fault => {
    const { read, truth, fault: strike } = await open()
    await strike({ ...fault, times: 'always' })
    const result = await read(BY_REF)
    expect(result).toMatchObject({ outcome: 'export-disagrees' })
    const known = new Set((await truth()).map(({ id }) => id))
    expect(result.identifiers?.filter(each => !known.has(each))).toEqual([])
  })

  test.each([
    [{ kind: 'status', status: 503, match: { route: FILE_ROUTE } }, 'provider/unavailable'],
    [{ kind: 'status', status: 403, match: { route: FILE_ROUTE } }, 'provider/link-refused'],
    [{ kind: 'hang', match: { route: FILE_ROUTE } }, 'provider/timeout'],
    [{ kind: 'quota', match: { route: '/v1/exports/:id/download' } }, 'provider/quota'],
  ])('that ends with %j is gone on with, and not made again', async (fault, failed) => {
    const { read, truth, fault: strike, mend, countCalls } = await open()
    await strike({ ...fault, times: 'always' })
    expect(await read(BY_REF)).toEqual({ failed })
    await mend()
    expect(await read(BY_REF)).toMatchObject({
      people: (await truth()).length,
      isResumed: true,
      outcome: 'complete',
    })
    expect(await countCalls('POST', '/v1/exports/customers')).toBe(1)
  })

  test('that Customer.io cannot make is a failure', async () => {
    const { read, shop, control, post } = await open({ processingDelayMs: 60_000 })
    const { readExport } = shop.exports
    shop.exports.readExport = async exportId => {
      await control(`/exports/${exportId}`, post({ status: 'failed' }))
      return readExport?.(exportId)
    }
    expect(await read(BY_REF)).toEqual({ failed: 'source/export-failed' })
  })
})
