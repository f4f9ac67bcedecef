import { describe, expect, test } from 'vitest'
import { failureOf } from '../../src/model/failure.ts'
import { describeStoreContract } from '../contract/store-contract.ts'
import { AT, cohort, createSurroundings, people, settleAll } from '../contract/store-under-test.ts'
import { CrashError, createMemoryStore } from '../support/memory-store.ts'

describeStoreContract('the memory store', async () => {
  const memory = createMemoryStore(createSurroundings())
  return {
    open: memory.open,
    openAndDie: async () => {
      const store = await memory.open()
      const { lock } = store
      memory.crashAt(1, 'before')
      await store.commit([]).catch(() => undefined)
      return lock
    },
    seize: memory.seize,
    unlock: memory.unlock,
    readStateAside: memory.readState,
    cleanUp: async () => undefined,
  }
})

describe('a process that is killed', () => {
  test.each([
    { when: 'before', head: 1 },
    { when: 'after', head: 2 },
  ] as const)('$when its second transaction leaves $head of them', async ({ when, head }) => {
    const memory = createMemoryStore()
    const store = await memory.open()
    memory.crashAt(2, when)
    await store.commit([{ kind: 'object', object: cohort }])
    await expect(store.commit([{ kind: 'drop-object', address: 'cohort.vip' }])).rejects.toThrow(CrashError)
    expect((await memory.readState()).head).toBe(head)
    expect(memory.transactions).toBe(2)
  })

  test('does nothing more, and the next one takes over', async () => {
    const memory = createMemoryStore()
    const store = await memory.open()
    const busy = await memory.open().catch(failureOf)
    expect(busy).toMatchObject({ code: 'store/busy' })
    memory.crashAt(1, 'after')
    await expect(store.commit([])).rejects.toThrow(CrashError)
    await expect(store.readState()).rejects.toThrow(CrashError)
    await expect(store.commit([])).rejects.toThrow(CrashError)
    await store.close()
    const next = await memory.open()
    expect(next.tookOverFrom).toEqual({ ...store.lock, expiresAt: next.tookOverFrom?.expiresAt })
  })

  test('a hundred thousand steps take seconds', { timeout: 20_000 }, async () => {
    const store = await createMemoryStore().open()
    for (let step = 0; step < 100_000; step += 1) {
      const member = { person: `c${step % 50}`, identifier: `usr_${step % 40}` }
      await store.commit([{ kind: 'member', audience: 'vip', member, at: AT }])
    }
    await settleAll(store, people(['c1', 'usr_1']))
    expect((await store.readState()).members).toEqual(new Map([['vip', 1]]))
  })
})
