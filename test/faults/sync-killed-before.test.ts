import { beforeAll, describe, expect, test } from 'vitest'
import { chooseSyncPoints, SYNC_CALLS, SYNC_COMMITS } from './points.ts'
import type { ProcessEnd } from './process.ts'
import { killSync, syncUndisturbed } from './sync-kill.ts'

describe('sync, killed before a batch or a commit, is finished by running it again', () => {
  let reference: ProcessEnd
  beforeAll(async () => {
    reference = await syncUndisturbed()
  })

  test('undisturbed, it makes as many calls and commits as the sweep has points', () => {
    expect([reference.calls.length, reference.commits.length]).toEqual([SYNC_CALLS, SYNC_COMMITS])
  })

  test.each(chooseSyncPoints('before'))('killed before $at $number', async point => {
    expect((await killSync(point, reference)).troubles).toEqual([])
  })
})
