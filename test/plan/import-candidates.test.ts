import { describe, expect, test } from 'vitest'
import { chooseId, toKebabCase } from '../../src/plan/import-candidates.ts'
import { matchSegments } from '../../src/plan/import-match.ts'
import type { SourceSegment } from '../../src/ports.ts'

const segments: readonly SourceSegment[] = [
  [11, 'VIP customers'],
  [12, 'Recent purchasers 7d'],
  [13, 'Recent purchasers 30d'],
  [14, 'Cart abandoners 2h'],
  [15, 'Winback 60-120d'],
  [16, 'winback'],
  [17, '!!!'],
].map(([segmentId, name]) => ({
  segmentId: Number(segmentId),
  name: String(name),
  type: 'dynamic',
  isFinished: true,
}))

describe('which segment a cohort’s name speaks of', () => {
  test.each`
    useCase               | window    | found       | why
    ${'RecentPurchasers'} | ${'7d'}   | ${[12]}     | ${'the same but for case and spaces'}
    ${'RecentPurchasers'} | ${'90d'}  | ${[12, 13]} | ${'two are similar: a person must choose'}
    ${'Winback'}          | ${'60d'}  | ${[16]}     | ${'the use case alone is the whole name'}
    ${'CartAbandon'}      | ${'2h'}   | ${[14]}     | ${'part of one name only'}
    ${'Vip'}              | ${'365d'} | ${[11]}     | ${'part of one name only'}
    ${'CrossSell'}        | ${'30d'}  | ${[]}       | ${'nothing is like it'}
  `('$useCase $window: $found, $why', ({ useCase, window, found }) => {
    const matched = matchSegments({ intent: 'activation', useCase, window }, segments)
    expect(matched.map(({ segmentId }) => segmentId)).toEqual(found)
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
