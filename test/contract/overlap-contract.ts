import { describe, expect, test } from 'vitest'
import type { DeltaList } from '../../src/model/store-write.ts'
import { useLedgers } from './open-store.ts'
import { compareOn, day, KEEP, runDay } from './run-day.ts'
import { openDelta, people, type StoreUnderTest, settleAll } from './store-under-test.ts'

/** What is told of people in numbers, and of a list in samples. */
export const describeOverlapContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} counts who is in two ledgers`, () => {
    const opened = useLedgers(create)

    test('people, not identifiers, of each two ledgers that share somebody', async () => {
      await runDay(opened.store, 0, 'ada bo cy', { audience: 'vip' })
      await runDay(opened.store, 0, 'ada=other bo cal=cy', { audience: 'winback' })
      await runDay(opened.store, 0, 'ada', { audience: 'cart' })
      await runDay(opened.store, 0, 'zoe', { audience: 'alone' })
      expect(await opened.store.readOverlaps()).toEqual([
        { audiences: ['cart', 'vip'], people: 1 },
        { audiences: ['cart', 'winback'], people: 1 },
        { audiences: ['vip', 'winback'], people: 2 },
      ])
    })

    test('somebody under two identifiers is one', async () => {
      await runDay(opened.store, 0, 'ada bo', { audience: 'vip' })
      await runDay(opened.store, 1, 'ada=ada2 bo', { audience: 'vip', refused: ['remove'] })
      await runDay(opened.store, 0, 'ada bo', { audience: 'winback' })
      expect(await opened.store.readOverlaps()).toEqual([{ audiences: ['vip', 'winback'], people: 2 }])
    })

    test('whoever is held counts, whoever may have been added does not', async () => {
      await runDay(opened.store, 0, 'ada bo', { audience: 'vip', rules: { exit: KEEP } })
      await runDay(opened.store, 1, '', { audience: 'vip', rules: { exit: KEEP } })
      await runDay(opened.store, 1, 'ada bo', { audience: 'winback', lost: ['add'] })
      await runDay(opened.store, 1, 'ada', { audience: 'cart' })
      expect(await opened.store.readOverlaps()).toEqual([{ audiences: ['cart', 'vip'], people: 1 }])
    })

    test('a ledger that was left behind is one of its own, and what was dropped is in none', async () => {
      await runDay(opened.store, 0, 'ada bo')
      await opened.store.commit([{ kind: 'move-ledger', from: 'vip', to: 'vip@g1' }])
      await runDay(opened.store, 1, 'bo')
      expect(await opened.store.readOverlaps()).toEqual([{ audiences: ['vip', 'vip@g1'], people: 1 }])
      await opened.store.commit([{ kind: 'drop-ledger', audience: 'vip@g1' }])
      expect(await opened.store.readOverlaps()).toEqual([])
    })
  })

  describe(`${name} samples a list`, () => {
    const opened = useLedgers(create)
    const names = Array.from({ length: 100 }, (_each, index) => `usr_${String(index).padStart(3, '0')}`)
    const members = people(...names.map((each): [string, string] => [`c_${each}`, each]))

    test.each([1, 2, 7, 33, 99, 100, 1_000])('evenly, %i of a hundred', async limit => {
      const delta = await openDelta(opened.store, members)
      const sample = await delta.sample('add', limit)
      const size = Math.min(limit, 100)
      expect(new Set(sample).size).toBe(size)
      const places = sample.map(each => names.indexOf(each)).sort((one, other) => one - other)
      expect(places[0]).toBeGreaterThanOrEqual(0)
      const gaps = places.map((place, index) => (places[index + 1] ?? 100 + (places[0] ?? 0)) - place)
      expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.ceil(100 / size) + 1)
      await delta.close()
    })

    test.each<[DeltaList, string[]]>([
      ['add', ['dot', 'eve']],
      ['remove', ['ada']],
      ['again', ['bo', 'cy']],
    ])('of the list that was asked for: %s', async (list, expected) => {
      await settleAll(opened.store, people(['cio_ada', 'ada'], ['cio_bo', 'bo'], ['cio_cy', 'cy']))
      const delta = await openDelta(
        opened.store,
        people(['cio_bo', 'bo'], ['cio_cy', 'cy'], ['1', 'dot'], ['2', 'eve']),
        {
          again: true,
        },
      )
      expect([...(await delta.sample(list, 10))].sort()).toEqual(expected)
      await delta.close()
    })

    test('of nobody is nobody, and changes nothing', async () => {
      const delta = await compareOn(opened.store, 0, 'ada')
      expect(await delta.sample('remove', 10)).toEqual([])
      expect(await delta.sample('add', 10)).toEqual(['ada'])
      await opened.store.commit([{ kind: 'batch', audience: 'vip', list: 'add', from: 1, to: 1, at: day(0) }])
      await delta.close()
    })
  })
}
