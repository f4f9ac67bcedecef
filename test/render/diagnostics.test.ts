import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import { renderFrame } from '../../src/render/code-frame.ts'
import { countDiagnostics, renderDiagnostics, toDiagnosticJson } from '../../src/render/diagnostics.ts'
import { ANSI, PLAIN } from '../../src/render/paint.ts'

const path = 'audiences/vip.yaml'
const text = 'id: vip\nname: ORC__Vip__365d\nintnt: orchestration\n'

const unknownKey: Diagnostic = {
  code: 'spec/unknown-key',
  severity: 'error',
  summary: 'Unknown key',
  detail: '"intnt" is not a key of the audience file.',
  hint: 'did you mean "intent"?',
  at: { path, line: 3, column: 1, endLine: 3, endColumn: 6 },
}
const noAudiences: Diagnostic = {
  code: 'spec/no-audiences',
  severity: 'warning',
  summary: 'No audiences are declared',
  detail: 'audiences/ holds no audience file.',
}
const sources = new Map([[path, text]])

test('what, where, the lines, why, and the way out', () => {
  const rendered = renderDiagnostics([unknownKey, noAudiences], { sources, paint: PLAIN, width: 80 })
  expect(rendered).toBe(`error: Unknown key [spec/unknown-key]
  audiences/vip.yaml:3:1

    2 | name: ORC__Vip__365d
  > 3 | intnt: orchestration
      | ^^^^^

  "intnt" is not a key of the audience file.
  hint: did you mean "intent"?

warning: No audiences are declared [spec/no-audiences]
  audiences/ holds no audience file.`)
})

test('colour changes nothing but the colour', () => {
  const plain = renderDiagnostics([unknownKey], { sources, paint: PLAIN, width: 80 })
  const colored = renderDiagnostics([unknownKey], { sources, paint: ANSI, width: 80 })
  expect(colored).toContain('\u001b[31merror\u001b[39m')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
  expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain)
})

test('sentences wrap, words do not', () => {
  const detail = `${'word '.repeat(12)}https://example.com/a/rather/long/address/that/stays/whole`
  const rendered = renderDiagnostics([{ ...noAudiences, detail }], { sources, paint: PLAIN, width: 40 })
  expect(rendered).toBe(`warning: No audiences are declared [spec/no-audiences]
  word word word word word word word
  word word word word word
  https://example.com/a/rather/long/address/that/stays/whole`)
})

test('for programs: every field, null where there is nothing', () => {
  expect(toDiagnosticJson(unknownKey, sources)).toEqual({
    code: 'spec/unknown-key',
    severity: 'error',
    summary: 'Unknown key',
    detail: '"intnt" is not a key of the audience file.',
    path,
    line: 3,
    column: 1,
    end_line: 3,
    end_column: 6,
    hint: 'did you mean "intent"?',
    frame: '    2 | name: ORC__Vip__365d\n  > 3 | intnt: orchestration\n      | ^^^^^',
  })
  expect(toDiagnosticJson(noAudiences, sources)).toEqual({
    code: 'spec/no-audiences',
    severity: 'warning',
    summary: 'No audiences are declared',
    detail: 'audiences/ holds no audience file.',
    path: null,
    line: null,
    column: null,
    end_line: null,
    end_column: null,
    hint: null,
    frame: null,
  })
})

test.each([
  [[], ''],
  [[unknownKey], '1 error'],
  [[noAudiences, noAudiences], '2 warnings'],
  [[unknownKey, unknownKey, noAudiences], '2 errors, 1 warning'],
])('counts', (diagnostics, expected) => {
  expect(countDiagnostics(diagnostics)).toBe(expected)
})

describe('a code frame', () => {
  const frame = (
    source: string,
    at: { line: number; column: number; endLine?: number; endColumn?: number },
  ) => renderFrame(source, { path, ...at }, { width: 60 })

  test('numbers lines so that they line up', () => {
    expect(
      frame(Array.from({ length: 12 }, (_, index) => `k${index}: v`).join('\n'), {
        line: 9,
        column: 1,
        endColumn: 3,
      }),
    ).toBe(`     8 | k7: v
  >  9 | k8: v
       | ^^
    10 | k9: v`)
  })

  test('underlines to the end of the line when the place goes on below', () => {
    expect(frame('a:\n  b: 1\n', { line: 1, column: 1, endLine: 2, endColumn: 7 })).toBe(`  > 1 | a:
      | ^^
    2 |   b: 1`)
  })

  test('cuts long lines around the place', () => {
    const long = `description: ${'x'.repeat(100)} HERE ${'y'.repeat(200_000)}`
    expect(frame(long, { line: 1, column: 115, endColumn: 119 })).toBe(
      `  > 1 | …${'x'.repeat(23)} HERE ${'y'.repeat(21)}…
      | ${' '.repeat(25)}^^^^`,
    )
  })

  test('shows what nobody could see, and never sends it to the terminal', () => {
    expect(
      frame('a: x\u202ey\u001b[2Jz\tw\r\n', { line: 1, column: 5, endColumn: 6 }),
    ).toBe(`  > 1 | a: x�y�[2Jz→w
      |     ^`)
  })

  test('points behind the last character', () => {
    expect(frame('a: [\n', { line: 2, column: 1 })).toBe(`    1 | a: [
  > 2 |
      | ^`)
  })

  test.each([
    ['app_key_env: 3f9c0ab1d2', 'app_key_env: **********'],
    ['{ data_key_env: "a-b-c", workspace_id: X }', '{ data_key_env: "*****", workspace_id: X }'],
    [
      'base_url: "https://user:secret@proxy.example.com"',
      'base_url: "https://***********@proxy.example.com"',
    ],
    ['app_key_env: CUSTOMERIO_APP_KEY', 'app_key_env: CUSTOMERIO_APP_KEY'],
  ])('%s: %s', (source, shown) => {
    expect(frame(source, { line: 1, column: 1 }).split('\n')[0]).toBe(`  > 1 | ${shown}`)
  })
})
