import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { Store } from '../../src/ports.ts'
import type { StoreUnderTest } from './store-under-test.ts'

/** The store of the test that runs. */
export interface OpenStore {
  readonly store: Store
  readonly underTest: StoreUnderTest
  close(): Promise<void>
  /** Closes it, unless it is closed, and opens it again. */
  reopen(): Promise<void>
}

/** Opens a store before each test of a suite; it is gone after it. */
export const useStore = (create: () => Promise<StoreUnderTest>): OpenStore => {
  const { opened, begin, end } = createOpenStore(create)
  beforeEach(begin)
  afterEach(end)
  return opened
}

/** One store for all tests of a suite. Each finds nothing recorded under the keys that these tests use. */
export const useLedgers = (create: () => Promise<StoreUnderTest>): OpenStore => {
  const { opened, begin, end } = createOpenStore(create)
  beforeAll(begin)
  beforeEach(() => opened.store.commit(KEYS.map(audience => ({ kind: 'drop-ledger', audience }))))
  afterAll(end)
  return opened
}

const KEYS = ['vip', 'vip@g1', 'winback', 'cart', 'alone']

const createOpenStore = (create: () => Promise<StoreUnderTest>) => {
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
  const opened: OpenStore = {
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
  const begin = async (): Promise<void> => {
    underTest = await create()
    await open()
  }
  const end = async (): Promise<void> => {
    await close().catch(() => undefined)
    await underTest.cleanUp()
  }
  return { opened, begin, end }
}
