import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPagedMap } from '../../src/store/paged-map.ts'

const anyStep = fc.record({ key: fc.nat({ max: 700 }).map(String), isDropped: fc.boolean() })

test('it holds what a map would, in the order of its keys, and no view of it changes afterwards', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 700 }).map(String), { maxLength: 600, size: 'max' }),
      fc.array(anyStep, { maxLength: 600, size: 'max' }),
      (first, steps) => {
        const expected = new Map(first.map(key => [key, -1]))
        const paged = createPagedMap(first.map((key): [string, number] => [key, -1]))
        const views: [ReadonlyMap<string, number>, [string, number][]][] = []
        for (const [number, { key, isDropped }] of steps.entries()) {
          if (number % 50 === 0) views.push([paged.view(), [...paged.view()]])
          if (isDropped) expected.delete(key)
          else expected.set(key, number)
          if (isDropped) paged.delete(key)
          else paged.set(key, number)
        }
        const view = paged.view()
        expect(new Map(view)).toEqual(expected)
        expect(view.size).toBe(expected.size)
        expect([...view.keys()]).toEqual([...expected.keys()].sort())
        expect([...view.values()]).toEqual([...view.keys()].map(key => expected.get(key)))
        for (let key = 0; key <= 700; key += 1) {
          expect(view.get(`${key}`)).toBe(expected.get(`${key}`))
          expect(view.has(`${key}`)).toBe(expected.has(`${key}`))
        }
        const visited: unknown[] = []
        view.forEach((value, key) => {
          visited.push([key, value])
        })
        expect(visited).toEqual([...view.entries()])
        for (const [kept, entries] of views) expect([...kept]).toEqual(entries)
      },
    ),
    { numRuns: 40 },
  )
})

test('what is not written is shared between its views', () => {
  const paged = createPagedMap<string, object>([['a', {}]])
  expect(paged.view()).toBe(paged.view())
  paged.delete('b')
  expect([...paged.view().keys()]).toEqual(['a'])
})
