import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRowEncoder } from '../../src/store/spool-rows.ts'

const encode = (person: string, identifier?: string): string =>
  Buffer.from(createRowEncoder()([{ person, identifier }])).toString()

describe('rows of a spool', () => {
  test.each`
    person   | identifier                  | row
    ${'c_1'} | ${'usr_1'}                  | ${'c_1|usr_1'}
    ${'c_1'} | ${undefined}                | ${'c_1|'}
    ${'c_1'} | ${' Usr ~ "1", \\'}         | ${'c_1| Usr ~ "1", \\'}
    ${'c_ü'} | ${'zoë@example.com'}        | ${'c_ü|zoë@example.com'}
    ${'c_1'} | ${'語\u{1f600}'}            | ${'c_1|語\u{1f600}'}
    ${'c_1'} | ${'x'.repeat(3_000_000)}    | ${`c_1|${'x'.repeat(3_000_000)}`}
    ${'c_1'} | ${'\u20ac'.repeat(900_000)} | ${`c_1|${'\u20ac'.repeat(900_000)}`}
  `('keep letters as they are', ({ person, identifier, row }) => {
    expect(encode(person, identifier)).toBe(`${row.replace('|', '\x1f')}\n`)
  })

  test.each(['', '\x1f', '\n', 'c\r', 'c\t', '\u0000', '\x7f', '\u0085', 'ü\n', '\ud800', 'c\udc00x'])(
    'refuse a person %j: it would be another one when it is read',
    person => {
      expect(() => encode(person)).toThrow('a person cannot be spooled')
    },
  )

  test.each(['\x1f', 'usr\n1', '\x7f', '\u009f', 'ü\x1f', '\ud800'])(
    'refuse an identifier %j',
    identifier => {
      expect(() => encode('c_1', identifier)).toThrow('a person cannot be spooled')
    },
  )

  test('are what a text of them would be, page after page', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter(each => !/\p{Cc}/u.test(each))
    const page = fc.array(fc.record({ person: text, identifier: fc.option(text, { nil: undefined }) }))
    const encodeRows = createRowEncoder()
    fc.assert(
      fc.property(page, people => {
        const expected = people.map(({ person, identifier = '' }) => `${person}\x1f${identifier}\n`).join('')
        expect(Buffer.from(encodeRows(people)).toString()).toBe(expected)
      }),
    )
  })
})
