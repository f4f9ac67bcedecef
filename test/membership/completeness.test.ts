import { describe, expect, test } from 'vitest'
import { judgeRead } from '../../src/membership/completeness.ts'

const facts = {
  wasFinishedBefore: true,
  wasFinishedAfter: true,
  countBefore: 10_000,
  countAfter: 10_000,
  peopleRead: 10_000,
}

describe('a read is complete when pages and counts tell the same', () => {
  test.each`
    before    | after     | read      | verdict
    ${10_000} | ${10_000} | ${10_000} | ${'complete'}
    ${10_000} | ${10_000} | ${9_990}  | ${'complete'}
    ${10_000} | ${10_000} | ${9_989}  | ${'count-disagrees'}
    ${10_000} | ${10_000} | ${10_010} | ${'complete'}
    ${10_000} | ${10_000} | ${10_011} | ${'count-disagrees'}
    ${10_000} | ${9_000}  | ${9_500}  | ${'complete'}
    ${10}     | ${10}     | ${9}      | ${'count-disagrees'}
    ${10}     | ${9}      | ${9}      | ${'complete'}
    ${10}     | ${0}      | ${0}      | ${'complete'}
    ${0}      | ${0}      | ${0}      | ${'complete'}
    ${10_000} | ${10_000} | ${0}      | ${'count-disagrees'}
  `('counted $before, then $after, read $read: $verdict', ({ before, after, read, verdict }) => {
    const outcome = judgeRead({ ...facts, countBefore: before, countAfter: after, peopleRead: read })
    expect(outcome.kind === 'complete' ? 'complete' : outcome.reason).toBe(verdict)
  })

  test.each`
    change                            | reason
    ${{ wasFinishedBefore: false }}   | ${'still-building'}
    ${{ wasFinishedAfter: false }}    | ${'still-building'}
    ${{ trouble: 'cursor-repeated' }} | ${'cursor-repeated'}
    ${{ trouble: 'empty-page' }}      | ${'empty-page'}
  `('$change is not complete: $reason', ({ change, reason }) => {
    expect(judgeRead({ ...facts, ...change })).toEqual({ kind: 'incomplete', reason })
  })
})
