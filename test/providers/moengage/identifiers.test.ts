import fc from 'fast-check'
import { expect, test } from 'vitest'
import { refuseIdentifier } from '../../../src/providers/moengage/identifiers.ts'

const RESERVED = ['unknown', 'guest', 'null', 'n/a', '-1', '0', '""', '(empty)', 'user_attribute_unique_id']

/** The same, slowly: every rule is asked of every value. */
const judge = (identifier: string): string | undefined => {
  if (identifier.trim() === '' || /[\p{Cc}\p{Cs}]/u.test(identifier)) return 'unsendable-identifier'
  if (RESERVED.includes(identifier.trim().toLowerCase())) return 'reserved-identifier'
  return Buffer.byteLength(identifier) > 150 ? 'unsendable-identifier' : undefined
}

test('a quick look and a close one come to the same', () => {
  const near = fc
    .tuple(
      fc.constantFrom('', ' ', '\t', '_', 'ü'),
      fc.constantFrom(...RESERVED, 'usr_1'),
      fc.constantFrom('', ' ', '1'),
    )
    .map(parts => parts.join(''))
  const cased = near.chain(text => fc.constantFrom(text, text.toUpperCase()))
  const any = fc.string({
    unit: fc.constantFrom('a', 'Z', '7', '~', ' ', '\n', '\x7f', 'ü', '語', '\ud800'),
    maxLength: 160,
  })
  fc.assert(
    fc.property(fc.oneof(cased, any, fc.string({ maxLength: 200 })), identifier => {
      // Other reserved words are none of the parts above.
      fc.pre(
        !/^\s*(none|true|false|na|-2|1|2|id|uid|userid|user_id|customer_id|dummy_seller_code)\s*$/i.test(
          identifier,
        ),
      )
      expect(refuseIdentifier(identifier)).toBe(judge(identifier))
    }),
    { numRuns: 3_000 },
  )
})

test.each([
  ['a'.repeat(150), undefined],
  ['a'.repeat(151), 'unsendable-identifier'],
  ['ü'.repeat(75), undefined],
  [`${'ü'.repeat(75)}a`, 'unsendable-identifier'],
])('an id may have 150 bytes', (identifier, reason) => {
  expect(refuseIdentifier(identifier)).toBe(reason)
})
