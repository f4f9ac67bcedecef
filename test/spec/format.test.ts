import { describe, expect, test } from 'vitest'
import { formatSpec } from '../../src/spec/format.ts'
import { fileOf } from './folder-of.ts'
import { VALIDATORS } from './schemas.ts'

const format = (text: string): string => {
  const formatted = formatSpec(fileOf('a.yaml', text), VALIDATORS.audience.schema)
  if (formatted.kind === 'refused') throw new Error(JSON.stringify(formatted.findings))
  return formatted.text
}

describe('fmt moves lines and rewrites nothing', () => {
  test('keys in the order of the schema, at every level, each with its comments', () => {
    expect(
      format(`# yaml-language-server: $schema=../schema/audience.schema.json
# What MoEngage calls it.
name: ACT__CartAbandon__2h
id: cart-abandon                 # stable for ever

# Who is in it,
# in one sentence.
description: >-
  Added to cart,

  no order.
timing:   # all in short units
  # as often as the suppressions
  sync_every: 30m
  window:   2h   # the name says it too
    # deeper than the keys: belongs to window
exit: { for: 7d, rule: "sticky" , from: exit }
zebra: not a key, so it comes last
use_case: 'cart-recovery'
# end of file
`),
    ).toBe(`# yaml-language-server: $schema=../schema/audience.schema.json
id: cart-abandon                 # stable for ever
# What MoEngage calls it.
name: ACT__CartAbandon__2h

# Who is in it,
# in one sentence.
description: >-
  Added to cart,

  no order.
use_case: 'cart-recovery'
exit: { rule: "sticky", for: 7d , from: exit }
timing:   # all in short units
  window:   2h   # the name says it too
    # deeper than the keys: belongs to window
  # as often as the suppressions
  sync_every: 30m
zebra: not a key, so it comes last
# end of file
`)
  })

  test.each([
    ['a file in order', 'id: a\nname: b\n', 'id: a\nname: b\n'],
    ['a last line without its end', 'name: b\nid: a', 'id: a\nname: b\n'],
    ['Windows line ends', 'name: b\r\nid: a\r\n', 'id: a\r\nname: b\r\n'],
    ['a byte order mark, which goes', '\ufeffid: a\n', 'id: a\n'],
    ['empty lines at the top, which go', '\n\nid: a\n', 'id: a\n'],
    [
      'a head above an empty line, which stays',
      '# about us\n\nname: b\nid: a\n',
      '# about us\n\nid: a\nname: b\n',
    ],
    ['a document start', '---\nname: b\nid: a\n', '---\nid: a\nname: b\n'],
    [
      'a mapping in braces over several lines',
      'exit: {\n  for: 7d,\n  rule: sticky\n}\n',
      'exit: {\n  rule: sticky,\n  for: 7d\n}\n',
    ],
    ['a whole file in braces', '{ name: b, id: a }\n', '{ id: a, name: b }\n'],
    ['a key without a value', 'name:\nid: a\n', 'id: a\nname:\n'],
    ["names that are the user's own", 'later: { b: 1, a: 2 }\n', 'later: { b: 1, a: 2 }\n'],
  ])('%s', (_what, before, after) => {
    expect(format(before)).toBe(after)
  })

  test.each([
    ['comments inside braces', 'exit: { for: 7d, # a week\n  rule: sticky }\n'],
    ['a text that keeps the empty lines below it', 'name: |+\n  b\n\nid: a\n'],
    ['keys written with question marks', '? name\n: b\n? id\n: a\n'],
  ])('%s: left alone', (_what, text) => {
    expect(format(text)).toBe(text)
  })

  test.each([
    ['a syntax error', 'a: [\n', 'spec/syntax'],
    ['an alias', 'a: &x 1\nb: *x\n', 'spec/alias'],
    ['a key written twice', 'id: a\nid: b\n', 'spec/duplicate-key'],
  ])('%s: refused, not guessed at', (_what, text, code) => {
    const formatted = formatSpec(fileOf('a.yaml', text), VALIDATORS.audience.schema)
    expect(formatted.kind === 'refused' && formatted.findings[0]?.code).toBe(code)
  })

  test('the workspace has an order of its own, and names of environments and teams have none', () => {
    const formatted = formatSpec(
      fileOf(
        'workspace.yaml',
        'environments:\n  test:\n    moengage: { workspace_id: A, data_center: "01" }\n    customerio: { region: us }\n  live: {}\nname: acme\n',
      ),
      VALIDATORS.workspace.schema,
    )
    expect(formatted.text).toBe(
      'name: acme\nenvironments:\n  test:\n    customerio: { region: us }\n    moengage: { data_center: "01", workspace_id: A }\n  live: {}\n',
    )
  })
})
