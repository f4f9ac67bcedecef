import { describe, expect, test } from 'vitest'
import { checkMatchRate, isLargeAdd } from '../../src/membership/guard-match.ts'
import { anAudience } from '../support/audience.ts'

const vip = anAudience()

describe('the match rate of a sample', () => {
  test.each`
    asked  | known  | story                               | stops
    ${200} | ${200} | ${'all are known'}                  | ${''}
    ${200} | ${100} | ${'half of them are'}               | ${''}
    ${200} | ${99}  | ${'one fewer'}                      | ${'match-rate stops adds'}
    ${200} | ${0}   | ${'none'}                           | ${'match-rate stops adds'}
    ${20}  | ${9}   | ${'too few of the fewest to judge'} | ${'match-rate stops adds'}
    ${19}  | ${0}   | ${'too small to be judged'}         | ${''}
    ${0}   | ${0}   | ${'nobody could be asked for'}      | ${''}
  `('$known of $asked, $story: $stops', ({ asked, known, stops }) => {
    const finding = checkMatchRate(vip, { asked, known })
    expect(finding ? `${finding.guard} stops ${finding.stops}` : '').toBe(stops)
  })

  test('what is said of it holds both numbers, the limit and the way out', () => {
    expect(checkMatchRate(vip, { asked: 200, known: 99 })?.diagnostic).toEqual({
      code: 'guard/match-rate',
      severity: 'error',
      summary: 'MoEngage knows too few of those to be added',
      detail:
        'vip: it knows 99 of 200 that were looked up (49.5%, min_match_rate 50%), and would skip the others.',
      hint: 'if this is right: muster sync --only vip --allow vip:match-rate:"why"',
    })
  })
})

describe('whether adds are worth a look', () => {
  test.each`
    story                                       | adds     | recorded  | isFirstLoad | isLarge
    ${'a first load of 100'}                    | ${100}   | ${1}      | ${true}     | ${true}
    ${'a first load of 99'}                     | ${99}    | ${1}      | ${true}     | ${false}
    ${'1,000 more, a tenth of the cohort'}      | ${1_000} | ${10_000} | ${false}    | ${true}
    ${'1,000 more, a little less than a tenth'} | ${1_000} | ${10_001} | ${false}    | ${false}
    ${'999 more, nearly all of the cohort'}     | ${999}   | ${1_000}  | ${false}    | ${false}
    ${'a first load that goes on with 2,000'}   | ${2_000} | ${90_000} | ${true}     | ${true}
  `('$story: $isLarge', ({ adds, recorded, isFirstLoad, isLarge }) => {
    expect(isLargeAdd({ adds, recorded }, isFirstLoad)).toBe(isLarge)
  })
})
