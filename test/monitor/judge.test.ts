import { describe, expect, test } from 'vitest'
import type { SyncCount } from '../../src/model/history.ts'
import { judgeAudience } from '../../src/monitor/judge.ts'
import { checkUnfinishedApply } from '../../src/monitor/unfinished-apply.ts'
import type { Watched } from '../../src/monitor/watched.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'
import { aCount, aWatched, hoursAgo } from './a-watched.ts'

const judge = (facts: Partial<Watched>): string =>
  judgeAudience(aWatched(facts))
    .map(({ code }) => code.replace('monitor/', ''))
    .join(' ') || 'nothing'

/** Syncs every six hours up to now, of these sizes: members and people in the segment alike. */
const sizes = (...members: readonly number[]): readonly SyncCount[] =>
  members.map((size, index) => aCount((members.length - 1 - index) * 6, { members: size, read: size }))

describe('a size is held against yesterday and against the mean of the last runs', () => {
  test.each`
    story                                             | members                                            | expected
    ${'as ever'}                                      | ${[1_000, 1_000, 1_000, 1_000, 1_000]}             | ${'nothing'}
    ${'a first load'}                                 | ${[1_000]}                                         | ${'nothing'}
    ${'a quarter more than yesterday'}                | ${[1_000, 1_250, 1_250, 1_250, 1_250]}             | ${'nothing'}
    ${'one more than that'}                           | ${[1_000, 1_250, 1_250, 1_250, 1_251]}             | ${'size-swing'}
    ${'each sync loses what the guard lets pass'}     | ${[1_000, 900, 820, 750, 700]}                     | ${'size-swing'}
    ${'beside the mean, before there is a yesterday'} | ${[1_000, 1_000, 1_000, 700]}                      | ${'size-swing'}
    ${'two runs are no mean'}                         | ${[1_000, 1_000, 700]}                             | ${'nothing'}
    ${'a swing stays until it is usual'}              | ${[1_000, 1_000, 700, 700, 700]}                   | ${'size-swing'}
    ${'and is usual after a day and some runs'}       | ${[1_000, 700, 700, 700, 700, 700, 700, 700, 700]} | ${'nothing'}
    ${'99 people of 100 are below the floor'}         | ${[100, 100, 100, 100, 1]}                         | ${'nothing'}
    ${'everybody is gone'}                            | ${[100, 100, 100, 100, 0]}                         | ${'size-swing'}
    ${'out of nothing'}                               | ${[0, 0, 0, 0, 100]}                               | ${'size-swing'}
  `('$story: $expected', ({ members, expected }) => {
    expect(judge({ counts: sizes(...members) })).toBe(expected)
  })

  test('so many people count, whatever share they are', () => {
    const counts = sizes(100_000, 100_000, 100_000, 100_000, 103_000)
    expect(judge({ counts })).toBe('nothing')
    expect(judge({ counts, rules: { ...aWorkspace.alerts, swingPeople: 3_000 } })).toBe('nothing')
    expect(judge({ counts, rules: { ...aWorkspace.alerts, swingPeople: 2_999 } })).toBe('size-swing')
  })

  test('a segment that shrinks is seen before exit rules let anybody go', () => {
    const counts = [...sizes(1_000, 1_000, 1_000, 1_000), aCount(0, { members: 1_000, read: 400 })]
    expect(judge({ counts })).toBe('size-swing')
    expect(judgeAudience(aWatched({ counts }))[0]?.detail).toBe(
      'vip: 400 people in the segment, 1,000 in the mean of the last runs (-60%, limit 25%), at 2026-11-25 10:00.',
    )
  })

  test('another stage, a sync that failed, and one long ago are nothing to compare with', () => {
    const small = { members: 100, read: 100 }
    expect(
      judge({
        counts: [24, 18, 12, 6]
          .map(hours => aCount(hours, { ...small, stage: 'canary 10%' }))
          .concat(aCount(0)),
      }),
    ).toBe('nothing')
    expect(
      judge({ counts: [...sizes(1_000, 1_000, 1_000, 1_000), aCount(0, { ...small, ended: 'failed' })] }),
    ).toBe('nothing')
    expect(judge({ counts: [aCount(49, small), aCount(48.5, small), aCount(0)] })).toBe('nothing')
    expect(judge({ counts: [aCount(47, small), aCount(0)] })).toBe('size-swing')
  })
})

