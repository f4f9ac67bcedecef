import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffSentences, diffWords, type TextPart } from '../../src/render/text-diff.ts'

const MARKS = { same: ['', ''], removed: ['[-', '-]'], added: ['{+', '+}'] } as const
const marked = (parts: readonly TextPart[]): string =>
  parts.map(({ is, text }) => `${MARKS[is][0]}${text}${MARKS[is][1]}`).join('')
const SIGNS = { same: ' ', removed: '-', added: '+' } as const
const listed = (parts: readonly TextPart[]): readonly string[] =>
  parts.map(({ is, text }) => `${SIGNS[is]}${text}`)

describe('word by word, on one line', () => {
  const long = 'one two three four five six seven eight nine ten eleven twelve thirteen'

  test.each([
    ['a word', 'idle for 90 minutes', 'idle for 2 minutes', 'idle for [-90-]{+2+} minutes'],
    ['a word that came', 'idle for minutes', 'idle for 90 minutes', 'idle for {+90 +}minutes'],
    ['nothing before', '', 'idle', '{+idle+}'],
    ['nothing after', 'idle', '', '[-idle-]'],
    ['the end of a line', 'a\nb', 'a b', 'a[-⏎-]{+ +}b'],
    ['what nobody could see', 'a\u202eb c', 'a c', 'a[-�b-] c'],
    ['the end of a long text', `${long} a`, `${long} b`, '… ten eleven twelve thirteen [-a-]{+b+}'],
    ['its start', `a ${long}`, `b ${long}`, '[-a-]{+b+} one two three four five six …'],
    [
      'both ends',
      `a ${long} c`,
      `b ${long} d`,
      '[-a-]{+b+} one two three four five six … ten eleven twelve thirteen [-c-]{+d+}',
    ],
  ])('%s', (_what, before, after, expected) => {
    expect(marked(diffWords(before, after))).toBe(expected)
  })

  test('texts that have nothing in common replace each other, and are cut', () => {
    const words = (letter: string): string =>
      Array.from({ length: 500 }, (_, index) => `${letter}${index}`).join(' ')
    const parts = diffWords(words('a'), words('b'))
    expect(parts.map(({ is, text }) => [is, text.length])).toEqual([
      ['removed', 400],
      ['added', 400],
    ])
  })

  test('short texts can be put together again', () => {
    const words = fc
      .array(fc.constantFrom('a', 'b', 'c', ' ', '.', ','), { maxLength: 20 })
      .map(each => each.join(''))
    fc.assert(
      fc.property(words, words, (before, after) => {
        const parts = diffWords(before, after)
        const without = (is: TextPart['is']): string =>
          parts.flatMap(part => (part.is === is ? [] : [part.text])).join('')
        expect([without('added'), without('removed')]).toEqual([before, after])
      }),
    )
  })
})

describe('sentence by sentence, on lines', () => {
  test('shows what stands next to a change and leaves out the rest', () => {
    const text = 'One. Two. Three. Four. Five. Six. Seven.'
    expect(listed(diffSentences(text, text.replace('Four', '4')))).toEqual([
      ' One.',
      ' Two.',
      ' Three.',
      '-Four.',
      '+4.',
      ' Five.',
      ' Six.',
      ' Seven.',
    ])
    expect(listed(diffSentences(`Zero. Half. ${text}`, `Zero. Half. ${text.replace('Seven', '7')}`))).toEqual(
      [' …', ' Five.', ' Six.', '-Seven.', '+7.'],
    )
  })

  test('a change of white space alone is one', () => {
    expect(listed(diffSentences('One. Two.', 'One.\nTwo.'))).toEqual(['-One.', '-Two.', '+One.', '+Two.'])
  })

  test('a line is no longer than a screen', () => {
    const longest = Math.max(
      ...diffSentences('', `${'word '.repeat(100)}${'x'.repeat(500)}`).map(each => each.text.length),
    )
    expect(longest).toBe(160)
  })

  test('what is too long ends in how much more there is', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n')
    const parts = listed(diffSentences('', lines))
    expect([parts.length, parts.at(-1)]).toEqual([25, ' … 76 more lines'])
  })
})
