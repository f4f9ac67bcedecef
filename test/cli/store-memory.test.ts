import { expect, test } from 'vitest'
import { readStoreMemory } from '../../src/cli/store-memory.ts'
import { failureOf } from '../../src/model/failure.ts'

test.each([undefined, ''])('without a word (%j) the engine takes what it takes', written => {
  expect(readStoreMemory(written)).toEqual({})
})

test.each(['512MB', '2GB'])('%s is an amount', written => {
  expect(readStoreMemory(written)).toEqual({ memoryLimit: written })
})

test.each(['512', '0MB', '1.5GB', '-1GB', '2 GB', "1GB'; DROP TABLE ledger", '80%'])(
  '%s is none',
  written => {
    try {
      readStoreMemory(written)
      expect.unreachable()
    } catch (error) {
      expect(failureOf(error)).toMatchObject({ origin: 'cli', code: 'cli/bad-memory' })
    }
  },
)
