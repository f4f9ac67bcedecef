import { describe, expect, test } from 'vitest'
import { failureOf } from '../../src/model/failure.ts'
import type { Lock } from '../../src/model/recorded.ts'
import { useStore } from './open-store.ts'
import {
  AT,
  cohort,
  HOLDER,
  openDelta,
  people,
  type StoreUnderTest,
  settleAll,
  withMaps,
} from './store-under-test.ts'

const codeOf = async (work: Promise<unknown>): Promise<string | undefined> =>
  failureOf(await work.catch((error: unknown) => error))?.code

/** Leaves a lock behind, and answers which. */
const openAndDie = async (underTest: StoreUnderTest): Promise<Lock> => {
  const { lock } = await underTest.open()
  await underTest.die()
  return lock
}

/** Who holds a store, and what becomes of one who no longer does. */
export const describeLockContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} is held by one run at a time`, () => {
    const opened = useStore(create)

    test('the id of a store stays, the lock is another each time, and its fence grows', async () => {
      const { storeId, lock: first } = await opened.store.readState()
      await opened.reopen()
      const state = await opened.store.readState()
      expect(state.storeId).toBe(storeId)
      expect(state.lock?.id).not.toBe(first?.id)
      expect(state.lock?.fence).toBe((first?.fence ?? 0) + 1)
    })

    test('the lock says who, for what and since when, and ends ten minutes after the last commit', async () => {
      const before = opened.store.lock
      expect(before).toMatchObject(HOLDER)
      expect(Date.parse(before.expiresAt)).toBeGreaterThanOrEqual(Date.parse(before.acquiredAt) + 600_000)
      await opened.store.commit([{ kind: 'synced', audience: 'vip', at: AT }])
      const { lock } = await opened.store.readState()
      expect(lock).toEqual(opened.store.lock)
      expect(lock).toEqual({ ...before, expiresAt: lock?.expiresAt })
      expect(Date.parse(lock?.expiresAt ?? '')).toBeGreaterThan(Date.parse(before.expiresAt))
    })

    test('who looks aside sees the lock while it is held, and none afterwards', async () => {
      const { id, fence } = opened.store.lock
      expect((await opened.underTest.readStateAside()).lock).toMatchObject({ ...HOLDER, id, fence })
      await opened.close()
      expect((await opened.underTest.readStateAside()).lock).toBeUndefined()
    })

    test('a run that let go leaves nothing to take over', async () => {
      await opened.reopen()
      expect(opened.store.tookOverFrom).toBeUndefined()
    })

    test('what a run left behind is taken over at once, and told', async () => {
      await opened.close()
      const left = await openAndDie(opened.underTest)
      await opened.reopen()
      expect(opened.store.tookOverFrom).toEqual(left)
      expect(opened.store.lock.fence).toBe(left.fence + 1)
      expect(opened.store.lock.id).not.toBe(left.id)
    })

    test('once somebody else holds it, nothing is written any more', async () => {
      await settleAll(opened.store, people(['c1', 'usr_1']))
      const delta = await openDelta(opened.store, people(['c2', 'usr_1']))
      const later = await opened.underTest.seize()
      expect(later.tookOverFrom?.id).toBe(opened.store.lock.id)
      expect(await codeOf(opened.store.commit([{ kind: 'object', object: cohort }]))).toBe('store/fenced')
      expect(await codeOf(delta.carryOver(AT))).toBe('store/fenced')
      const state = await later.readState()
      expect(state.head).toBe(0)
      expect(state.objects.size).toBe(0)
      expect(state.lock).toEqual(later.lock)
      await later.commit([{ kind: 'object', object: cohort }])
      expect((await later.readState()).head).toBe(1)
    })

    test('who was refused sees what the other one did', async () => {
      await opened.store.commit([{ kind: 'synced', audience: 'vip', at: AT }])
      const later = await opened.underTest.seize()
      await later.commit([{ kind: 'object', object: cohort }])
      expect(await codeOf(opened.store.commit([{ kind: 'doubt-all', audience: 'vip' }]))).toBe('store/fenced')
      expect(withMaps(await opened.store.readState())).toEqual(withMaps(await later.readState()))
    })

    test('a run that lost it does not let go of what is another’s', async () => {
      const later = await opened.underTest.seize()
      await opened.close()
      expect((await opened.underTest.readStateAside()).lock?.id).toBe(later.lock.id)
    })

    test('a lock that was left behind is removed by its id, and by no other', async () => {
      await opened.close()
      const left = await openAndDie(opened.underTest)
      expect(await codeOf(opened.underTest.unlock('another'))).toBe('store/other-lock')
      expect((await opened.underTest.readStateAside()).lock).toEqual(left)
      expect(await opened.underTest.unlock(left.id)).toEqual(left)
      expect((await opened.underTest.readStateAside()).lock).toBeUndefined()
      expect(await codeOf(opened.underTest.unlock(left.id))).toBe('store/no-such-lock')
      await opened.reopen()
      expect(opened.store.tookOverFrom).toBeUndefined()
      expect(opened.store.lock.fence).toBe(left.fence + 1)
    })
  })
}
