import { expect, test } from 'vitest'
import { identifyPerson } from '../../src/membership/identify.ts'

const anna = { person: 'c1', id: 'usr_1', email: 'anna@example.com' }
const takesAll = () => undefined

test.each`
  key         | person                             | expected
  ${'id'}     | ${anna}                            | ${'usr_1'}
  ${'email'}  | ${anna}                            | ${'anna@example.com'}
  ${'cio_id'} | ${anna}                            | ${'c1'}
  ${'id'}     | ${{ person: 'c1' }}                | ${'no-identifier'}
  ${'id'}     | ${{ person: 'c1', id: '' }}        | ${'no-identifier'}
  ${'email'}  | ${{ person: 'c1', id: 'usr_1' }}   | ${'no-identifier'}
  ${'id'}     | ${{ person: 'c1', id: ' USR_1 ' }} | ${' USR_1 '}
`('by $key, $person is sent as $expected', ({ key, person, expected }) => {
  const identified = identifyPerson(person, { kind: key }, takesAll)
  expect(identified.kind === 'member' ? identified.member.identifier : identified.reason).toBe(expected)
})

test('what the destination never takes is skipped with its reason', () => {
  expect(identifyPerson(anna, { kind: 'id' }, () => 'reserved-identifier')).toEqual({
    kind: 'skipped',
    reason: 'reserved-identifier',
  })
})
