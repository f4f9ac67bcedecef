import { expect, test } from 'vitest'
import type { WrittenPlan } from '../../src/model/generated/plan.ts'
import { writePlan } from '../../src/plan/document.ts'
import { readPlan } from '../../src/plan/read-document.ts'
import { listFiles, readText } from '../architecture/source.ts'

const documents = listFiles('test/cases').filter(path => path.endsWith('/plan.json'))

test.each(documents)('%s is written again as it was read', path => {
  const document = JSON.parse(readText(path)) as WrittenPlan
  expect(writePlan(readPlan(document))).toEqual(document)
})
