import { describe, expect, test } from 'vitest'
import type { Belief, PlanValue } from '../../src/model/plan.ts'
import { compareValue, type ThreeWay, weakestBelief } from '../../src/plan/compare.ts'

const AT = '2026-11-20T10:00:00.000Z'

/** What a reviewer is told of one value, in a line. */
const tell = (sides: {
  readonly desired?: PlanValue | undefined
  readonly recorded?: PlanValue | undefined
  readonly observed?: PlanValue | undefined
  readonly belief: Belief
}): string => {
  // Absent sides are left out, as they are by whoever compares.
  const { desired, recorded, observed, belief } = sides
  const value: ThreeWay = {
    attribute: 'name',
    ...(desired === undefined ? {} : { desired }),
    ...(recorded === undefined ? {} : { recorded }),
    ...(observed === undefined ? {} : { observed }),
    belief,
    recordedAt: AT,
  }
  const change = compareValue(value)
  if (!change) return 'nothing'
  const { before, after, origin, recordedAt } = change
  return [
    `${show(before)} → ${show(after)}`,
    `${change.belief}${recordedAt === undefined ? '' : ' with age'}`,
    origin,
    ...(change.recorded === undefined ? [] : [`was ${show(change.recorded)}`]),
  ].join(', ')
}

const show = (value: PlanValue | undefined): string =>
  value === undefined ? 'absent' : JSON.stringify(value)

describe('one value from three sides', () => {
  test.each`
    desired      | recorded     | observed     | belief        | expected
    ${'a'}       | ${'a'}       | ${'a'}       | ${'read'}     | ${'nothing'}
    ${'a'}       | ${'a'}       | ${undefined} | ${'recorded'} | ${'nothing'}
    ${'a'}       | ${'a'}       | ${undefined} | ${'unknown'}  | ${'nothing'}
    ${'b'}       | ${'a'}       | ${'a'}       | ${'read'}     | ${'"a" → "b", read, file'}
    ${'b'}       | ${'a'}       | ${undefined} | ${'recorded'} | ${'"a" → "b", recorded with age, file'}
    ${'b'}       | ${'a'}       | ${undefined} | ${'unknown'}  | ${'"a" → "b", unknown with age, file'}
    ${'a'}       | ${'a'}       | ${'x'}       | ${'read'}     | ${'"x" → "a", read, drift, was "a"'}
    ${'b'}       | ${'a'}       | ${'x'}       | ${'read'}     | ${'"x" → "b", read, both, was "a"'}
    ${'b'}       | ${'a'}       | ${'b'}       | ${'read'}     | ${'"a" → "b", recorded with age, both'}
    ${'b'}       | ${undefined} | ${undefined} | ${'unknown'}  | ${'absent → "b", unknown with age, file'}
    ${undefined} | ${'a'}       | ${'a'}       | ${'read'}     | ${'"a" → absent, read, file'}
    ${undefined} | ${'a'}       | ${'x'}       | ${'read'}     | ${'"x" → absent, read, both, was "a"'}
    ${undefined} | ${'a'}       | ${undefined} | ${'unknown'}  | ${'"a" → absent, unknown with age, file'}
  `(
    'declared $desired, recorded $recorded, shown $observed ($belief): $expected',
    ({ desired, recorded, observed, belief, expected }) => {
      expect(tell({ desired, recorded, observed, belief })).toBe(expected)
    },
  )
})

describe('absent and empty never merge', () => {
  test.each`
    desired      | recorded     | observed     | expected
    ${[]}        | ${undefined} | ${undefined} | ${'absent → [], recorded with age, file'}
    ${undefined} | ${[]}        | ${undefined} | ${'[] → absent, recorded with age, file'}
    ${['a']}     | ${[]}        | ${undefined} | ${'[] → ["a"], recorded with age, file'}
    ${''}        | ${undefined} | ${undefined} | ${'absent → "", recorded with age, file'}
    ${0}         | ${undefined} | ${undefined} | ${'absent → 0, recorded with age, file'}
    ${false}     | ${undefined} | ${undefined} | ${'absent → false, recorded with age, file'}
    ${'0'}       | ${0}         | ${undefined} | ${'0 → "0", recorded with age, file'}
  `('declared $desired, recorded $recorded: $expected', ({ desired, recorded, observed, expected }) => {
    expect(tell({ desired, recorded, observed, belief: 'recorded' })).toBe(expected)
  })

  test('a list that was read and is empty is drift, not an absence', () => {
    expect(tell({ desired: ['a'], recorded: ['a'], observed: [], belief: 'read' })).toBe(
      '[] → ["a"], read, drift, was ["a"]',
    )
  })
})

test.each([
  [[], 'read'],
  [['read', 'recorded'], 'recorded'],
  [['unknown', 'read', 'recorded'], 'unknown'],
] as const)('of %j the weakest is %s', (beliefs, weakest) => {
  expect(weakestBelief(beliefs)).toBe(weakest)
})
