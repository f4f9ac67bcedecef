import { beforeEach, describe, expect, test } from 'vitest'
import { EMPTY_STATE, type RecordedObject, type Tombstone } from '../../src/model/recorded.ts'
import type { Store, StoreWrite } from '../../src/ports.ts'
import { describeLedgerKeyContract } from './ledger-key-contract.ts'
import { describeLockContract } from './lock-contract.ts'
import { useStore } from './open-store.ts'
import {
  AT,
  cohort,
  identifiers,
  LATER,
  open,
  openDelta,
  people,
  type StoreUnderTest,
  settleAll,
  withMaps,
} from './store-under-test.ts'

/** The promises of the `Store` port, in one place: every store runs these. */
export const describeStoreContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describeLockContract(name, create)
  describeLedgerKeyContract(name, create)
  describe(`${name} keeps the store contract`, () => {
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

    test('a first delta adds everyone once, though pages repeat people', async () => {
      const delta = await openDelta(store, people(['c1', 'usr_1'], ['c2', 'usr_2'], ['c1', 'usr_1']))
      expect(delta.counts).toMatchObject({ recorded: 0, wanted: 2, adds: 2, removes: 0 })
      expect(await delta.readRows('add', 0, 1)).toEqual([{ position: 1, identifier: 'usr_1' }])
      expect(await delta.readRows('add', 1, 10)).toEqual([{ position: 2, identifier: 'usr_2' }])
      expect(await delta.readRows('add', 2, 10)).toEqual([])
      await delta.close()
    })

    test('the ledger takes over what was accepted, batch by batch', async () => {
      const delta = await openDelta(store, people(['c1', 'usr_1'], ['c2', 'usr_2'], ['c3', 'usr_3']))
      await store.commit([{ kind: 'batch', audience: 'vip', list: 'add', from: 1, to: 2, at: AT }])
      await delta.close()
      expect(withMaps(await store.readState()).members).toEqual(new Map([['vip', 2]]))
      const rest = await openDelta(store, people(['c1', 'usr_1'], ['c2', 'usr_2'], ['c3', 'usr_3']))
      expect(rest.counts).toMatchObject({ recorded: 2, wanted: 3, adds: 1, removes: 0 })
      expect(await identifiers(rest, 'add')).toEqual(['usr_3'])
      await rest.close()
    })

    test('the same members again make an empty delta', async () => {
      const members = people(['c1', 'usr_1'], ['c2', 'usr_2'])
      await settleAll(store, members)
      await reopen()
      const delta = await openDelta(store, members)
      expect(delta.counts).toMatchObject({ recorded: 2, wanted: 2, adds: 0, removes: 0 })
      await delta.close()
    })

    test('who left the source is a remove; nobody wanted removes all', async () => {
      await settleAll(store, people(['c1', 'usr_1'], ['c2', 'usr_2']))
      await settleAll(store, people(['c2', 'usr_2']))
      expect((await store.readState()).members.get('vip')).toBe(1)
      await settleAll(store, [])
      expect((await store.readState()).members.get('vip') ?? 0).toBe(0)
    })

    test('a changed identifier is one remove and one add', async () => {
      await settleAll(store, people(['c1', 'usr_1']))
      const delta = await openDelta(store, people(['c1', 'usr_1_new']))
      expect(await identifiers(delta, 'add')).toEqual(['usr_1_new'])
      expect(await identifiers(delta, 'remove')).toEqual(['usr_1'])
      await delta.close()
    })

    test('an identifier that two people carry leaves with the last of them', async () => {
      await settleAll(store, people(['c1', 'shared'], ['c2', 'shared']))
      expect((await store.readState()).members.get('vip')).toBe(1)
      const delta = await openDelta(store, people(['c2', 'shared']))
      expect(delta.counts).toMatchObject({ recorded: 1, wanted: 1, adds: 0, removes: 0 })
      await delta.carryOver(LATER)
      await delta.close()
      const last = await openDelta(store, [])
      expect(await identifiers(last, 'remove')).toEqual(['shared'])
      await last.close()
    })

    test('an identifier handed from one person to another needs no call', async () => {
      await settleAll(store, people(['c1', 'shared']))
      const delta = await openDelta(store, people(['c2', 'shared']))
      expect(delta.counts).toMatchObject({ recorded: 1, wanted: 1, adds: 0, removes: 0 })
      await delta.carryOver(LATER)
      await delta.close()
      expect((await store.readState()).members.get('vip')).toBe(1)
      const next = await openDelta(store, people(['c2', 'shared']))
      expect(next.counts.adds + next.counts.removes).toBe(0)
      await next.close()
    })

    test('members that are sent again are a list of their own, and none is doubled', async () => {
      await settleAll(store, people(['c1', 'usr_1'], ['c2', 'usr_2']))
      const members = people(['c1', 'usr_1'], ['c2', 'usr_2'], ['c3', 'usr_3'])
      const delta = await openDelta(store, members, { again: true })
      expect(delta.counts).toMatchObject({ recorded: 2, wanted: 3, adds: 1, removes: 0, again: 2 })
      expect(await identifiers(delta, 'again')).toEqual(['usr_1', 'usr_2'])
      await store.commit([{ kind: 'batch', audience: 'vip', list: 'again', from: 1, to: 2, at: LATER }])
      await delta.close()
      expect((await store.readState()).members.get('vip')).toBe(2)
      await settleAll(store, [])
      expect((await store.readState()).members.get('vip') ?? 0).toBe(0)
    })

    test('an identifier that changed hands and is sent again is not doubled', async () => {
      await settleAll(store, people(['c1', 'shared']))
      const delta = await openDelta(store, people(['c2', 'shared']), { again: true })
      await delta.carryOver(LATER)
      await store.commit([{ kind: 'batch', audience: 'vip', list: 'again', from: 1, to: 1, at: LATER }])
      await delta.close()
      const next = await openDelta(store, people(['c2', 'shared']))
      expect(next.counts).toMatchObject({ recorded: 1, wanted: 1, adds: 0, removes: 0 })
      await next.close()
    })

    test('audiences do not see each other', async () => {
      await settleAll(store, people(['c1', 'usr_1']))
      const spool = await store.openSpool('winback')
      await spool.append(people(['c1', 'usr_1']))
      const delta = await spool.computeDelta()
      expect(delta.counts).toMatchObject({ recorded: 0, wanted: 1, adds: 1, removes: 0 })
      await delta.close()
    })

    test('identifiers with commas, quotes and other alphabets come back as they went in', async () => {
      const odd = ['a,b', '"quoted"', "o'neil", 'ÅSA', '用户', ' padded ', '\\N', 'NULL', '😀']
      await settleAll(
        store,
        odd.map((identifier, index) => ({ person: `c${index}`, identifier })),
      )
      const delta = await openDelta(store, [])
      expect((await identifiers(delta, 'remove')).sort()).toEqual([...odd].sort())
      await delta.close()
    })

    test('adds with an open outcome: those still wanted are added again, the others removed', async () => {
      const delta = await openDelta(store, people(['c1', 'usr_1'], ['c2', 'usr_2']))
      await store.commit([open('add', 2)])
      await delta.close()
      await reopen()
      const next = await openDelta(store, people(['c2', 'usr_2']))
      expect(await identifiers(next, 'add')).toEqual(['usr_2'])
      expect(await identifiers(next, 'remove')).toEqual(['usr_1'])
      await next.carryOver(AT)
      for (const direction of ['add', 'remove'] as const)
        await store.commit([{ kind: 'batch', audience: 'vip', list: direction, from: 1, to: 1, at: AT }])
      await next.close()
      const last = await openDelta(store, people(['c2', 'usr_2']))
      expect(last.counts).toMatchObject({ recorded: 1, wanted: 1, adds: 0, removes: 0 })
      await last.close()
    })

    test('removes with an open outcome: who came back is added again, the others removed', async () => {
      await settleAll(store, people(['c1', 'usr_1'], ['c2', 'usr_2']))
      const delta = await openDelta(store, [])
      await store.commit([open('remove', 2)])
      await delta.close()
      await reopen()
      const next = await openDelta(store, people(['c1', 'usr_1']))
      expect(await identifiers(next, 'add')).toEqual(['usr_1'])
      expect(await identifiers(next, 'remove')).toEqual(['usr_2'])
      await next.close()
    })

    test('a batch that was certainly refused leaves the ledger as it was', async () => {
      await settleAll(store, people(['c1', 'usr_1']))
      const delta = await openDelta(store, [])
      await store.commit([open('remove', 1)])
      await store.commit([{ ...open('remove', 1), is: 'withdrawn' } as StoreWrite])
      await delta.close()
      const next = await openDelta(store, people(['c1', 'usr_1']))
      expect(next.counts).toMatchObject({ recorded: 1, wanted: 1, adds: 0, removes: 0 })
      await next.close()
    })

    test('a refusal takes back its own attempt: an earlier one without an answer stays open', async () => {
      const members = people(['c1', 'usr_1'])
      const first = await openDelta(store, members)
      await store.commit([open('add', 1)])
      await first.close()
      const second = await openDelta(store, members)
      await store.commit([open('add', 1)])
      await store.commit([{ ...open('add', 1), is: 'withdrawn' } as StoreWrite])
      await second.close()
      const last = await openDelta(store, [])
      expect(await identifiers(last, 'remove')).toEqual(['usr_1'])
      await last.close()
    })

    test('the same for removes: who may still be there is removed again', async () => {
      await settleAll(store, people(['c1', 'usr_1']))
      for (const isRefused of [false, true]) {
        const delta = await openDelta(store, [])
        await store.commit([open('remove', 1)])
        if (isRefused) await store.commit([{ ...open('remove', 1), is: 'withdrawn' } as StoreWrite])
        await delta.close()
      }
      const last = await openDelta(store, [])
      expect(await identifiers(last, 'remove')).toEqual(['usr_1'])
      await last.close()
    })

    test('open outcomes count as recorded, and keep their rows', async () => {
      const members = people(['c1', 'usr_1'], ['c2', 'usr_2'], ['c3', 'usr_3'])
      await settleAll(store, members)
      const delta = await openDelta(store, members, { again: true })
      await store.commit([open('again', 2)])
      await delta.close()
      const next = await openDelta(store, members)
      expect(next.counts).toMatchObject({ recorded: 3, wanted: 3, adds: 2, removes: 0 })
      await store.commit([{ kind: 'batch', audience: 'vip', list: 'add', from: 1, to: 2, at: LATER }])
      await next.close()
      await settleAll(store, [])
      expect((await store.readState()).members.has('vip')).toBe(false)
    })

    test('in doubt of everything, everything wanted is sent again and the rest removed', async () => {
      await settleAll(store, people(['c1', 'usr_1'], ['c2', 'usr_2']))
      await store.commit([{ kind: 'doubt-all', audience: 'vip' }])
      const delta = await openDelta(store, people(['c1', 'usr_1']))
      expect(await identifiers(delta, 'add')).toEqual(['usr_1'])
      expect(await identifiers(delta, 'remove')).toEqual(['usr_2'])
      await delta.close()
    })

    test('people are counted once, with or without an identifier', async () => {
      const spool = await store.openSpool('vip')
      await spool.append([{ person: 'c1', identifier: 'usr_1' }, { person: 'c2' }, { person: 'c3' }])
      await spool.append([{ person: 'c1', identifier: 'usr_1' }, { person: 'c3' }])
      const delta = await spool.computeDelta()
      expect(delta.people).toBe(3)
      expect(delta.counts).toMatchObject({ recorded: 0, wanted: 1, adds: 1, removes: 0 })
      await delta.close()
    })

    test.each(['\n', '\x1f', '\u0085'])(
      'a control character (%j) never reaches the comparison',
      async character => {
        const spool = await store.openSpool('vip')
        await expect(spool.append(people([`c1${character}c2`, 'usr_1']))).rejects.toThrow()
        await expect(spool.append(people(['c1', `usr_1${character}usr_2`]))).rejects.toThrow()
        await spool.discard()
      },
    )

    test('a sync to the end is remembered, and can be taken back', async () => {
      await store.commit([{ kind: 'synced', audience: 'vip', at: AT }])
      await store.commit([{ kind: 'synced', audience: 'vip', at: LATER }])
      await reopen()
      expect(withMaps(await store.readState()).synced).toEqual(new Map([['vip', LATER]]))
      await store.commit([{ kind: 'synced', audience: 'vip' }])
      expect((await store.readState()).synced.size).toBe(0)
      expect((await store.readState()).head).toBe(0)
    })

    test('a discarded spool leaves nothing', async () => {
      const spool = await store.openSpool('vip')
      await spool.append(people(['c1', 'usr_1']))
      await spool.discard()
      expect((await store.readState()).members.size).toBe(0)
    })

    test('a member written at birth is part of the next delta', async () => {
      const [member] = people(['c1', 'usr_1'])
      if (member) await store.commit([{ kind: 'member', audience: 'vip', member, at: AT }])
      const delta = await openDelta(store, people(['c1', 'usr_1'], ['c2', 'usr_2']))
      expect(await identifiers(delta, 'add')).toEqual(['usr_2'])
      await delta.close()
    })

    test('a member accepted outside a delta answers what was open about its identifier', async () => {
      const [member] = people(['c1', 'usr_1'])
      const open = {
        kind: 'unsettled',
        audience: 'vip',
        identifier: 'usr_1',
        direction: 'add',
        is: 'open',
        at: AT,
      } as const
      await store.commit([open, open])
      await store.commit([{ kind: 'member', audience: 'vip', member, at: AT } as StoreWrite])
      const delta = await openDelta(store, people(['c1', 'usr_1']))
      expect(delta.counts).toMatchObject({ recorded: 1, wanted: 1, adds: 0, removes: 0 })
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
