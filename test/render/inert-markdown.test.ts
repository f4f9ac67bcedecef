import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fence, inertCode, inertText } from '../../src/render/inert-markdown.ts'

/** As a browser shows it. */
const decode = (markdown: string): string =>
  markdown
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('\u200b', '')

describe('text in a line', () => {
  test.each([
    ['a cohort name stays readable', 'ACT__CartAbandon__2h', 'ACT__CartAbandon__2h'],
    ['a sentence too', 'It is (still) there: archived, or gone.', 'It is (still) there: archived, or gone.'],
    ['a mention', '@acme/all', '&#64;&#8203;acme/all'],
    ['a reference', '#12, GH-12', '&#35;&#8203;12, GH&#45;&#8203;12'],
    ['an address', 'https://example.com', 'https&#58;&#8203;//example.com'],
    ['one without a scheme', 'www.example.com', 'www&#46;&#8203;example.com'],
    ['a mail', 'a@example.com', 'a&#64;&#8203;example.com'],
    ['emphasis', '_a_ **b** ~c~', '&#95;a&#95; &#42;&#42;b&#42;&#42; &#126;c&#126;'],
    ['code', '`a`', '&#96;a&#96;'],
    ['a link', '[a](b)', '&#91;a&#93;(b)'],
    ['HTML', '<b>&lt;', '&#60;b&#62;&#38;lt;'],
    ['a comment', '<!-- a -->', '&#60;&#33;&#45;&#8203;&#45;&#8203; a &#45;&#8203;&#45;&#8203;&#62;'],
    ['a cell', 'a | b', 'a &#124; b'],
    ['a formula', '$a$', '&#36;a&#36;'],
    ['lists', '1. a', '1&#46;&#8203; a'],
    ['lists again', '- a', '&#45;&#8203; a'],
    ['lines', 'a\n\n# b\tc', 'a &#35;&#8203; b c'],
    ['what nobody can see', 'a\u202eb\u0000\ud800', 'a\ufffdb\ufffd\ufffd'],
  ])('%s', (_what, text, expected) => {
    expect(inertText(text)).toBe(expected)
  })

  test('shows what was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 60 }), text => {
        expect(decode(inertText(text))).toBe(text.replaceAll(/\s+/g, ' '))
      }),
    )
  })
})

test('in code nothing is added to what people copy', () => {
  expect(inertCode('sha256:ab-1')).toBe('<code>sha256&#58;ab-1</code>')
  expect(inertCode('cohort.vip@g1')).toBe('<code>cohort.vip&#64;g1</code>')
  expect(inertCode('a@example.com')).toBe('<code>a&#64;&#8203;example.com</code>')
})

describe('a fence', () => {
  test('is longer than any inside', () => {
    expect(fence('diff', ['- ````', '+ a'])).toEqual(['`````diff', '- ````', '+ a', '`````'])
  })

  test('holds neither a comment nor a mention, nor a second line', () => {
    expect(fence('diff', ['- <!-- @acme -->\r\n```'])).toEqual([
      '````diff',
      '- ‹!-- @\u200bacme --> ```',
      '````',
    ])
  })
})
