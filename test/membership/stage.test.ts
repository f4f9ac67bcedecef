import { describe, expect, test } from 'vitest'
import { bucketOf, chooseStageReason, holdoutBucketOf } from '../../src/membership/stage.ts'

const people = Array.from({ length: 5_000 }, (_, index) => ({
  person: `c${index}`,
  identifier: `usr_${index}`,
}))

const chosen = (percent: number, audience = 'winback'): Set<string> => {
  const rules = { stage: { kind: 'canary' as const, percent }, holdoutPercent: 0, testers: [] }
  const drawn = people.filter(member => chooseStageReason(audience, member, rules) === undefined)
  return new Set(drawn.map(({ person }) => person))
}

const canaryOf = (percent: number) => ({ kind: 'canary', percent })

describe('canaries', () => {
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

describe('holdout', () => {
  const heldOut = (holdoutPercent: number, audience = 'winback'): Set<string> => {
    const rules = { stage: { kind: 'live' as const }, holdoutPercent, testers: [] }
    const out = people.filter(member => chooseStageReason(audience, member, rules) === 'holdout')
    return new Set(out.map(({ person }) => person))
  }

  test('nobody is held out of an audience that holds nobody out', () => {
    expect(heldOut(0).size).toBe(0)
  })

  test('about its share is held out, the same people next time, and 10 % contain the 5 %', () => {
    expect(heldOut(10).size / people.length).toBeGreaterThan(0.085)
    expect(heldOut(10).size / people.length).toBeLessThan(0.115)
    expect(heldOut(10)).toEqual(heldOut(10))
    const ten = heldOut(10)
    expect([...heldOut(5)].filter(person => !ten.has(person))).toEqual([])
  })

  test('its draw is not that of the canary, nor of another audience', () => {
    const ten = heldOut(10)
    expect([...chosen(10)].filter(person => ten.has(person)).length).toBeLessThan(people.length * 0.03)
    expect([...heldOut(10, 'vip')].filter(person => ten.has(person)).length).toBeLessThan(
      people.length * 0.03,
    )
  })

  test('fixed vectors: changing the hash would exchange the people of every holdout', () => {
    expect(holdoutBucketOf('winback', '03000010')).toBe(HOLDOUT_VECTORS.winback)
    expect(holdoutBucketOf('vip', '03000010')).toBe(HOLDOUT_VECTORS.vip)
    expect(holdoutBucketOf('vip', 'ключ')).toBe(HOLDOUT_VECTORS.other)
  })
})

describe('why a member is not let in', () => {
  test.each`
    stage                 | holdoutPercent | testers      | identifier | expected
    ${{ kind: 'live' }}   | ${0}           | ${[]}        | ${'usr_1'} | ${undefined}
    ${{ kind: 'live' }}   | ${49}          | ${[]}        | ${'usr_1'} | ${'holdout'}
    ${{ kind: 'live' }}   | ${48}          | ${['usr_1']} | ${'usr_1'} | ${undefined}
    ${{ kind: 'live' }}   | ${49}          | ${['usr_1']} | ${'usr_1'} | ${'holdout'}
    ${canaryOf(6)}        | ${0}           | ${[]}        | ${'usr_1'} | ${undefined}
    ${canaryOf(6)}        | ${49}          | ${[]}        | ${'usr_1'} | ${'holdout'}
    ${canaryOf(5)}        | ${49}          | ${[]}        | ${'usr_1'} | ${'stage'}
    ${canaryOf(5)}        | ${0}           | ${['usr_1']} | ${'usr_1'} | ${'stage'}
    ${{ kind: 'qa' }}     | ${99}          | ${['usr_1']} | ${'usr_1'} | ${undefined}
    ${{ kind: 'qa' }}     | ${0}           | ${['usr_1']} | ${'usr_2'} | ${'stage'}
    ${{ kind: 'qa' }}     | ${0}           | ${['usr_1']} | ${'USR_1'} | ${'stage'}
    ${{ kind: 'qa' }}     | ${0}           | ${[]}        | ${'usr_1'} | ${'stage'}
    ${{ kind: 'paused' }} | ${49}          | ${['usr_1']} | ${'usr_1'} | ${'stage'}
    ${{ kind: 'paused' }} | ${0}           | ${['usr_1']} | ${'usr_1'} | ${'stage'}
  `(
    '$stage, holdout $holdoutPercent %, testers $testers: $identifier: $expected',
    ({ stage, holdoutPercent, testers, identifier, expected }) => {
      // Their buckets of winback are 573 and, in the holdout, 4,869: in from 6 % on, held out from 49 % on.
      const member = { person: '03000010', identifier }
      expect(chooseStageReason('winback', member, { stage, holdoutPercent, testers })).toBe(expected)
    },
  )
})

// printf 'holdout\nwinback\n03000010' | sha256sum, as below
const HOLDOUT_VECTORS = { winback: 4_869, vip: 5_426, other: 4_457 }

// printf 'winback\n03000010' | sha256sum, first eight digits as a number, modulo 10,000
const VECTORS = { winback: 573, vip: 3_724, other: 5_228 }
