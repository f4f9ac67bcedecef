import { describe, expect, test } from 'vitest'
import { aFailure, OPENING, openShop, readOnce, type Shop, somePeople } from '../support/reading.ts'

const fail = (code: string, retryable: boolean) => (): never => {
  throw aFailure(code, retryable)
}
const UNAVAILABLE = fail('provider/unavailable', true)
const LATER = '2026-11-23T10:29:59.000Z'

/** Ten people, a read that is cut off after its second page, and the shop as the next run finds it. */
const openCutOff = async (cut: () => never = UNAVAILABLE, change: Partial<Shop> = {}): Promise<Shop> => {
  const shop = Object.assign(openShop(10), change)
  shop.onPage = n => (n === 3 ? cut() : undefined)
  await readOnce(shop)
  shop.onPage = () => undefined
  shop.calls.length = 0
  shop.now = LATER
  return shop
}

const RESUMED = {
  identifiers: somePeople(10)
    .map(({ value }) => value)
    .sort(),
  people: 10,
  rows: 10,
  skipped: 0,
  startedAt: OPENING,
  isResumed: true,
  outcome: 'complete',
}
const ANEW = { ...RESUMED, startedAt: LATER, isResumed: false }
const THIRD_PAGE_ON = ['id from 6', 'id from 9']
const ALL_PAGES = ['id from the beginning', 'id from 3', ...THIRD_PAGE_ON]

describe('a read goes on with the third page', () => {
  test.each([
    ['an error of the vendor', 'provider/unavailable', true],
    ['a timeout', 'provider/timeout', true],
    ['the daily quota', 'provider/quota', true],
    ['a page of a proxy', 'provider/not-json', true],
    ['Ctrl-C while a call waited', 'provider/cancelled', false],
    ['Ctrl-C between two calls', 'run/interrupted', true],
  ])('after %s', async (_story, code, retryable) => {
    const shop = await openCutOff(fail(code, retryable))
    expect(await readOnce(shop)).toEqual(RESUMED)
    expect(shop.calls).toEqual(THIRD_PAGE_ON)
  })

  test('after the process was killed', async () => {
    const shop = await openCutOff(UNAVAILABLE, { isKilled: true })
    expect(await readOnce(shop)).toEqual(RESUMED)
    expect(shop.calls).toEqual(THIRD_PAGE_ON)
  })

  test('and with those who were skipped before', async () => {
    const shop = openShop(10)
    shop.people[0] = { person: 'c_1', value: undefined }
    shop.people[1] = { person: 'c_2', value: 'guest' }
    shop.people[9] = { person: 'c_10', value: undefined }
    shop.onPage = n => (n === 3 ? UNAVAILABLE() : undefined)
    await readOnce(shop)
    shop.onPage = () => undefined
    expect(await readOnce(shop)).toMatchObject({ people: 10, skipped: 3, outcome: 'complete' })
  })

  test('once more, when it is cut off again', async () => {
    const shop = await openCutOff()
    shop.onPage = n => (n === 2 ? UNAVAILABLE() : undefined)
    expect(await readOnce(shop)).toEqual({ failed: 'provider/unavailable' })
    shop.onPage = () => undefined
    shop.calls.length = 0
    expect(await readOnce(shop)).toEqual(RESUMED)
    expect(shop.calls).toEqual(['id from 9'])
  })
})

test('a read that was cut off after its last page reads no page again', async () => {
  const shop = openShop(10)
  shop.onCount = n => (n === 2 ? UNAVAILABLE() : undefined)
  expect(await readOnce(shop)).toEqual({ failed: 'provider/unavailable' })
  shop.onCount = () => undefined
  shop.calls.length = 0
  expect(await readOnce(shop)).toEqual(RESUMED)
  expect(shop.calls).toEqual([])
})

describe('a read begins anew', () => {
  test.each<[string, (shop: Shop) => void]>([
    ['half an hour after it began', shop => (shop.now = '2026-11-23T10:30:00.000Z')],
    ['when the clock was set back', shop => (shop.now = '2026-11-23T09:59:59.000Z')],
    [
      'when somebody edited the segment meanwhile',
      shop => Object.assign(shop.segment ?? {}, { updatedAt: '2026-11-23T10:10:00.000Z' }),
    ],
  ])('%s', async (_story, change) => {
    const shop = await openCutOff()
    change(shop)
    expect(await readOnce(shop)).toEqual({ ...ANEW, startedAt: shop.now })
    expect(shop.calls).toEqual(ALL_PAGES)
  })

  test('when another identifier is asked for', async () => {
    const shop = await openCutOff()
    expect(await readOnce(shop, { identifier: { key: { kind: 'email' }, minCoverage: 1 } })).toEqual(ANEW)
    expect(shop.calls).toEqual(ALL_PAGES.map(call => call.replace('id', 'email')))
  })

  test.each([
    ['another key', 'provider/auth'],
    ['a shape it does not know', 'provider/unexpected-shape'],
  ])('after %s: nothing is left of it', async (_story, code) => {
    const shop = await openCutOff(fail(code, false))
    expect(await readOnce(shop)).toEqual(ANEW)
  })

  test.each(['provider/not-found', 'provider/bad-request'])(
    'by itself when its cursor is refused with %s',
    async code => {
      const shop = await openCutOff()
      shop.onPage = n => (n === 1 ? fail(code, false)() : undefined)
      expect(await readOnce(shop)).toEqual(ANEW)
      expect(shop.calls).toEqual(['id from 6', ...ALL_PAGES])
    },
  )

  test('once: a second cursor that is refused is a failure', async () => {
    const shop = openShop(10)
    shop.onPage = (_n, start) => (start === '6' ? fail('provider/not-found', false)() : undefined)
    expect(await readOnce(shop)).toEqual({ failed: 'provider/not-found' })
    expect(shop.calls).toEqual([...ALL_PAGES.slice(0, 3), ...ALL_PAGES.slice(0, 3)])
  })

  test('not when the segment is gone: it is never an empty one', async () => {
    const shop = openShop(10)
    shop.onPage = n => {
      if (n < 3) return undefined
      shop.segment = undefined
      throw aFailure('provider/not-found', false)
    }
    expect(await readOnce(shop)).toEqual({ failed: 'source/missing' })
  })
})

describe('a read that goes on is judged from its beginning', () => {
  test('by the count of then and the count of now', async () => {
    const shop = await openCutOff()
    shop.people = somePeople(12)
    expect(await readOnce(shop)).toMatchObject({ people: 12, outcome: 'count-disagrees' })
  })

  test('a segment that was not finished then is not complete now', async () => {
    const shop = openShop(10)
    const finished = shop.segment
    shop.segment = finished && { ...finished, isFinished: false }
    shop.onPage = n => (n === 3 ? UNAVAILABLE() : undefined)
    await readOnce(shop)
    shop.onPage = () => undefined
    shop.segment = finished
    expect(await readOnce(shop)).toMatchObject({ isResumed: true, outcome: 'still-building' })
  })
})
