import { describe, expect, test } from 'vitest'
import { chooseAssertion, isUnderWay } from '../../src/membership/reassert.ts'
import type { Assertion } from '../../src/model/recorded.ts'
import { DAY_MS } from '../../src/model/time.ts'

const day = (number: number): string => new Date(Date.UTC(2026, 10, 1) + number * DAY_MS).toISOString()

const INTERVAL: Assertion = { startedAt: day(7), reason: 'interval' }
const ASKED: Assertion = { startedAt: day(7), reason: 'asked' }
const GENERATION: Assertion = { completedAt: day(1), startedAt: day(2), reason: 'generation' }

describe('why all members are sent again, every 7 days, in a cohort that was recorded on day 0', () => {
  test.each`
    story                                        | now            | assertion                   | isAsked  | expected
    ${'not yet'}                                 | ${day(6.999)}  | ${undefined}                | ${false} | ${undefined}
    ${'a week after the cohort was made'}        | ${day(7)}      | ${undefined}                | ${false} | ${'interval'}
    ${'not yet, after the last time'}            | ${day(16.999)} | ${{ completedAt: day(10) }} | ${false} | ${undefined}
    ${'a week after the last time'}              | ${day(17)}     | ${{ completedAt: day(10) }} | ${false} | ${'interval'}
    ${'one under way goes on, whatever the day'} | ${day(7.1)}    | ${INTERVAL}                 | ${false} | ${'interval'}
    ${'one that a person began goes on'}         | ${day(7.1)}    | ${ASKED}                    | ${false} | ${'asked'}
    ${'one for a lost cohort goes on'}           | ${day(2.1)}    | ${GENERATION}               | ${false} | ${'generation'}
    ${'asked for'}                               | ${day(1)}      | ${undefined}                | ${true}  | ${'asked'}
    ${'asked for while another is under way'}    | ${day(7.1)}    | ${INTERVAL}                 | ${true}  | ${'asked'}
    ${'a clock that was set back'}               | ${day(-30)}    | ${{ completedAt: day(10) }} | ${false} | ${undefined}
  `('$story: $expected', ({ now, assertion, isAsked, expected }) => {
    expect(
      chooseAssertion({
        ...(assertion ? { assertion } : {}),
        recordedAt: day(0),
        now,
        everyMs: 7 * DAY_MS,
        isAsked,
      }),
    ).toBe(expected)
  })
})

describe('where it begins', () => {
  test.each`
    story                                            | assertion                  | reason        | goesOn
    ${'none was there'}                              | ${undefined}               | ${'interval'} | ${false}
    ${'the last one was through'}                    | ${{ completedAt: day(1) }} | ${'interval'} | ${false}
    ${'one was cut off'}                             | ${INTERVAL}                | ${'interval'} | ${true}
    ${'asked for, and cut off, and asked for again'} | ${ASKED}                   | ${'asked'}    | ${true}
    ${'asked for while the interval was half done'}  | ${INTERVAL}                | ${'asked'}    | ${false}
  `('$story: goes on $goesOn', ({ assertion, reason, goesOn }) => {
    expect(isUnderWay(assertion, reason)).toBe(goesOn)
  })
})
