import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutBatch, halveBudget, sliceLimit, splitRows } from '../../src/membership/batch.ts'
import type { BatchSize, DeltaRow } from '../../src/ports.ts'

const size: BatchSize = {
  budgetBytes: 100,
  envelopeBytes: 20,
  memberBytes: identifier => identifier.length + 10,
}
const rows = (...identifiers: string[]): DeltaRow[] =>
  identifiers.map((identifier, index) => ({ position: index + 1, identifier }))

const lengthOf = (batch: { readonly rows: readonly DeltaRow[] } | undefined): number | undefined =>
  batch?.rows.length

describe('cutting batches by bytes', () => {
  test('takes what fits to the byte, and leaves the next', () => {
    const batch = cutBatch(rows('a'.repeat(10), 'b'.repeat(10), 'c'.repeat(10), 'd'.repeat(10), 'e'), size)
    expect([lengthOf(batch), batch?.bytes]).toEqual([4, 100])
  })

  test('one byte more and the last one waits', () => {
    const batch = cutBatch(rows('a'.repeat(10), 'b'.repeat(10), 'c'.repeat(10), 'd'.repeat(11)), size)
    expect([lengthOf(batch), batch?.bytes]).toEqual([3, 80])
  })

  test('a single identifier over the budget goes alone: the destination must refuse it, not we loop', () => {
    expect(cutBatch(rows('a'.repeat(200), 'b'), size)?.rows).toEqual(rows('a'.repeat(200)))
  })

  test('nothing to cut', () => {
    expect(cutBatch([], size)).toBeUndefined()
  })

  test('any rows come out once, in order, within the budget, and as full as they can be', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 60 }), { maxLength: 200 }), identifiers => {
        const sent: string[] = []
        const wrong: string[] = []
        let waiting = rows(...identifiers)
        for (let batch = cutBatch(waiting, size); batch; batch = cutBatch(waiting, size)) {
          sent.push(...batch.rows.map(({ identifier }) => identifier))
          waiting = waiting.slice(batch.rows.length)
          const next = waiting[0]
          if (batch.bytes > size.budgetBytes && batch.rows.length > 1) wrong.push('too long')
          if (next && batch.bytes + size.memberBytes(next.identifier) <= size.budgetBytes)
            wrong.push('not full')
        }
        expect(wrong).toEqual([])
        expect(sent).toEqual(identifiers)
      }),
    )
  })

  test('a slice of that many rows always fills a batch', () => {
    expect(sliceLimit(size)).toBe(8)
    expect(lengthOf(cutBatch(rows(...Array.from({ length: 8 }, () => 'x')), size))).toBe(7)
  })
})

describe('when the vendor takes less than it says', () => {
  test('room for members is halved, what every call carries is not', () => {
    expect(halveBudget({ bytes: 100 }, size)).toBe(60)
  })

  test('a refused batch comes out smaller each time, down to a single member', () => {
    const all = rows(...Array.from({ length: 40 }, (_, index) => String(index)))
    const lengths: number[] = []
    let budgetBytes = 500
    for (;;) {
      const batch = cutBatch(all, { ...size, budgetBytes })
      if (!batch) throw new Error('there are members')
      lengths.push(batch.rows.length)
      if (batch.rows.length === 1) break
      budgetBytes = halveBudget(batch, size)
    }
    expect(lengths).toEqual([40, 20, 10, 5, 2, 1])
  })

  test('halves of two and more are never empty, and lose nobody', () => {
    for (const count of [2, 3, 4, 7]) {
      const all = rows(...Array.from({ length: count }, (_, index) => String(index)))
      const halves = splitRows(all)
      expect(halves.flat()).toEqual(all)
      expect(halves.every(({ length }) => length > 0)).toBe(true)
    }
  })
})
