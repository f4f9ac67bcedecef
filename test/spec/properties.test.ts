import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatSpec } from '../../src/spec/format.ts'
import { parseSpec } from '../../src/spec/parse.ts'
import { validateSpecs } from '../../src/spec/validate.ts'
import { AUDIENCE, fileOf, validateAudience, WORKSPACE } from './folder-of.ts'
import { VALIDATORS } from './schemas.ts'

/** Text that looks like YAML more often than chance would have it. */
const yamlish = fc
  .array(
    fc.constantFrom(
      ...['id', 'name', 'exit', 'rule', 'remove', '2h', '30%', '01', 'yes', '~', '.inf', '<<', '__proto__'],
      ...[
        ': ',
        ':',
        '- ',
        '? ',
        '{',
        '}',
        '[',
        ']',
        ', ',
        '|',
        '>',
        '"',
        "'",
        '&a ',
        '*a',
        '!t ',
        '# x',
        '%',
        '@',
      ],
      ...[
        '\n',
        '\n',
        '\n  ',
        '\n    ',
        ' ',
        '\t',
        '\r\n',
        '---\n',
        '...\n',
        '\\',
        '\ud83d',
        'é',
        '😀',
        '\u202e',
        '\0',
      ],
    ),
    { maxLength: 60 },
  )
  .map(parts => parts.join(''))

/** A valid audience with something cut out, doubled or put in. */
const damaged = fc
  .tuple(fc.nat(AUDIENCE.length), fc.nat(30), yamlish)
  .map(([at, cut, put]) => AUDIENCE.slice(0, at) + put + AUDIENCE.slice(at + cut))

describe('validation', () => {
  test('never throws, and says something whenever it accepts nothing', () => {
    fc.assert(
      fc.property(fc.oneof(yamlish, damaged, fc.string({ unit: 'binary' })), text => {
        const { diagnostics, audiences } = validateAudience(text)
        expect(diagnostics.length > 0 || audiences.length > 0).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('never throws on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        expect(validateAudience(bytes).diagnostics.length).toBeGreaterThan(0)
      }),
      { numRuns: 300 },
    )
  })

  test('points inside the file', () => {
    fc.assert(
      fc.property(fc.oneof(yamlish, damaged), text => {
        const lines = text.split('\n')
        for (const { at } of validateAudience(text).diagnostics) {
          if (at?.path !== 'audiences/cart-abandon.yaml') continue
          expect(at.line).toBeLessThanOrEqual(lines.length)
          expect(at.column).toBeLessThanOrEqual((lines[at.line - 1] ?? '').length + 1)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('says the same whatever the order of files', () => {
    const files = [
      fileOf('workspace.yaml', WORKSPACE),
      ...['b', 'c', 'd', 'e'].map(id =>
        fileOf(
          `${id}.yaml`,
          `${AUDIENCE.replace('id: cart-abandon', `id: ${id}`)}suppressed_by: [b, c, d, x]\n`,
        ),
      ),
      fileOf('sub/b.yaml', AUDIENCE),
      fileOf('broken.yaml', 'a: [\n'),
    ]
    const expected = validateSpecs({ directory: 'audiences', files }, VALIDATORS)
    fc.assert(
      fc.property(fc.shuffledSubarray(files, { minLength: files.length }), shuffled => {
        const answer = validateSpecs({ directory: 'audiences', files: shuffled }, VALIDATORS)
        expect(answer.diagnostics).toEqual(expected.diagnostics)
        expect(answer.audiences).toEqual(expected.audiences)
        expect(answer.document).toEqual(expected.document)
      }),
      { numRuns: 50 },
    )
  })
})

/** Valid keys and values in any order, with comments and empty lines between them. */
const shuffledSpec = fc
  .tuple(
    fc.shuffledSubarray(AUDIENCE.trimEnd().split('\n').concat(BLOCKS()), { minLength: 1 }),
    fc.array(fc.constantFrom('', '# about the next\n', '\n', '\n# section\n\n', '    # deeper\n'), {
      maxLength: 20,
    }),
    fc.constantFrom('', '# yaml-language-server: $schema=x\n', '# head\n\n', '---\n'),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  .map(([entries, gaps, head, newline, hasEnd]) => {
    const body = entries.map((entry, index) => `${gaps[index] ?? ''}${entry}`).join('\n')
    return (head + body + (hasEnd ? '\n' : '')).replaceAll('\n', newline)
  })

function BLOCKS(): readonly string[] {
  return [
    'guards:\n  # most leave\n  max_growth: 100% # beside\n  max_removal: 30%\n  # tail of guards',
    'channels: { customerio: [email], moengage: [push] }',
    'identifier: {\n  min_coverage: 95%,\n  key: id }',
    'change_process: |\n  Two approvals.\n\n  # not a comment\n',
    'suppressed_by:\n  - vip # always\n  - recent-purchasers',
    'frequency_cap: {per: 1d,max: 2} # kept by MoEngage',
    'later: >+\n  kept\n\n',
    'zebra: |\n  striped',
    '"protected": true',
  ]
}

describe('fmt', () => {
  const { schema } = VALIDATORS.audience
  const format = (text: string): string => {
    const formatted = formatSpec(fileOf('a.yaml', text), schema)
    if (formatted.kind === 'refused') throw new Error(JSON.stringify(formatted.findings))
    return formatted.text
  }
  const linesOf = (text: string): readonly string[] =>
    text
      .split(/\r?\n/)
      .map(line => line.trim())
      .filter(line => line !== '')
      .sort()

  test('a second time changes nothing, and the meaning never changes', () => {
    fc.assert(
      fc.property(shuffledSpec, text => {
        const once = format(text)
        expect(format(once)).toBe(once)
        expect(parseSpec(fileOf('a.yaml', once)).value).toEqual(parseSpec(fileOf('a.yaml', text)).value)
      }),
      { numRuns: 400 },
    )
  })

  test('keeps every comment', () => {
    const commentsOf = (text: string): readonly string[] =>
      linesOf(text).flatMap(line => /#.*$/.exec(line)?.[0] ?? [])
    fc.assert(
      fc.property(shuffledSpec, text => {
        expect(commentsOf(format(text)).toSorted()).toEqual(commentsOf(text).toSorted())
      }),
      { numRuns: 200 },
    )
  })

  test('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(yamlish, damaged), text => {
        expect(['formatted', 'refused']).toContain(formatSpec(fileOf('a.yaml', text), schema).kind)
      }),
      { numRuns: 1000 },
    )
  })
})
