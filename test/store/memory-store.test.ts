import { describe, expect, test } from 'vitest'
import { failureOf } from '../../src/model/failure.ts'
import type { Store } from '../../src/ports.ts'
import { describeMembershipContract } from '../contract/membership-contract.ts'
import { compareOn, day, MS, runDay, sticky } from '../contract/run-day.ts'
import { describeStoreContract } from '../contract/store-contract.ts'
import {
  AT,
  cohort,
  createSurroundings,
  identifiers,
  openDelta,
  people,
  type StoreUnderTest,
  settleAll,
} from '../contract/store-under-test.ts'
import { CrashError, createMemoryStore } from '../support/memory-store.ts'

const createMemory = async (): Promise<StoreUnderTest> => {
  const memory = createMemoryStore(createSurroundings())
  let store: Store
  return {
    open: async () => {
      store = await memory.open()
      return store
    },
    die: async () => {
      memory.crashAt(1, 'before')
      await store.commit([]).catch(() => undefined)
    },
    seize: memory.seize,
    unlock: memory.unlock,
    readStateAside: memory.readState,
    cleanUp: async () => undefined,
  }
}

describeStoreContract('the memory store', createMemory)
describeMembershipContract('the memory store', createMemory)

const MEMBERS = people(['cio_ada', 'ada'], ['cio_bo', 'bo'], ['cio_cy', 'cy'])

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

  test.each([
    { when: 'before', expected: 'hold ada (sticky), leaves on day 7' },
    { when: 'after', expected: 'hold ada (sticky), leaves on day 5' },
  ] as const)('$when it noted who is gone on day 3: on day 5, $expected', async ({ when, expected }) => {
    const memory = createMemoryStore()
    const terms = { rules: { exit: sticky(2, 'exit') } }
    const store = await memory.open()
    await runDay(store, 0, 'ada bo', terms)
    const delta = await compareOn(store, 3, 'bo', terms)
    memory.crashAt(1, when)
    await expect(delta.noteLeavers({ at: day(3), isComplete: true })).rejects.toThrow(CrashError)
    expect(await runDay(await memory.open(), 5 - MS, 'bo', terms)).toBe(expected)
  })

  test.each(['before', 'after'] as const)(
    '%s a batch that is sent again: the next one goes on there',
    async when => {
      const memory = createMemoryStore()
      const store = await memory.open()
      await runDay(store, 0, 'ada bo cy')
      await store.commit([{ kind: 'assertion', audience: 'vip', is: 'begun', at: AT, reason: 'asked' }])
      const send = { kind: 'batch', audience: 'vip', list: 'again', at: AT } as const
      const first = await openDelta(store, MEMBERS, { again: true })
      await store.commit([{ ...send, from: 1, to: 1 }])
      memory.crashAt(1, when)
      await expect(store.commit([{ ...send, from: 2, to: 2 }])).rejects.toThrow(CrashError)
      await expect(first.carryOver(AT)).rejects.toThrow(CrashError)
      const second = await openDelta(await memory.open(), MEMBERS, { again: true })
      expect(await identifiers(second, 'again')).toEqual(when === 'before' ? ['bo', 'cy'] : ['cy'])
    },
  )

  test('in the middle of a read leaves the pages that have a note, for a day', async () => {
    let now = AT
    const memory = createMemoryStore({ clock: { now: () => now } })
    const store = await memory.open()
    const spool = await store.openSpool('vip', { resumeKey: 'segment 14' })
    await spool.append(MEMBERS, 'page 2')
    await spool.append(people(['cio_zoe', 'zoe']))
    memory.crashAt(1, 'before')
    await expect(store.commit([])).rejects.toThrow(CrashError)
    await expect(spool.append(MEMBERS, 'page 3')).rejects.toThrow(CrashError)
    await expect(spool.computeDelta()).rejects.toThrow(CrashError)
    const next = await memory.open()
    now = day(1)
    const resumed = await next.openSpool('vip', { resumeKey: 'segment 14' })
    expect(resumed.resumed).toBe('page 2')
    now = day(1 + MS)
    const anew = await next.openSpool('vip', { resumeKey: 'segment 14' })
    expect(anew.resumed).toBeUndefined()
    expect((await anew.computeDelta()).people).toBe(0)
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
