import { describe, expect, test, vi } from 'vitest'
import { playFault } from './play-fault.ts'
import { chooseFaults } from './points.ts'

vi.mock('../../src/providers/moengage/convert.ts', async original =>
  (await import('./small-batches.ts')).withSmallBatches(await original()),
)

describe('a sync that goes wrong, with the exit rule sticky from entry', () => {
  test.each(chooseFaults('sticky from entry'))('$name', async fault => {
    expect((await playFault(fault, 'sticky from entry')).troubles).toEqual([])
  })
})
