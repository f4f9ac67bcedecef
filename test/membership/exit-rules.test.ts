import { describe, expect, test } from 'vitest'
import { barReentry, retainMember } from '../../src/membership/exit-rules.ts'
import type { ExitRule } from '../../src/model/audience.ts'
import { DAY_MS, HOUR_MS } from '../../src/model/time.ts'

/** Noon of a day, counted from the first one. Parts of days are hours, minutes, down to the millisecond. */
const day = (number: number): string =>
  new Date(Date.parse('2026-11-01T12:00:00.000Z') + Math.round(number * DAY_MS)).toISOString()
const MS = 1 / DAY_MS

const REMOVE: ExitRule = { kind: 'remove' }
const KEEP: ExitRule = { kind: 'keep', because: 'they bought' }
const sticky = (days: number, from: 'entry' | 'exit', noReentryDays?: number): ExitRule => ({
  kind: 'sticky',
  forMs: days * DAY_MS,
  from,
  ...(noReentryDays === undefined ? {} : { noReentryForMs: noReentryDays * DAY_MS }),
})

describe('whom the source no longer has', () => {
  test.each`
    exit                  | entered | leaving      | now        | expected
    ${REMOVE}             | ${0}    | ${undefined} | ${0}       | ${'leaves'}
    ${REMOVE}             | ${0}    | ${3}         | ${3}       | ${'leaves'}
    ${KEEP}               | ${0}    | ${undefined} | ${0}       | ${'stays (keep)'}
    ${KEEP}               | ${0}    | ${3}         | ${3000}    | ${'stays (keep)'}
    ${sticky(7, 'entry')} | ${0}    | ${undefined} | ${1}       | ${'stays (sticky) until day 7'}
    ${sticky(7, 'entry')} | ${0}    | ${6}         | ${7 - MS}  | ${'stays (sticky) until day 7'}
    ${sticky(7, 'entry')} | ${0}    | ${6}         | ${7}       | ${'leaves'}
    ${sticky(7, 'entry')} | ${0}    | ${undefined} | ${30}      | ${'leaves'}
    ${sticky(7, 'entry')} | ${2.5}  | ${3}         | ${3}       | ${'stays (sticky) until day 9.5'}
    ${sticky(14, 'exit')} | ${0}    | ${undefined} | ${3}       | ${'stays (sticky) until day 17'}
    ${sticky(14, 'exit')} | ${0}    | ${3}         | ${3}       | ${'stays (sticky) until day 17'}
    ${sticky(14, 'exit')} | ${0}    | ${3}         | ${17 - MS} | ${'stays (sticky) until day 17'}
    ${sticky(14, 'exit')} | ${0}    | ${3}         | ${17}      | ${'leaves'}
    ${sticky(14, 'exit')} | ${0}    | ${3}         | ${17 + MS} | ${'leaves'}
  `(
    '$exit.kind, in since day $entered, gone since $leaving, on day $now: $expected',
    ({ exit, entered, leaving, now, expected }) => {
      const leavingSince = leaving === undefined ? {} : { leavingSince: day(leaving) }
      const retention = retainMember(exit, { enteredAt: day(entered), ...leavingSince }, day(now))
      expect(describeRetention(retention)).toBe(expected)
    },
  )

  test('hours count as days do', () => {
    const rule: ExitRule = { kind: 'sticky', forMs: 36 * HOUR_MS, from: 'exit' }
    const facts = { enteredAt: day(0), leavingSince: day(1) }
    expect(retainMember(rule, facts, day(2.4))).toEqual({ reason: 'sticky', heldUntil: day(2.5) })
    expect(retainMember(rule, facts, day(2.5))).toBeUndefined()
  })

  test('a stay beyond the last year that dates can tell is a stay until then', () => {
    const held = retainMember(sticky(100_000_000, 'entry'), { enteredAt: day(0) }, day(1))
    expect(held).toEqual({ reason: 'sticky', heldUntil: '9999-12-31T23:59:59.999Z' })
  })
})

describe('whoever was removed and comes back', () => {
  test.each`
    exit                      | removed      | now        | expected
    ${sticky(7, 'entry', 30)} | ${10}        | ${10}      | ${'waits until day 40'}
    ${sticky(7, 'exit', 30)}  | ${10}        | ${40 - MS} | ${'waits until day 40'}
    ${sticky(7, 'exit', 30)}  | ${10}        | ${40}      | ${'comes in'}
    ${sticky(7, 'exit', 30)}  | ${undefined} | ${10}      | ${'comes in'}
    ${sticky(7, 'exit')}      | ${10}        | ${10}      | ${'comes in'}
    ${REMOVE}                 | ${10}        | ${10}      | ${'comes in'}
    ${KEEP}                   | ${10}        | ${10}      | ${'comes in'}
  `(
    '$exit.kind (no re-entry for $exit.noReentryForMs ms), removed on day $removed, on day $now: $expected',
    ({ exit, removed, now, expected }) => {
      const bar = barReentry(exit, removed === undefined ? undefined : day(removed), day(now))
      expect(bar ? `waits until day ${dayOf(bar.until)}` : 'comes in').toBe(expected)
      if (bar) expect(bar.reason).toBe('no-reentry')
    },
  )
})

const dayOf = (instant: string): number => (Date.parse(instant) - Date.parse(day(0))) / DAY_MS

const describeRetention = (retention: ReturnType<typeof retainMember>): string => {
  if (!retention) return 'leaves'
  const until = retention.heldUntil === undefined ? '' : ` until day ${dayOf(retention.heldUntil)}`
  return `stays (${retention.reason})${until}`
}
