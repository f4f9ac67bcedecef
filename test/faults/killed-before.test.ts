import { beforeAll, describe, expect, test } from 'vitest'
import { applyUndisturbed, crashAndConverge, type Reference } from './converge.ts'
import { CALLS, COMMITS, choosePoints } from './points.ts'

describe('apply, killed before a call or a commit, is finished by running it again', () => {
  let reference: Reference
  beforeAll(async () => {
    reference = await applyUndisturbed()
  })

  test('undisturbed, it makes as many calls and commits as the sweep has points', () => {
    expect(reference.end).toMatchObject({ exitCode: 0 })
    expect([reference.end.calls.length, reference.end.commits.length]).toEqual([CALLS, COMMITS])
  })

  test.each(choosePoints('before'))('killed before $at $number', async point => {
    expect((await crashAndConverge(point, reference)).troubles).toEqual([])
  })
})
