import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createShopClock } from '../../src/emulators/clock.ts'
import { createPopulation } from '../../src/emulators/population.ts'
import { describePerson } from '../../src/emulators/population-people.ts'
import { createEvaluator } from '../../src/emulators/population-segments.ts'
import { SHOP_TIME } from './harness.ts'

const HOUR_MS = 3_600_000

const openShop = (options: { seed?: number; size?: number; at?: number } = {}) => {
  const population = createPopulation(options.seed ?? 7, options.size ?? 20_000)
  const clock = createShopClock(options.at ?? SHOP_TIME.getTime())
  return { population, clock, evaluator: createEvaluator(population, clock) }
}

const digestPeople = (seed: number): string => {
  const { population } = openShop({ seed, size: 500 })
  const hash = createHash('sha256')
  for (let index = 1; index <= population.size; index++) {
    hash.update(JSON.stringify(describePerson(population, index, SHOP_TIME.getTime())))
  }
  return hash.digest('hex')
}

test('the people of a seed are the same bytes, today and always', () => {
  expect(digestPeople(7)).toBe(digestPeople(7))
  expect(digestPeople(7)).toMatchInlineSnapshot(
    `"a2ead3d866d52b769d039d6e4c3fef810772608baaa3c20dccf159bf753d0324"`,
  )
  expect(digestPeople(8)).not.toBe(digestPeople(7))
})

test('the way the clock came does not matter', () => {
  const walked = openShop({ at: SHOP_TIME.getTime() - 48 * HOUR_MS })
  for (let step = 1; step <= 4; step++) {
    walked.clock.moveTo(SHOP_TIME.getTime() - 48 * HOUR_MS + step * 12 * HOUR_MS)
    walked.evaluator.peopleIn(14)
  }
  expect(walked.evaluator.peopleIn(14)).toEqual(openShop().evaluator.peopleIn(14))
})

test('identities: staff, junk ids, people without an id or an email', () => {
  const { population } = openShop()
  const identities = Array.from({ length: population.size }, (_, i) => population.identityOf(i + 1))
  expect(identities[0]).toEqual({ cio_id: '030000000001', id: 'emp_001', email: 'staff1@example.com' })
  expect(identities[122]).toEqual({
    cio_id: '03000000007b',
    id: 'usr_0000000123',
    email: 'person123@example.com',
  })
  expect(identities[20]?.id).toBe('guest')
  const withoutId = identities.filter(({ id }) => id === null).length
  expect(withoutId / identities.length).toBeCloseTo(0.015, 2)
  const withoutEmail = identities.filter(({ email }) => email === null).length
  expect(withoutEmail / identities.length).toBeCloseTo(0.03, 2)
  expect(new Set(identities.map(({ cio_id }) => cio_id)).size).toBe(identities.length)
})

const sizesOf = ({ evaluator }: ReturnType<typeof openShop>): Record<string, number> =>
  Object.fromEntries([11, 12, 13, 14, 15, 16, 18, 19, 20].map(id => [id, evaluator.peopleIn(id).length]))

test('segments have the sizes of a real shop', () => {
  expect(sizesOf(openShop())).toMatchInlineSnapshot(`
    {
      "11": 1891,
      "12": 1091,
      "13": 377,
      "14": 469,
      "15": 2101,
      "16": 528,
      "18": 5145,
      "19": 7560,
      "20": 11146,
    }
  `)
})

test('within two hours people enter and leave, and sizes stay', () => {
  const shop = openShop()
  const before = new Set(shop.evaluator.peopleIn(14))
  shop.clock.moveTo(SHOP_TIME.getTime() + 2 * HOUR_MS)
  const after = shop.evaluator.peopleIn(14)
  const entered = after.filter(person => !before.has(person)).length
  const left = before.size - (after.length - entered)
  expect(entered).toBeGreaterThan(20)
  expect(left).toBeGreaterThan(20)
  expect(Math.abs(after.length - before.size)).toBeLessThan(before.size * 0.1)
})

test('two hundred thousand people are there at once, and an answer is worked out once', () => {
  const startedAt = performance.now()
  const { evaluator } = openShop({ size: 200_000 })
  const people = evaluator.peopleIn(11)
  expect(people.length).toBeGreaterThan(1000)
  expect(performance.now() - startedAt).toBeLessThan(5000)
  expect(evaluator.peopleIn(11)).toBe(people)
})
