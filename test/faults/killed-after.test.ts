import { beforeAll, describe, expect, test } from 'vitest'
import { applyUndisturbed, crashAndConverge, type Reference } from './converge.ts'
import { choosePoints } from './points.ts'

describe('apply, killed after a call or a commit, is finished by running it again', () => {
  let reference: Reference
  beforeAll(async () => {
    reference = await applyUndisturbed()
  })

  test.each(choosePoints('after'))('killed after $at $number', async point => {
    expect((await crashAndConverge(point, reference)).troubles).toEqual([])
  })
})
