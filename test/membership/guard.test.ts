import { describe, expect, test } from 'vitest'
import { checkSync, type SyncFacts } from '../../src/membership/guard.ts'
import { NOBODY_HELD, NOBODY_KEPT_OUT } from '../../src/model/membership.ts'
import { anAudience } from '../support/audience.ts'

const REST = { again: 0, held: NOBODY_HELD, keptOut: NOBODY_KEPT_OUT }

const facts: SyncFacts = {
  audience: anAudience({
    limits: { maxRemoval: 0.3, maxGrowth: 1, maxMembers: 5_000, floor: 100, minMatchRate: 0.5 },
  }),
  outcome: { kind: 'complete' },
  peopleRead: 1_000,
  skipped: { 'no-identifier': 0, 'reserved-identifier': 0, 'unsendable-identifier': 0 },
  counts: { recorded: 1_000, wanted: 1_000, adds: 0, removes: 0, ...REST },
  isFirstLoad: false,
  now: '2026-11-23T10:00:00.000Z',
  syncedAt: '2026-11-23T09:30:00.000Z',
}

const INCOMPLETE = { kind: 'incomplete', reason: 'empty-page' } as const

const guardsOf = (change: Partial<SyncFacts>): string =>
  checkSync({ ...facts, ...change })
    .map(({ guard, stops }) => `${guard} stops ${stops}`)
    .join(', ')

const counts = (recorded: number, removes: number, adds: number) => ({
  counts: { recorded, removes, adds, wanted: recorded - removes + adds, ...REST },
})

/** Limits so wide that only the swing is judged. */
const LARGE = anAudience({
  limits: { maxRemoval: 0.3, maxGrowth: 1, maxMembers: 5_000_000, floor: 100, minMatchRate: 0.5 },
})

const large = (recorded: number, removes: number, adds: number) => ({
  audience: LARGE,
  peopleRead: recorded,
  ...counts(recorded, removes, adds),
})

