import { expect, test } from 'vitest'
import { insertAdopt } from '../../src/spec/insert-adopt.ts'

test.each`
  story                               | before                                     | after
  ${'below the name'}                 | ${'# vip\nid: vip\nname: A # why\nb: 1\n'} | ${'# vip\nid: vip\nname: A # why\nadopt: true\nb: 1\n'}
  ${'at the end, without a newline'}  | ${'id: vip\nname: A'}                      | ${'id: vip\nname: A\nadopt: true\n'}
  ${'with the line ends of the file'} | ${'id: vip\r\nname: A\r\n'}                | ${'id: vip\r\nname: A\r\nadopt: true\r\n'}
  ${'in place of false'}              | ${'name: A\nadopt: false # not yet\n'}     | ${'name: A\nadopt: true # not yet\n'}
  ${'never over something else'}      | ${'name: A\nadopt: { cohort_id: x }\n'}    | ${undefined}
  ${'not into braces'}                | ${'{ id: vip, name: A }\n'}                | ${undefined}
  ${'not without a name'}             | ${'id: vip\n'}                             | ${undefined}
`('adopt goes $story', ({ before, after }) => {
  expect(insertAdopt(before)).toBe(after)
})

test('a cohort id is quoted', () => {
  expect(insertAdopt('name: A\n', 'old: 7')).toBe('name: A\nadopt: { cohort_id: "old: 7" }\n')
})
