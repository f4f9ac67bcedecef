import { getCountries } from 'libphonenumber-js/min'
import { expect, test } from 'vitest'
import audienceSchema from '../../schema/audience.schema.json' with { type: 'json' }
import workspaceSchema from '../../schema/workspace.schema.json' with { type: 'json' }
import { createPhoneReader } from '../../src/membership/phone.ts'

// Numbers that regulators keep for fiction, or that no phone can have.
test.each`
  written                     | country      | sent               | why
  ${'+12025550123'}           | ${undefined} | ${'+12025550123'}  | ${'it is in the form already'}
  ${'+1 (202) 555-0123'}      | ${undefined} | ${'+12025550123'}  | ${'signs between digits say nothing'}
  ${' +12025550123 '}         | ${undefined} | ${'+12025550123'}  | ${'nor do spaces around it'}
  ${'202-555-0123'}           | ${'US'}      | ${'+12025550123'}  | ${'the country is said'}
  ${'202-555-0123'}           | ${undefined} | ${undefined}       | ${'of which country?'}
  ${'+49 30 23125000'}        | ${'US'}      | ${'+493023125000'} | ${'a country code is stronger than the country'}
  ${'030 23125000'}           | ${'DE'}      | ${'+493023125000'} | ${'the 0 of calls within the country goes'}
  ${'0049 30 23125000'}       | ${'DE'}      | ${'+493023125000'} | ${'00 is how most of Europe dials abroad'}
  ${'+49 (0)30 23125000'}     | ${undefined} | ${'+493023125000'} | ${'so is it written on cards'}
  ${'+919876'}                | ${'IN'}      | ${undefined}       | ${'too short for a number of India'}
  ${'+9998765432100'}         | ${'IN'}      | ${undefined}       | ${'no country has this code'}
  ${'202-555-0123 x12'}       | ${'US'}      | ${undefined}       | ${'an extension is somebody else than the number'}
  ${'call 2025550123'}        | ${'US'}      | ${undefined}       | ${'a number among words is a guess'}
  ${'2025550123, 2025550124'} | ${'US'}      | ${undefined}       | ${'two numbers are none'}
  ${'unknown'}                | ${'US'}      | ${undefined}       | ${'it is no number'}
  ${'0'}                      | ${'US'}      | ${undefined}       | ${'it is no number of a phone'}
  ${''}                       | ${'US'}      | ${undefined}       | ${'it is nothing'}
`('$written of $country is sent as $sent: $why', ({ written, country, sent }) => {
  expect(createPhoneReader(country)(written)).toBe(sent)
})

test('a number in its form is its own form', () => {
  const read = createPhoneReader('IN')
  for (const number of ['+12025550123', '+493023125000']) expect(read(read(number) ?? '')).toBe(number)
})

test.each([
  ['audience', audienceSchema],
  ['workspace', workspaceSchema],
])('the schema of the %s knows the countries that numbers are read of', (_name, { $defs }) => {
  expect($defs.identifier_attribute.properties.country.enum).toEqual([...getCountries()].sort())
})
