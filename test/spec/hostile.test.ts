import { describe, expect, test } from 'vitest'
import { MAX_SPEC_BYTES } from '../../src/spec/parse.ts'
import { AUDIENCE, listFindings, validateAudience } from './folder-of.ts'

const KIB = 1024

/** Files made to hurt: each is answered with a place, and long before anybody gets impatient. */
describe('a hostile file', () => {
  test.each`
    what                                 | text                              | expected
    ${'200,000 open brackets'}           | ${'['.repeat(200_000)}            | ${'spec/nesting 1:34'}
    ${'200,000 open braces'}             | ${'{'.repeat(200_000)}            | ${'spec/nesting 1:34'}
    ${'100,000 dashes'}                  | ${'- '.repeat(100_000)}           | ${'spec/nesting 1:67'}
    ${'100,000 question marks'}          | ${'? '.repeat(100_000)}           | ${'spec/nesting 1:67'}
    ${'100,000 colons'}                  | ${': '.repeat(100_000)}           | ${'spec/nesting 1:67'}
    ${'a staircase of 700 mappings'}     | ${staircase(700)}                 | ${'spec/nesting 34:34'}
    ${'one byte too many'}               | ${'#'.repeat(MAX_SPEC_BYTES + 1)} | ${'spec/too-large 1:1'}
    ${'60,000 documents'}                | ${'---\n'.repeat(60_000)}         | ${'spec/too-large 10001:1'}
    ${'a quarter of a megabyte of tabs'} | ${'\t'.repeat(200_000)}           | ${'spec/empty 1:1'}
    ${'a number of 250,000 digits'}      | ${`id: ${'9'.repeat(250_000)}`}   | ${'spec/missing-key 1:1'}
    ${'NUL bytes'}                       | ${'id: a\0b\n'}                   | ${'spec/control-character 1:6'}
    ${'a lone carriage return'}          | ${'id: a\rintent: qa\n'}          | ${'spec/control-character 1:6'}
    ${'a line separator'}                | ${'id: a\u2028intent: qa\n'}      | ${'spec/control-character 1:6'}
    ${'a byte order mark inside'}        | ${'id: \ufeffa\n'}                | ${'spec/control-character 1:5'}
    ${'half an emoji, escaped'}          | ${'"\\ud83d": 1\n'}               | ${'spec/missing-key 1:1'}
  `('$what', ({ text, expected }: { text: string; expected: string }) => {
    const startedAt = performance.now()
    const findings = listFindings(validateAudience(text))
    const tookMs = performance.now() - startedAt
    expect(findings).toContain(expected)
    expect(tookMs).toBeLessThan(1_000)
  })

  test('brackets without end are answered within 100 ms', () => {
    validateAudience(AUDIENCE)
    const startedAt = performance.now()
    for (const text of ['['.repeat(200_000), '- '.repeat(100_000)]) validateAudience(text)
    expect(performance.now() - startedAt).toBeLessThan(100)
  })

  test('an alias bomb never goes off', () => {
    const bomb = Array.from(
      { length: 20 },
      (_, level) => `a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}]`,
    )
    const { diagnostics } = validateAudience(`${bomb.join('\n')}\n`)
    expect(new Set(diagnostics.map(({ code }) => code))).toContain('spec/alias')
  })

  test.each([
    ['60,000 anchors', '- &a\n'.repeat(50_000)],
    ['60,000 tags', '!a '.repeat(60_000)],
    ['100,000 closing brackets', '] '.repeat(100_000)],
    ['200,000 commas', `[${','.repeat(200_000)}]`],
    ['50,000 times the same key', 'a: 1\n'.repeat(50_000)],
    ['100,000 quotes', '"'.repeat(200_000)],
    ['50,000 bad escapes', `a: "${'\\x'.repeat(100_000)}"`],
  ])('%s: a few mistakes are shown, not all', (_what, text) => {
    expect(text.length).toBeLessThanOrEqual(MAX_SPEC_BYTES)
    const startedAt = performance.now()
    const { diagnostics } = validateAudience(text)
    expect(diagnostics.length).toBeGreaterThan(0)
    expect(diagnostics.length).toBeLessThanOrEqual(21)
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })

  test('a file of exactly the limit is read', () => {
    const padded = `${AUDIENCE}#${' '.repeat(MAX_SPEC_BYTES - AUDIENCE.length - 2)}\n`
    expect(new TextEncoder().encode(padded).byteLength).toBe(256 * KIB)
    expect(validateAudience(padded).diagnostics).toEqual([])
  })

  test('a key that JavaScript gives a meaning changes no object', () => {
    const { diagnostics } = validateAudience(
      `${AUDIENCE}__proto__: { polluted: true }\nconstructor: { prototype: { polluted: true } }\n`,
    )
    expect(diagnostics.map(({ code }) => code)).toEqual(['spec/reserved-key', 'spec/reserved-key'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('bytes that are no UTF-8 are named where they stand', () => {
    const bytes = new TextEncoder().encode(AUDIENCE)
    bytes[25] = 0xff
    expect(listFindings(validateAudience(bytes))).toEqual(['spec/encoding 2:9'])
  })

  test('UTF-16, as some editors save it, is not UTF-8', () => {
    const bytes = new Uint8Array([
      0xff,
      0xfe,
      ...Array.from(AUDIENCE).flatMap(letter => [letter.charCodeAt(0), 0]),
    ])
    expect(listFindings(validateAudience(bytes))).toEqual(['spec/encoding 1:1'])
  })
})

function staircase(steps: number): string {
  return Array.from({ length: steps }, (_, step) => `${' '.repeat(step)}a:`).join('\n')
}
