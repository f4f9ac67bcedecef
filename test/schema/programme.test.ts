import { expect, test } from 'vitest'
import { findMistakes, readProgramme } from './fixtures.ts'

const programme = readProgramme()
const audiences = programme.filter(({ schema }) => schema === 'audience')

test('the programme is a workspace and seven audiences', () => {
  expect(programme.map(({ file }) => file)).toEqual([
    'active-in-app.yaml',
    'cart-abandon.yaml',
    'internal-qa.yaml',
    'recent-purchasers.yaml',
    'starter-kit-cross-sell.yaml',
    'vip.yaml',
    'winback.yaml',
    'workspace.yaml',
  ])
})

test.each(programme)('$file has no mistake', ({ schema, value }) => {
  expect(findMistakes(schema, value)).toEqual([])
})

test.each(programme)('$file tells the editor its schema in the first line', ({ schema, text }) => {
  expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=../schema/${schema}.schema.json`)
})

test.each(audiences)('$file is named after its id', ({ file, value }) => {
  expect(`${value.id}.yaml`).toBe(file)
})

test('suppressions name audiences that exist', () => {
  const ids = new Set(audiences.map(({ value }) => value.id))
  for (const { value } of audiences) {
    for (const id of (value.suppressed_by as readonly string[] | undefined) ?? []) {
      expect(ids.has(id), `${value.id} is suppressed by ${id}`).toBe(true)
    }
  }
})
