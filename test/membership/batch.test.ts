import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutBatch, sliceLimit } from '../../src/membership/batch.ts'
import type { BatchSize, DeltaRow } from '../../src/ports.ts'

const size: BatchSize = {
  budgetBytes: 100,
  envelopeBytes: 20,
  memberBytes: identifier => identifier.length + 10,
}
const rows = (...identifiers: string[]): DeltaRow[] =>
  identifiers.map((identifier, index) => ({ position: index + 1, identifier }))

describe('cutting batches by bytes', () => {
  test('takes what fits to the byte, and leaves the next', () => {
    const batch = cutBatch(rows('a'.repeat(10), 'b'.repeat(10), 'c'.repeat(10), 'd'.repeat(10), 'e'), size)
    expect(batch).toMatchObject({ from: 1, to: 4, bytes: 100 })
  })

  test('one byte more and the last one waits', () => {
    expect(
      cutBatch(rows('a'.repeat(10), 'b'.repeat(10), 'c'.repeat(10), 'd'.repeat(11)), size),
    ).toMatchObject({
      to: 3,
      bytes: 80,
    })
  })

  test('a single identifier over the budget goes alone: the destination must refuse it, not we loop', () => {
    expect(cutBatch(rows('a'.repeat(200), 'b'), size)).toMatchObject({
      identifiers: ['a'.repeat(200)],
      from: 1,
      to: 1,
    })
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
          sent.push(...batch.identifiers)
          waiting = waiting.slice(batch.identifiers.length)
          const next = waiting[0]
          if (batch.bytes > size.budgetBytes && batch.identifiers.length > 1) wrong.push('too long')
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
    expect(cutBatch(rows(...Array.from({ length: 8 }, () => 'x')), size)?.identifiers.length).toBe(7)
  })
})