describe('what was declared', () => {
  test.each`
    story                                       | syncedHoursAgo | expected
    ${'just in time'}                           | ${12.5}        | ${'nothing'}
    ${'two cadences and a late scheduler over'} | ${12.6}        | ${'stale'}
  `('every six hours, $story: $expected', ({ syncedHoursAgo, expected }) => {
    expect(judge({ syncedAt: hoursAgo(syncedHoursAgo) })).toBe(expected)
  })

  test('a cohort that was never synced to its end is as old as its record', () => {
    const { syncedAt: _never, ...watched } = aWatched({ recordedAt: hoursAgo(48) })
    expect(judgeAudience(watched)[0]).toMatchObject({
      code: 'monitor/stale',
      detail:
        'vip: never synced to its end, recorded 2 d ago; declared is every 6h. Whoever joined or left since is not in line.',
    })
    expect(judgeAudience({ ...watched, recordedAt: hoursAgo(1) })).toEqual([])
  })

  test.each`
    members  | stage           | expected
    ${199}   | ${'live'}       | ${'size'}
    ${200}   | ${'live'}       | ${'nothing'}
    ${2_000} | ${'live'}       | ${'nothing'}
    ${2_001} | ${'live'}       | ${'size'}
    ${20}    | ${'canary 10%'} | ${'nothing'}
  `('size 200 to 2,000, $members members in $stage: $expected', ({ members, stage, expected }) => {
    const audience = anAudience({ size: { min: 200, max: 2_000 } })
    expect(judge({ audience, counts: [aCount(0, { members, stage })] })).toBe(expected)
  })
})

describe('what a sync met', () => {
  test('a guard stopped the last one', () => {
    const stopped = aCount(0, { ended: 'stopped', refused: ['max-removal', 'coverage'] })
    expect(judgeAudience(aWatched({ counts: [stopped] }))).toMatchObject([
      {
        code: 'monitor/refused',
        audience: 'vip',
        detail: 'vip: stopped by max-removal, coverage, at 2026-11-25 10:00.',
      },
    ])
    expect(judge({ counts: [aCount(6, { ended: 'stopped' }), aCount(0)] })).toBe('nothing')
    expect(judge({ counts: [aCount(6, { ended: 'stopped' }), aCount(0, { ended: 'failed' })] })).toBe(
      'refused',
    )
  })

  test.each`
    skipped | expected
    ${50}   | ${'nothing'}
    ${51}   | ${'coverage'}
  `('$skipped of 1,000 without an identifier, 20 as a rule: $expected', ({ skipped, expected }) => {
    const usual = [18, 12, 6].map(hours => aCount(hours, { skipped: 20 }))
    expect(judge({ counts: [...usual, aCount(0, { skipped })] })).toBe(expected)
  })
})

const DONE = { finishedAt: hoursAgo(1), outcome: 'done' }
const REFUSED = { finishedAt: hoursAgo(1), outcome: 'refused' }
const STALE = { finishedAt: hoursAgo(1), outcome: 'failed' }
const FAILED = { ...STALE, summary: '{}' }
const PARTIAL = { finishedAt: hoursAgo(1), outcome: 'partial' }

test.each`
  story                              | runs                         | expected
  ${'done'}                          | ${[DONE]}                    | ${undefined}
  ${'refused'}                       | ${[REFUSED]}                 | ${undefined}
  ${'stale'}                         | ${[STALE]}                   | ${undefined}
  ${'partly done'}                   | ${[PARTIAL]}                 | ${'is not done to its end'}
  ${'killed'}                        | ${[{}]}                      | ${'was cut off'}
  ${'failed with all it tried'}      | ${[FAILED]}                  | ${'failed with all its changes'}
  ${'partly done, refused, stale'}   | ${[PARTIAL, REFUSED, STALE]} | ${'is not done to its end'}
  ${'killed, stale, done'}           | ${[{}, STALE, DONE]}         | ${undefined}
  ${'partly done, done, then stale'} | ${[PARTIAL, DONE, STALE]}    | ${undefined}
`('applies that ended as $story: $expected', ({ runs, expected }) => {
  const records = (runs as readonly object[]).map(run => ({
    runId: 'r1',
    command: 'apply',
    startedAt: hoursAgo(2),
    ...run,
  }))
  const said = expected && `The apply begun at 2026-11-25 08:00 ${expected}, and none was done since.`
  expect(checkUnfinishedApply(records)?.detail).toBe(said)
})

test('what is said holds numbers, and one action', () => {
  const counts = sizes(1_000, 1_000, 1_000, 1_000, 400)
  expect(judgeAudience(aWatched({ counts }))).toEqual([
    {
      code: 'monitor/size-swing',
      audience: 'vip',
      summary: 'Size has changed a lot',
      detail: 'vip: 400 members, 1,000 a day before (-60%, limit 25%), at 2026-11-25 10:00.',
      hint: 'muster state history vip; if it should be so, do nothing: after a day it is usual',
    },
  ])
})
