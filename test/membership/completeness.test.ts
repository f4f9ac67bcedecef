import { describe, expect, test } from 'vitest'
import { judgeRead } from '../../src/membership/completeness.ts'

const facts = {
  wasFinishedBefore: true,
  wasFinishedAfter: true,
  countBefore: 10_000,
  countAfter: 10_000,
  people: 10_000,
  pages: 4,
}

describe('a read is complete when people and counts tell the same', () => {
  test.each`
    before    | after     | people    | pages | verdict
    ${10_000} | ${10_000} | ${10_000} | ${4}  | ${'complete'}
    ${10_000} | ${10_000} | ${9_990}  | ${4}  | ${'complete'}
    ${10_000} | ${10_000} | ${9_989}  | ${4}  | ${'count-disagrees'}
    ${10_000} | ${10_000} | ${10_010} | ${4}  | ${'complete'}
    ${10_000} | ${10_000} | ${10_011} | ${4}  | ${'count-disagrees'}
    ${10_000} | ${9_990}  | ${9_995}  | ${4}  | ${'complete'}
    ${10_000} | ${9_000}  | ${9_500}  | ${4}  | ${'count-disagrees'}
    ${10_000} | ${10_000} | ${9_800}  | ${1}  | ${'complete'}
    ${10_000} | ${10_000} | ${9_799}  | ${1}  | ${'count-disagrees'}
    ${10}     | ${10}     | ${9}      | ${1}  | ${'complete'}
    ${10}     | ${10}     | ${8}      | ${1}  | ${'count-disagrees'}
    ${10}     | ${10}     | ${9}      | ${2}  | ${'count-disagrees'}
    ${10}     | ${0}      | ${0}      | ${1}  | ${'count-disagrees'}
    ${0}      | ${0}      | ${0}      | ${1}  | ${'complete'}
    ${10_000} | ${10_000} | ${0}      | ${1}  | ${'count-disagrees'}
  `(
    'counted $before, then $after, saw $people in $pages pages: $verdict',
    ({ before, after, people, pages, verdict }) => {
      const outcome = judgeRead({ ...facts, countBefore: before, countAfter: after, people, pages })
      expect(outcome.kind === 'complete' ? 'complete' : outcome.reason).toBe(verdict)
    },
  )

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
