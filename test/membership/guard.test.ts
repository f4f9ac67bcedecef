import { describe, expect, test } from 'vitest'
import { checkSync, type SyncFacts } from '../../src/membership/guard.ts'
import { NOBODY_HELD, NOBODY_KEPT_OUT } from '../../src/model/membership.ts'
import { anAudience } from '../support/audience.ts'

const REST = { again: 0, held: NOBODY_HELD, keptOut: NOBODY_KEPT_OUT }

const facts: SyncFacts = {
  audience: anAudience({ limits: { maxRemoval: 0.3, maxGrowth: 1, maxMembers: 5_000, floor: 100, minMatchRate: 0.5 } }),
  outcome: { kind: 'complete' },
  peopleRead: 1_000,
  skipped: { 'no-identifier': 0, 'reserved-identifier': 0, 'unsendable-identifier': 0 },
  counts: { recorded: 1_000, wanted: 1_000, adds: 0, removes: 0, ...REST },
  isFirstLoad: false,
}

const guardsOf = (change: Partial<SyncFacts>): string =>
  checkSync({ ...facts, ...change })
    .map(({ guard, stops }) => `${guard} stops ${stops}`)
    .join(', ')

const counts = (recorded: number, removes: number, adds: number) => ({
  counts: { recorded, removes, adds, wanted: recorded - removes + adds, ...REST },
})

describe('guards at both edges', () => {
  test.each`
    story                                         | change                                                                    | stops
    ${'nothing moves'}                            | ${{}}                                                                     | ${''}
    ${'30 % leave'}                               | ${counts(1_000, 300, 0)}                                                  | ${''}
    ${'one more leaves'}                          | ${counts(1_000, 301, 0)}                                                  | ${'max-removal stops removes'}
    ${'all of 99 leave: too few for percentages'} | ${counts(99, 99, 0)}                                                      | ${''}
    ${'all of 100 leave'}                         | ${counts(100, 100, 0)}                                                    | ${'max-removal stops removes'}
    ${'it doubles'}                               | ${counts(1_000, 0, 1_000)}                                                | ${''}
    ${'one more than doubled'}                    | ${counts(1_000, 0, 1_001)}                                                | ${'max-growth stops adds'}
    ${'it grows tenfold in its first load'}       | ${{ ...counts(400, 0, 4_000), isFirstLoad: true }}                        | ${''}
    ${'5,000 wanted'}                             | ${{ ...counts(4_000, 0, 1_000) }}                                         | ${''}
    ${'5,001 wanted'}                             | ${{ ...counts(4_000, 0, 1_001) }}                                         | ${'max-members stops all'}
    ${'the source is empty, so is the ledger'}    | ${{ ...counts(0, 0, 0), peopleRead: 0 }}                                  | ${''}
    ${'the source is empty, one is recorded'}     | ${{ ...counts(1, 1, 0), peopleRead: 0 }}                                  | ${'empty-source stops removes'}
    ${'95 % carry the identifier'}                | ${{ skipped: { ...facts.skipped, 'no-identifier': 50 } }}                 | ${''}
    ${'one fewer does'}                           | ${{ skipped: { ...facts.skipped, 'no-identifier': 51 } }}                 | ${'coverage stops all'}
    ${'9 of 10 do: one may be missing'}           | ${{ peopleRead: 10, skipped: { ...facts.skipped, 'no-identifier': 1 } }}  | ${''}
    ${'7 of 10 do'}                               | ${{ peopleRead: 10, skipped: { ...facts.skipped, 'no-identifier': 3 } }}  | ${'coverage stops all'}
    ${'none of 2 does'}                           | ${{ peopleRead: 2, skipped: { ...facts.skipped, 'no-identifier': 2 } }}   | ${'coverage stops all'}
    ${'1 of 84 does'}                             | ${{ peopleRead: 84, skipped: { ...facts.skipped, 'no-identifier': 83 } }} | ${'coverage stops all'}
    ${'the read is incomplete'}                   | ${{ outcome: { kind: 'incomplete', reason: 'empty-page' } }}              | ${'incomplete-read stops removes'}
  `('$story: $stops', ({ change, stops }) => {
    expect(guardsOf(change)).toBe(stops)
  })

  test('a refusal names its numbers and the words that would allow it', () => {
    const [finding] = checkSync({ ...facts, ...counts(1_000, 301, 0) })
    expect(finding?.diagnostic).toEqual({
      code: 'guard/max-removal',
      severity: 'error',
      summary: 'Too many members would leave at once',
      detail: 'vip: 301 would leave, 1,000 are members (30.1%, max_removal 30%).',
      hint: 'if this is right: muster sync --only vip --allow vip:max-removal:"why"',
    })
  })

  test('an incomplete read cannot be allowed by anyone', () => {
    const [finding] = checkSync({ ...facts, outcome: { kind: 'incomplete', reason: 'still-building' } })
    expect(finding?.canAllow).toBe(false)
  })

  test('a share just past a limit is not shown as the limit', () => {
    const limits = { ...facts.audience.limits, maxMembers: 100_000 }
    const [finding] = checkSync({ ...facts, audience: anAudience({ limits }), ...counts(100_000, 30_001, 0) })
    expect(finding?.diagnostic.detail).toContain('(30.001%, max_removal 30%)')
  })
})
