import { beforeAll, describe, expect, test } from 'vitest'
import { chooseSyncPoints } from './points.ts'
import type { ProcessEnd } from './process.ts'
import { killSync, syncUndisturbed } from './sync-kill.ts'

describe('sync, killed after a batch or a commit, is finished by running it again', () => {
  let reference: ProcessEnd
  beforeAll(async () => {
    reference = await syncUndisturbed()
  })

  test.each(chooseSyncPoints('after'))('killed after $at $number', async point => {
    expect((await killSync(point, reference)).troubles).toEqual([])
  })
})
