import { afterEach, beforeEach } from 'vitest'
import type { Store } from '../../src/ports.ts'
import type { StoreUnderTest } from './store-under-test.ts'

/** The store of the test that runs, opened before it and gone after it. */
export interface OpenStore {
  readonly store: Store
  readonly underTest: StoreUnderTest
  close(): Promise<void>
  /** Closes it, unless it is closed, and opens it again. */
  reopen(): Promise<void>
}

/** Opens a store before each test of a suite. */
export const useStore = (create: () => Promise<StoreUnderTest>): OpenStore => {
  let underTest: StoreUnderTest
  let store: Store
  let isOpen = false
  const open = async (): Promise<void> => {
    store = await underTest.open()
    isOpen = true
  }
  const close = async (): Promise<void> => {
    if (isOpen) await store.close()
    isOpen = false
  }
  beforeEach(async () => {
    underTest = await create()
    await open()
  })
  afterEach(async () => {
    await close().catch(() => undefined)
    await underTest.cleanUp()
  })
  return {
    get store() {
      return store
    },
    get underTest() {
      return underTest
    },
    close,
    reopen: async () => {
      await close()
      await open()
    },
  }
}
