import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findCycles } from '../../src/spec/cycles.ts'
import { chooseEnvironment } from '../../src/spec/environment.ts'
import { findNearestWord } from '../../src/spec/nearest-word.ts'
import { NOT_BLANK, PATTERN_WORDS } from '../../src/spec/pattern-words.ts'
import { readPlainScalar } from '../../src/spec/plain-scalar.ts'
import { AUDIENCE, validateAudience } from './folder-of.ts'

test('every pattern of the schemas has words', () => {
  const patterns = ['audience', 'workspace'].flatMap(name => {
    const text = readFileSync(new URL(`../../schema/${name}.schema.json`, import.meta.url), 'utf8')
    return Array.from(
      text.matchAll(/"pattern": ("(?:[^"\\]|\\.)*")/g),
      match => JSON.parse(match[1] ?? '') as string,
    )
  })
  expect(patterns.length).toBeGreaterThan(10)
  expect(patterns.filter(pattern => pattern !== NOT_BLANK && PATTERN_WORDS[pattern] === undefined)).toEqual(
    [],
  )
  expect(Object.keys(PATTERN_WORDS).filter(pattern => !patterns.includes(pattern))).toEqual([])
})

describe('a scalar without quotes', () => {
  test.each([
    ['cart-abandon', 'cart-abandon'],
    ['14', 14],
    ['-1', -1],
    ['0.5', 0.5],
    ['true', true],
    ['FALSE', false],
    ['~', null],
    ['', null],
    ['null', null],
    ['yes', 'yes'],
    ['2h', '2h'],
    ['30%', '30%'],
    ['2026-11-24', '2026-11-24'],
    ['12:30', '12:30'],
    ['1_000', '1_000'],
    ['truely', 'truely'],
    ['-', '-'],
    ['+', '+'],
    ['...', '...'],
    ['9007199254740991', 9_007_199_254_740_991],
  ])('%s is read as YAML 1.2 reads it', (text, value) => {
    expect(readPlainScalar(text)).toEqual({ kind: 'value', value })
  })

  test.each([
    '01',
    '-0x1F',
    '0x1F',
    '0o17',
    '1e3',
    '1.',
    '.5',
    '+1',
    '.inf',
    '-.INF',
    '.nan',
    '9007199254740992',
  ])('%s is no number that everybody reads alike', text => {
    const isText = text === '-0x1F'
    expect(readPlainScalar(text).kind).toBe(isText ? 'value' : 'refused')
  })
})

test.each([
  ['use-case', ['use_case', 'id'], 'use_case'],
  ['Intent', ['id', 'intent'], 'intent'],
  ['cio', ['id', 'email', 'cio_id'], undefined],
  ['x', ['a', 'b'], undefined],
  ['analysis', ['activation', 'suppression'], undefined],
  ['toString', ['id'], undefined],
])('%s is near to one of %j: %s', (written, allowed, expected) => {
  expect(findNearestWord(written, allowed)).toBe(expected)
})

describe('circles', () => {
  test.each([
    ['none in a chain', { a: ['b'], b: ['c'], c: [] }, []],
    ['none in a diamond', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
    ['one of two', { b: ['a'], a: ['b'] }, [['a', 'b']]],
    [
      'one, from its first member, whatever leads to it',
      { a: ['c'], c: ['d'], d: ['b'], b: ['c'] },
      [['b', 'c', 'd']],
    ],
    [
      'two apart',
      { a: ['b'], b: ['a'], c: ['d'], d: ['c'] },
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['names of nobody lead nowhere', { a: ['x'] }, []],
  ])('%s', (_what, graph, expected) => {
    expect(findCycles(new Map(Object.entries(graph)))).toEqual(expected)
  })

  test('a chain as long as a folder is deep enough to break a recursion', () => {
    const links = Array.from({ length: 100_000 }, (_, index): [string, string[]] => [
      `n${index}`,
      [`n${index + 1}`],
    ])
    expect(findCycles(new Map(links))).toEqual([])
  })
})

test('an environment is chosen by name, or the names there are get listed', () => {
  const { workspace } = validateAudience(AUDIENCE)
  if (!workspace) throw new Error('the workspace is valid')
  expect(chooseEnvironment(workspace, 'live')).toBe(workspace.environments.get('live'))
  expect(chooseEnvironment(workspace, 'production')).toEqual({
    code: 'spec/unknown-environment',
    severity: 'error',
    summary: 'There is no such environment',
    detail: '"production" is not among the environments of the workspace.',
    hint: 'use --env live',
  })
})
