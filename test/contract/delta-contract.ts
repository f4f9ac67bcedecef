import { beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../src/ports.ts'
import { useLedgers } from './open-store.ts'
import {
  AT,
  identifiers,
  LATER,
  openDelta,
  people,
  type StoreUnderTest,
  settleAll,
  withMaps,
} from './store-under-test.ts'

/** What is wanted against what is recorded, without any rules: as ledgers are compared, and everything begins. */
export const describeDeltaContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} compares what was read with the ledger`, () => {
    const opened = useLedgers(create)
    let store: Store
    beforeEach(() => {
      store = opened.store
    })
    const reopen = async (): Promise<void> => {
      await opened.reopen()
      store = opened.store
    }

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
      const odd = [
        'a,b',
        '\ufeffmarked',
        '"quoted"',
        "o'neil",
        'ÅSA',
        '用户',
        ' padded ',
        '\\N',
        'NULL',
        '😀',
      ]
      await settleAll(
        store,
        odd.map((identifier, index) => ({ person: `c${index}`, identifier })),
      )
      const delta = await openDelta(store, [])
      expect((await identifiers(delta, 'remove')).sort()).toEqual([...odd].sort())
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

    test('a discarded spool leaves nothing', async () => {
      const spool = await store.openSpool('vip')
      await spool.append(people(['c1', 'usr_1']))
      await spool.discard()
      expect((await store.readState()).members.size).toBe(0)
    })
  })
}
