import { beforeEach, describe, expect, test } from 'vitest'
import { EMPTY_STATE, type RecordedObject, type Tombstone } from '../../src/model/recorded.ts'
import type { StoreWrite } from '../../src/model/store-write.ts'
import type { Store } from '../../src/ports.ts'
import { useStore } from './open-store.ts'
import {
  AT,
  cohort,
  identifiers,
  LATER,
  openDelta,
  people,
  type StoreUnderTest,
  settleAll,
  withMaps,
} from './store-under-test.ts'

/** What planning reads: objects, tombstones, marks, and who did what. */
export const describeSmallStateContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} keeps the small state`, () => {
    const opened = useStore(create)
    let store: Store
    beforeEach(() => {
      store = opened.store
    })
    const reopen = async (): Promise<void> => {
      await opened.reopen()
      store = opened.store
    }

    test('a new store is empty, with head 0', async () => {
      const { storeId, lock, ...rest } = withMaps(await store.readState())
      expect(rest).toEqual(EMPTY_STATE)
      expect(storeId).toMatch(/./)
      expect(lock).toEqual(store.lock)
    })

    test('objects and tombstones survive a reopen, and raise the head once a commit', async () => {
      const tombstone = {
        name: 'OLD__Name__1d',
        address: 'cohort.old',
        retiredAt: AT,
        reason: 'retired',
      } as const
      await store.commit([
        { kind: 'object', object: cohort },
        { kind: 'tombstone', tombstone },
      ])
      await reopen()
      const state = await store.readState()
      expect(state.head).toBe(1)
      expect(state.objects.get('cohort.vip')).toEqual(cohort)
      expect(state.tombstones.get('OLD__Name__1d')).toEqual(tombstone)
    })

    test('an object is replaced by its address, and dropped by it', async () => {
      await store.commit([{ kind: 'object', object: cohort }])
      const seen: RecordedObject = { ...cohort, status: 'seen', remoteId: '0123456789abcdef01234567' }
      await store.commit([{ kind: 'object', object: seen }])
      expect((await store.readState()).objects.get('cohort.vip')).toEqual(seen)
      await store.commit([{ kind: 'drop-object', address: 'cohort.vip' }])
      expect((await store.readState()).objects.size).toBe(0)
      expect((await store.readState()).head).toBe(3)
    })

    test('all that is known of an object comes back', async () => {
      const object: RecordedObject = {
        ...cohort,
        remoteId: '0123456789abcdef01234567',
        origin: 'adopted',
        hints: { updated_at: AT, uses: ['c1', 'c2'], is_finished: true, people: 3 },
        carriesFrom: 'vip@g1',
      }
      await store.commit([{ kind: 'object', object }])
      await reopen()
      expect((await store.readState()).objects.get('cohort.vip')).toEqual(object)
      expect((await opened.underTest.readStateAside()).objects.get('cohort.vip')).toEqual(object)
    })

    test('a tombstone keeps its reason and its cohort id, is replaced by its name, and can be dropped', async () => {
      const tombstone: Tombstone = {
        name: 'ORC__Vip__365d',
        address: 'cohort.vip@g1',
        retiredAt: AT,
        reason: 'renamed',
        cohortId: 'acme-vip-g1',
      }
      const forgotten: Tombstone = {
        name: 'ORC__Old__1d',
        address: 'cohort.old',
        retiredAt: AT,
        reason: 'forgotten',
      }
      await store.commit([
        { kind: 'tombstone', tombstone: { ...tombstone, reason: 'retired' } },
        { kind: 'tombstone', tombstone: forgotten },
      ])
      await store.commit([{ kind: 'tombstone', tombstone }])
      await reopen()
      const kept = [tombstone.name, tombstone] as const
      expect(withMaps(await store.readState()).tombstones).toEqual(
        new Map([kept, [forgotten.name, forgotten] as const]),
      )
      await store.commit([{ kind: 'drop-tombstone', name: forgotten.name }])
      const state = withMaps(await store.readState())
      expect(state.tombstones).toEqual(new Map([kept]))
      expect(state.head).toBe(3)
    })

    test('a state that was handed out stays as it was, whatever is written later', async () => {
      await store.commit([
        { kind: 'object', object: cohort },
        { kind: 'synced', audience: 'vip', at: AT },
      ])
      await settleAll(store, people(['c1', 'usr_1']))
      const before = await store.readState()
      const copy = withMaps(before)
      const seen: RecordedObject = { ...cohort, status: 'seen' }
      await store.commit([
        { kind: 'object', object: seen },
        { kind: 'object', object: { ...cohort, address: 'cohort.winback', audience: 'winback' } },
        { kind: 'move-ledger', from: 'vip', to: 'vip@g1' },
      ])
      await store.commit([{ kind: 'drop-object', address: 'cohort.vip' }])
      expect((await store.readState()).objects.size).toBe(1)
      expect(withMaps(before)).toEqual(copy)
    })

    test('thousands of objects, tombstones and journal entries go in with one commit, and come back', async () => {
      const numbers = Array.from({ length: 3_000 }, (_each, number) => number)
      const writes = numbers.flatMap((number): StoreWrite[] => [
        { kind: 'object', object: { ...cohort, address: `cohort.a-${number}`, audience: `a-${number}` } },
        {
          kind: 'tombstone',
          tombstone: { name: `OLD__${number}__1d`, address: 'cohort.old', retiredAt: AT, reason: 'retired' },
        },
        {
          kind: 'journal',
          entry: { runId: 'r1', at: AT, address: 'cohort.vip', operation: `step ${number}`, phase: 'intent' },
        },
      ])
      await store.commit(writes)
      const written = withMaps(await store.readState())
      await reopen()
      const { objects, tombstones } = withMaps(await store.readState())
      expect(objects).toEqual(written.objects)
      expect(tombstones).toEqual(written.tombstones)
      expect([objects.size, tombstones.size]).toEqual([3_000, 3_000])
      const entries = await store.readJournal(3_000)
      expect(entries.map(({ operation }) => operation)).toEqual(numbers.map(number => `step ${number}`))
    })

    test('what is dropped and written again in one commit is there once', async () => {
      await store.commit([{ kind: 'object', object: cohort }])
      const seen: RecordedObject = { ...cohort, status: 'seen' }
      await store.commit([
        { kind: 'drop-object', address: 'cohort.vip' },
        { kind: 'object', object: cohort },
        { kind: 'object', object: seen },
      ])
      expect(withMaps(await store.readState()).objects).toEqual(new Map([['cohort.vip', seen]]))
    })

    test('a commit is all or nothing: a failing step takes the others back', async () => {
      const broken: StoreWrite = {
        kind: 'batch',
        audience: 'nobody',
        list: 'add',
        from: 1,
        to: 1,
        at: AT,
      }
      await expect(store.commit([{ kind: 'object', object: cohort }, broken])).rejects.toThrow()
      expect((await store.readState()).objects.size).toBe(0)
      expect((await store.readState()).head).toBe(0)
    })

    test('journal and runs come back in order, and do not raise the head', async () => {
      const entry = { runId: 'r1', at: AT, address: 'cohort.vip', operation: 'add', phase: 'intent' } as const
      const run = { runId: 'r1', command: 'sync', startedAt: AT } as const
      await store.commit([{ kind: 'run', run }])
      await store.commit([{ kind: 'journal', entry: { ...entry, count: 3 } }])
      await store.commit([{ kind: 'journal', entry: { ...entry, phase: 'accepted', detail: 'ok' } }])
      await store.commit([
        { kind: 'run', run: { ...run, finishedAt: LATER, outcome: 'done', summary: '{}' } },
      ])
      expect(await store.readJournal(10)).toEqual([
        { ...entry, count: 3 },
        { ...entry, phase: 'accepted', detail: 'ok' },
      ])
      expect(await store.readJournal(1)).toEqual([{ ...entry, phase: 'accepted', detail: 'ok' }])
      expect(await store.readRuns(10)).toEqual([
        { ...run, finishedAt: LATER, outcome: 'done', summary: '{}' },
      ])
      expect((await store.readState()).head).toBe(0)
    })

    test('a sync to the end is remembered, and can be taken back', async () => {
      await store.commit([{ kind: 'synced', audience: 'vip', at: AT }])
      await store.commit([{ kind: 'synced', audience: 'vip', at: LATER }])
      await reopen()
      expect(withMaps(await store.readState()).synced).toEqual(new Map([['vip', LATER]]))
      await store.commit([{ kind: 'synced', audience: 'vip' }])
      expect((await store.readState()).synced.size).toBe(0)
      expect((await store.readState()).head).toBe(0)
    })

    test('a member written at birth is part of the next delta', async () => {
      const [member] = people(['c1', 'usr_1'])
      if (member) await store.commit([{ kind: 'member', audience: 'vip', member, at: AT }])
      const delta = await openDelta(store, people(['c1', 'usr_1'], ['c2', 'usr_2']))
      expect(await identifiers(delta, 'add')).toEqual(['usr_2'])
      await delta.close()
    })

    test('the same member written twice is one member', async () => {
      const [member] = people(['c1', 'usr_1'])
      const write = { kind: 'member', audience: 'vip', member, at: AT } as StoreWrite
      await store.commit([write])
      await store.commit([write, write])
      await settleAll(store, [])
      expect((await store.readState()).members.get('vip') ?? 0).toBe(0)
      expect((await openDelta(store, [])).counts.recorded).toBe(0)
    })

    test('the state can be read aside, while the store is held and after', async () => {
      await store.commit([{ kind: 'object', object: cohort }])
      expect((await opened.underTest.readStateAside()).objects.get('cohort.vip')).toEqual(cohort)
      await settleAll(store, people(['c1', 'usr_1']))
      await opened.close()
      const aside = await opened.underTest.readStateAside()
      expect(aside.objects.get('cohort.vip')).toEqual(cohort)
      expect(aside.members.get('vip')).toBe(1)
    })
  })
}
