import { expect, test } from 'vitest'
import { identifyPerson } from '../../src/membership/identify.ts'

const takesAll = () => undefined

test.each`
  value        | expected
  ${'usr_1'}   | ${'usr_1'}
  ${' USR_1 '} | ${' USR_1 '}
  ${''}        | ${'no-identifier'}
  ${undefined} | ${'no-identifier'}
`('$value is sent as $expected', ({ value, expected }) => {
  const identified = identifyPerson(value, takesAll)
  expect(identified.kind === 'identifier' ? identified.identifier : identified.reason).toBe(expected)
})

test('what the destination never takes is skipped with its reason', () => {
  expect(identifyPerson('guest', () => 'reserved-identifier')).toEqual({
    kind: 'skipped',
    reason: 'reserved-identifier',
  })
})
