import { expect, test } from 'vitest'
import { createShopClock } from '../../src/emulators/clock.ts'
import { createPopulation } from '../../src/emulators/population.ts'
import type { RawPerson } from '../../src/emulators/population-people.ts'
import { describePerson } from '../../src/emulators/population-people.ts'
import { createEvaluator } from '../../src/emulators/population-segments.ts'
import { SHOP_TIME } from './harness.ts'

const SIZE = 3000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const population = createPopulation(7, SIZE)
const ms = (iso: string | undefined): number => (iso === undefined ? Number.NaN : Date.parse(iso))

// The table of population-segments.ts once more, written from the raw people only.
type Recomputed = (person: RawPerson, now: number) => boolean
const RECOMPUTED: Record<number, Recomputed> = {
  11: ({ orders }) =>
    orders.length >= 3 && orders.reduce((sum, order) => sum + order.amount_cents, 0) > 50_000,
  12: ({ orders }, now) => ms(orders.at(-1)?.at) >= now - 7 * DAY_MS,
  13: ({ app_opens }, now) => ms(app_opens.at(-1)) >= now - 30 * MINUTE_MS,
  14: ({ carts, orders, cart_flow }, now) => {
    const added = ms(carts.at(-1)?.added_at)
    const isIdle = added >= now - 24 * HOUR_MS && added <= now - 90 * MINUTE_MS
    const isOrdered = orders.some(order => ms(order.at) >= added)
    return isIdle && !isOrdered && !cart_flow.some(stay => stay.left_at === null)
  },
  15: ({ orders }, now) => {
    const last = ms(orders.at(-1)?.at)
    return last >= now - 120 * DAY_MS && last <= now - 60 * DAY_MS
  },
  16: ({ orders }, now) =>
    orders.at(-1)?.product === 'starter-kit' && ms(orders.at(-1)?.at) <= now - 30 * DAY_MS,
  18: ({ newsletters_opened }, now) => ms(newsletters_opened.at(-1)) >= now - 14 * DAY_MS,
  19: ({ orders }) => orders.length === 0,
  20: ({ orders }) => orders.length >= 2,
}

const described = new Map<number, RawPerson[]>()
const describeAll = (now: number): RawPerson[] => {
  const known = described.get(now)
  if (known !== undefined) return known
  const people = Array.from({ length: SIZE }, (_, i) => describePerson(population, i + 1, now))
  described.set(now, people)
  return people
}

test.each(Object.entries(RECOMPUTED))('segment %s is what the raw people say', (id, isIn) => {
  const clock = createShopClock(SHOP_TIME.getTime())
  const evaluator = createEvaluator(population, clock)
  for (const by of [0, 95 * MINUTE_MS, 3 * DAY_MS]) {
    const now = SHOP_TIME.getTime() + by
    clock.moveTo(now)
    const expected = describeAll(now).flatMap((person, i) => (isIn(person, now) ? [i + 1] : []))
    expect(expected.length).toBeGreaterThan(0)
    expect(evaluator.peopleIn(Number(id))).toEqual(expected)
  }
})

const isMemberAt = (segmentId: number, person: number, at: number): boolean =>
  createEvaluator(population, createShopClock(at)).peopleIn(segmentId).includes(person)

const findPerson = (isWanted: (person: RawPerson) => boolean): { person: number; raw: RawPerson } => {
  for (let person = 1; person <= SIZE; person++) {
    const raw = describePerson(population, person, SHOP_TIME.getTime())
    if (isWanted(raw)) return { person, raw }
  }
  throw new Error('nobody in this shop fits')
}

test('the last order is recent for exactly seven days', () => {
  const { person, raw } = findPerson(({ orders }) => {
    const last = ms(orders.at(-1)?.at)
    const isAlone = orders.length === 1 || ms(orders.at(-2)?.at) < last - 8 * DAY_MS
    return isAlone && last < SHOP_TIME.getTime() - 8 * DAY_MS
  })
  const orderedAt = ms(raw.orders.at(-1)?.at)
  expect(isMemberAt(12, person, orderedAt - 1000)).toBe(false)
  expect(isMemberAt(12, person, orderedAt)).toBe(true)
  expect(isMemberAt(12, person, orderedAt + 7 * DAY_MS)).toBe(true)
  expect(isMemberAt(12, person, orderedAt + 7 * DAY_MS + 1000)).toBe(false)
})

test('a cart is abandoned from minute 90 to hour 24, both included', () => {
  const { person, raw } = findPerson(({ carts, orders, cart_flow }) => {
    const added = ms(carts.at(-1)?.added_at)
    const age = SHOP_TIME.getTime() - added
    return (
      age > 13 * HOUR_MS &&
      age < 30 * DAY_MS &&
      cart_flow.every(stay => ms(stay.entered_at) < added) &&
      ms(orders.at(-1)?.at) < added
    )
  })
  const addedAt = ms(raw.carts.at(-1)?.added_at)
  expect(isMemberAt(14, person, addedAt + 90 * MINUTE_MS - 1000)).toBe(false)
  expect(isMemberAt(14, person, addedAt + 90 * MINUTE_MS)).toBe(true)
  expect(isMemberAt(14, person, addedAt + 24 * HOUR_MS)).toBe(true)
  expect(isMemberAt(14, person, addedAt + 24 * HOUR_MS + 1000)).toBe(false)
})

test('who enters the cart flow is out at that second, and back when they leave it', () => {
  const { person, raw } = findPerson(({ cart_flow }) =>
    cart_flow.some(
      ({ entered_at, left_at }) => left_at !== null && ms(left_at) - ms(entered_at) < 10 * HOUR_MS,
    ),
  )
  const stay = raw.cart_flow.find(
    ({ entered_at, left_at }) => left_at !== null && ms(left_at) - ms(entered_at) < 10 * HOUR_MS,
  )
  const enteredAt = ms(stay?.entered_at)
  const leftAt = ms(stay?.left_at ?? undefined)
  expect(isMemberAt(14, person, enteredAt)).toBe(false)
  expect(isMemberAt(14, person, leftAt - 1000)).toBe(false)
  expect(isMemberAt(14, person, leftAt)).toBe(true)
})
