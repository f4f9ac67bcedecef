import { describe, expect, test } from 'vitest'
import { EMPTY_STATE, type RecordedObject, type Tombstone } from '../../src/model/recorded.ts'
import { chooseId, findCandidates, toKebabCase } from '../../src/plan/import-candidates.ts'
import { matchSegments } from '../../src/plan/import-match.ts'
import type { SourceSegment } from '../../src/ports.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'

const segments: readonly SourceSegment[] = [
  [11, 'VIP customers'],
  [12, 'Recent purchasers 7d'],
  [13, 'Recent purchasers 30d'],
  [14, 'Cart abandoners 2h'],
  [15, 'Winback 60-120d'],
  [16, 'winback'],
  [17, '!!!'],
  [18, 'ACT__Churn__30d'],
  [19, 'Churn 30d'],
  [20, 'Lapsed 30d'],
  [21, 'lapsed-30d'],
].map(([segmentId, name]) => ({
  segmentId: Number(segmentId),
  name: String(name),
  type: 'dynamic',
  isFinished: true,
}))

describe('which segment a cohort’s name speaks of', () => {
  test.each`
    useCase               | window    | same        | similar     | why
    ${'RecentPurchasers'} | ${'7d'}   | ${[12]}     | ${[]}       | ${'the same but for case and spaces'}
    ${'RecentPurchasers'} | ${'90d'}  | ${[]}       | ${[12, 13]} | ${'two are similar'}
    ${'Winback'}          | ${'60d'}  | ${[16]}     | ${[]}       | ${'the use case alone is the whole name'}
    ${'Churn'}            | ${'30d'}  | ${[18]}     | ${[]}       | ${'called like the cohort itself'}
    ${'Lapsed'}           | ${'30d'}  | ${[20, 21]} | ${[]}       | ${'two are called the same'}
    ${'CartAbandon'}      | ${'2h'}   | ${[]}       | ${[14]}     | ${'part of one name only: no match by itself'}
    ${'Vip'}              | ${'365d'} | ${[]}       | ${[11]}     | ${'part of one name only: no match by itself'}
    ${'CrossSell'}        | ${'30d'}  | ${[]}       | ${[]}       | ${'nothing is like it'}
  `('$useCase $window: $same and $similar, $why', ({ useCase, window, same, similar }) => {
    const name = `ACT__${useCase}__${window}`
    const matched = matchSegments({ name, useCase, window }, segments)
    const idsOf = (found: readonly SourceSegment[]) => found.map(({ segmentId }) => segmentId)
    expect([idsOf(matched.same), idsOf(matched.similar)]).toEqual([same, similar])
  })
})

test.each`
  useCase          | id
  ${'CartAbandon'} | ${'cart-abandon'}
  ${'VIPCare'}     | ${'vip-care'}
  ${'Vip'}         | ${'vip'}
  ${'Top100Users'} | ${'top100-users'}
`('$useCase becomes $id', ({ useCase, id }) => {
  expect(toKebabCase(useCase)).toBe(id)
})

test('an id that is taken gets the window behind it, and then a person must choose', () => {
  const name = { intent: 'activation', useCase: 'Winback', window: '60d' } as const
  expect(chooseId(name, new Set())).toBe('winback')
  expect(chooseId(name, new Set(['winback']))).toBe('winback-60d')
  expect(chooseId(name, new Set(['winback', 'winback-60d']))).toBeUndefined()
})

describe('what can be taken over', () => {
  const NAME = 'ORC__Vip__365d'
  const object: RecordedObject = {
    address: 'cohort.vip',
    kind: 'cohort',
    audience: 'vip',
    attributes: { name: NAME },
    status: 'seen',
    remoteId: 'seg-1',
    recordedAt: '2026-11-01T10:00:00.000Z',
    origin: 'created',
  }
  const tombstone = (reason: Tombstone['reason']): Tombstone => ({
    name: NAME,
    address: 'cohort.vip',
    retiredAt: '2026-11-01T10:00:00.000Z',
    reason,
  })
  const namesIn = (
    listed: readonly string[],
    record: { objects?: readonly RecordedObject[]; tombstones?: readonly Tombstone[] } = {},
  ) =>
    findCandidates({
      segments: listed.map((name, index) => ({ remoteId: `seg-${index + 1}`, name })),
      recorded: {
        ...EMPTY_STATE,
        objects: new Map((record.objects ?? []).map(each => [each.address, each])),
        tombstones: new Map((record.tombstones ?? []).map(each => [each.name, each])),
      },
      workspace: aWorkspace,
      audiences: [anAudience({ id: 'vip', name: NAME })],
    }).map(({ name }) => name)

  test.each<[string, readonly string[], Parameters<typeof namesIn>[1], readonly string[]]>([
    ['what follows the convention, by name', ['SUP__B__7d', NAME], {}, [NAME, 'SUP__B__7d']],
    [
      'not what has another form',
      ['All visitors', 'orc__Vip__365d', 'ORC__vip__365d', 'ORC__Vip__soon'],
      {},
      [],
    ],
    ['not a sendable segment: it belongs to its cohort', [`${NAME}__Sendable`], {}, []],
    ['not what is recorded', [NAME], { objects: [object] }, []],
    ['not a name whose listing is still awaited', ['Other', NAME], { objects: [object] }, []],
    ['not a name that was retired', [NAME], { tombstones: [tombstone('retired')] }, []],
    ['a name that was let go', [NAME], { tombstones: [tombstone('forgotten')] }, [NAME]],
    ['our own partner’s, once', [`[muster]${NAME}`, NAME], {}, [NAME]],
    ['not another partner’s', [`[Amplitude]${NAME}`], {}, []],
  ])('%s', (_story, listed, record, expected) => {
    expect(namesIn(listed, record)).toEqual(expected)
  })
})
