import { describe, expect, test } from 'vitest'
import { bucketOf, createStageFilter } from '../../src/membership/stage.ts'

const people = Array.from({ length: 5_000 }, (_, index) => ({
  person: `c${index}`,
  identifier: `usr_${index}`,
}))

const chosen = (percent: number, audience = 'winback'): Set<string> => {
  const isWanted = createStageFilter(audience, { kind: 'canary', percent }, [])
  return new Set(people.filter(isWanted).map(({ person }) => person))
}

describe('stages', () => {
  test.each`
    stage       | testers        | identifier   | isIn
    ${'live'}   | ${[]}          | ${'usr_1'}   | ${true}
    ${'paused'} | ${['usr_1']}   | ${'usr_1'}   | ${false}
    ${'qa'}     | ${['emp_001']} | ${'usr_1'}   | ${false}
    ${'qa'}     | ${['emp_001']} | ${'emp_001'} | ${true}
    ${'qa'}     | ${[]}          | ${'emp_001'} | ${false}
  `('$stage with testers $testers: $identifier is in: $isIn', ({ stage, testers, identifier, isIn }) => {
    expect(createStageFilter('vip', { kind: stage }, testers)({ person: 'c1', identifier })).toBe(isIn)
  })

  test('the same people are drawn next time, and 20 % contains the 10 %', () => {
    expect(chosen(10)).toEqual(chosen(10))
    const twenty = chosen(20)
    expect([...chosen(10)].filter(person => !twenty.has(person))).toEqual([])
  })

  test('a canary holds about its share', () => {
    expect(chosen(20).size / people.length).toBeGreaterThan(0.18)
    expect(chosen(20).size / people.length).toBeLessThan(0.22)
  })

  test('another audience draws other people', () => {
    const others = chosen(10, 'vip')
    const shared = [...chosen(10, 'winback')].filter(person => others.has(person))
    expect(shared.length).toBeLessThan(people.length * 0.03)
  })

  test('fixed vectors: changing the hash would exchange the people of every canary', () => {
    expect(bucketOf('winback', '03000010')).toBe(VECTORS.winback)
    expect(bucketOf('vip', '03000010')).toBe(VECTORS.vip)
    expect(bucketOf('vip', 'ключ')).toBe(VECTORS.other)
  })
})

// printf 'winback\n03000010' | sha256sum, first eight digits as a number, modulo 10,000
const VECTORS = { winback: 573, vip: 3_724, other: 5_228 }