const held = (reasons: Partial<typeof NOBODY_HELD>, wanted: number) => ({
  counts: { recorded: 1_000, removes: 0, adds: 0, wanted, ...REST, held: { ...NOBODY_HELD, ...reasons } },
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
    ${'of 99,999 members, 30 % leave'}            | ${large(99_999, 29_999, 0)}                                               | ${''}
    ${'of 99,999 members, one more leaves'}       | ${large(99_999, 30_000, 0)}                                               | ${'max-removal stops removes'}
    ${'of 100,000 members, 15 % leave'}           | ${large(100_000, 15_000, 0)}                                              | ${''}
    ${'of 100,000 members, one more leaves'}      | ${large(100_000, 15_001, 0)}                                              | ${'max-removal stops removes'}
    ${'of 100,001 members, 15 % leave'}           | ${large(100_001, 15_000, 0)}                                              | ${''}
    ${'of 999,999 members, 15 % leave'}           | ${large(999_999, 149_999, 0)}                                             | ${''}
    ${'of 1,000,000 members, 10 % leave'}         | ${large(1_000_000, 100_000, 0)}                                           | ${''}
    ${'of 1,000,000 members, one more leaves'}    | ${large(1_000_000, 100_001, 0)}                                           | ${'max-removal stops removes'}
    ${'99,999 members double'}                    | ${large(99_999, 0, 99_999)}                                               | ${''}
    ${'100,000 members grow by half'}             | ${large(100_000, 0, 50_000)}                                              | ${''}
    ${'100,000 members grow by one more'}         | ${large(100_000, 0, 50_001)}                                              | ${'max-growth stops adds'}
    ${'1,200,000 members grow by a third'}        | ${large(1_200_000, 0, 400_000)}                                           | ${''}
    ${'1,200,000 members grow by one more'}       | ${large(1_200_000, 0, 400_001)}                                           | ${'max-growth stops adds'}
    ${'1,000 enter where 99 are'}                 | ${counts(99, 0, 1_000)}                                                   | ${''}
    ${'1,001 enter where 99 are'}                 | ${counts(99, 0, 1_001)}                                                   | ${'max-growth stops adds'}
    ${'1,001 enter in a first load'}              | ${{ ...counts(99, 0, 1_001), isFirstLoad: true }}                         | ${''}
    ${'all stay by the exit rule'}                | ${held({ sticky: 1_000 }, 1_000)}                                         | ${''}
    ${'400 stay for want of an answer'}           | ${held({ unsettled: 300, 'case-twin': 100 }, 1_600)}                      | ${''}
    ${'400 stay so, and one more enters'}         | ${held({ unsettled: 300, 'case-twin': 100 }, 1_601)}                      | ${'max-growth stops adds'}
    ${'the last sync began at this very moment'}  | ${{ syncedAt: '2026-11-23T10:00:00.000Z' }}                               | ${''}
    ${'the last sync began a moment later'}       | ${{ syncedAt: '2026-11-23T10:00:00.001Z' }}                               | ${'stale-source stops all'}
    ${'the read began with the last sync'}        | ${{ readStartedAt: '2026-11-23T09:30:00.000Z' }}                          | ${''}
    ${'the read began before the last sync'}      | ${{ readStartedAt: '2026-11-23T09:29:59.999Z' }}                          | ${'stale-source stops all'}
    ${'an old read, and never a whole sync'}      | ${{ readStartedAt: '2026-11-23T09:00:00.000Z', syncedAt: undefined }}     | ${''}
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
    ${'an incomplete read brings nobody'}         | ${{ ...counts(1_000, 1_000, 0), peopleRead: 0, outcome: INCOMPLETE }}     | ${'incomplete-read stops removes'}
    ${'it brings half of them'}                   | ${{ ...counts(1_000, 500, 0), peopleRead: 500, outcome: INCOMPLETE }}     | ${'incomplete-read stops removes'}
    ${'the read is incomplete'}                   | ${{ outcome: INCOMPLETE }}                                                | ${'incomplete-read stops removes'}
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

  test.each([
    [
      large(100_000, 15_001, 0),
      'vip: 15,001 would leave, 100,000 are members (15.001%, at this size half of max_removal 30%: at most 15,000).',
    ],
    [
      large(1_000_000, 0, 400_000),
      'vip: 400,000 would enter, 1,000,000 are members (40%, at this size a third of max_growth 100%: at most 333,333).',
    ],
    [
      counts(12, 0, 1_001),
      'vip: 1,001 would enter, 12 are members (below the floor of 100, at most 1,000 at once).',
    ],
    [
      { readStartedAt: '2026-11-23T09:00:00.000Z' },
      'vip: The segment was read from 2026-11-23T09:00:00.000Z on, and the last complete sync began at 2026-11-23T09:30:00.000Z.',
    ],
    [
      { now: '2026-11-23T09:00:00.000Z' },
      "vip: This sync's clock says 2026-11-23T09:00:00.000Z, and the last complete sync began at 2026-11-23T09:30:00.000Z.",
    ],
    [
      { counts: { recorded: 10_000_000, removes: 0, adds: 1, wanted: 10_000_001, ...REST } },
      'vip: 10,000,001 wanted, max_members is 5,000. MoEngage stops updating a cohort above 10,000,000.',
    ],
  ])('what is said of it tells the tier and the limit in people', (change, detail) => {
    const [finding] = checkSync({ ...facts, ...change })
    expect(finding?.diagnostic.detail).toBe(detail)
  })

  test('nobody but time can answer an incomplete read; every other guard has its words', () => {
    const upset: Partial<SyncFacts> = {
      syncedAt: '2026-11-23T11:00:00.000Z',
      skipped: { ...facts.skipped, 'no-identifier': 400 },
      counts: { recorded: 1_000, removes: 900, adds: 9_900, wanted: 10_000, ...REST },
    }
    const found = [...checkSync({ ...facts, outcome: INCOMPLETE }), ...checkSync({ ...facts, ...upset })]
    expect(found.map(({ guard }) => guard)).toEqual([
      'incomplete-read',
      'stale-source',
      'coverage',
      'max-members',
      'max-removal',
      'max-growth',
    ])
    for (const { guard, canAllow, diagnostic } of found) {
      expect(canAllow).toBe(guard !== 'incomplete-read')
      expect(diagnostic.hint?.includes(`--allow vip:${guard}:"why"`)).toBe(canAllow)
    }
  })

  test('a share just past a limit is not shown as the limit', () => {
    const limits = { ...facts.audience.limits, maxMembers: 100_000 }
    const [finding] = checkSync({ ...facts, audience: anAudience({ limits }), ...counts(90_000, 27_001, 0) })
    expect(finding?.diagnostic.detail).toContain('(30.001%, max_removal 30%)')
  })
})
