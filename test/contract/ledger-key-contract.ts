import { describe, expect, test } from 'vitest'
import { BugError } from '../../src/model/invariant.ts'
import type { StoreWrite } from '../../src/model/store-write.ts'
import { useStore } from './open-store.ts'
import {
  AT,
  acceptAll,
  cohort,
  identifiers,
  open,
  openDelta,
  people,
  type StoreUnderTest,
  settleAll,
  withMaps,
} from './store-under-test.ts'

const MOVE: StoreWrite = { kind: 'move-ledger', from: 'vip', to: 'vip@g1' }

/** What a rename does to ledgers: they move, are carried over, and are dropped. */
export const describeLedgerKeyContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} keeps ledgers by their key`, () => {
    const opened = useStore(create)

    test('a ledger moves with its members, open outcomes and sync mark', async () => {
      const { store } = opened
      await settleAll(store, people(['c1', 'usr_1'], ['c2', 'usr_2'], ['c3', 'usr_3']))
      const delta = await openDelta(store, people(['c2', 'usr_2'], ['c3', 'usr_3'], ['c4', 'usr_4']))
      await store.commit([open('add', 1), open('remove', 1)])
      await delta.close()
      await store.commit([{ kind: 'synced', audience: 'vip', at: AT }])
      await store.commit([MOVE])
      await opened.reopen()
      const state = withMaps(await opened.store.readState())
      expect(state.members).toEqual(new Map([['vip@g1', 3]]))
      expect(state.synced).toEqual(new Map([['vip@g1', AT]]))
      expect(state.head).toBe(1)
      const moved = await openDelta(opened.store, people(['c2', 'usr_2'], ['c3', 'usr_3']), {
        audience: 'vip@g1',
      })
      expect(await identifiers(moved, 'add')).toEqual([])
      expect(await identifiers(moved, 'remove')).toEqual(['usr_1', 'usr_4'])
      await moved.close()
      const fresh = await openDelta(opened.store, people(['c1', 'usr_1']))
      expect(fresh.counts).toMatchObject({ recorded: 0, wanted: 1, adds: 1, removes: 0 })
      await fresh.close()
    })

    test.each<[what: string, there: readonly StoreWrite[]]>([
      [
        'members',
        [
          {
            kind: 'member',
            audience: 'vip@g1',
            member: { person: 'c9', identifier: 'usr_9' },
            at: AT,
          },
        ],
      ],
      [
        'open outcomes',
        [
          {
            kind: 'unsettled',
            audience: 'vip@g1',
            identifier: 'usr_9',
            direction: 'add',
            is: 'open',
            at: AT,
          },
        ],
      ],
      ['a sync mark', [{ kind: 'synced', audience: 'vip@g1', at: AT }]],
    ])('a ledger does not move to a key that has %s', async (_what, there) => {
      const { store } = opened
      await settleAll(store, people(['c1', 'usr_1']))
      await store.commit(there)
      const before = withMaps(await store.readState())
      await expect(store.commit([{ kind: 'object', object: cohort }, MOVE])).rejects.toThrow(BugError)
      const after = withMaps(await store.readState())
      expect(after).toEqual(before)
      await store.commit([{ kind: 'drop-ledger', audience: 'vip@g1' }, MOVE])
      expect(withMaps(await store.readState()).members).toEqual(new Map([['vip@g1', 1]]))
    })

    test('a ledger moves away and another takes its key, in one commit', async () => {
      const { store } = opened
      await settleAll(store, people(['c1', 'usr_1'], ['c2', 'usr_2']))
      await settleAll(store, people(['c7', 'usr_7']), 'winback')
      await store.commit([
        { kind: 'synced', audience: 'vip', at: AT },
        { kind: 'synced', audience: 'winback', at: AT },
      ])
      await store.commit([MOVE, { kind: 'move-ledger', from: 'winback', to: 'vip' }])
      const state = withMaps(await store.readState())
      expect(state.members).toEqual(
        new Map([
          ['vip', 1],
          ['vip@g1', 2],
        ]),
      )
      expect(state.synced).toEqual(
        new Map([
          ['vip', AT],
          ['vip@g1', AT],
        ]),
      )
    })

    test('a ledger that is dropped is gone with all it held, and no other', async () => {
      const { store } = opened
      await settleAll(store, people(['c1', 'usr_1']))
      await settleAll(store, people(['c1', 'usr_1']), 'winback')
      const delta = await openDelta(store, people(['c2', 'usr_2']))
      await store.commit([open('add', 1)])
      await delta.close()
      await store.commit([{ kind: 'synced', audience: 'vip', at: AT }])
      await store.commit([{ kind: 'drop-ledger', audience: 'vip' }])
      const state = withMaps(await store.readState())
      expect(state.members).toEqual(new Map([['winback', 1]]))
      expect(state.synced.size).toBe(0)
      expect(state.head).toBe(1)
      const next = await openDelta(store, [])
      expect(next.counts).toMatchObject({ recorded: 0, wanted: 0, adds: 0, removes: 0 })
      await next.close()
    })

    test('who is recorded under another key is carried over, together with who is appended', async () => {
      const { store } = opened
      await settleAll(store, people(['c1', 'usr_1'], ['c2', 'usr_2']), 'vip@g1')
      await settleAll(store, people(['c2', 'usr_2'], ['c8', 'usr_8']))
      const spool = await store.openSpool('vip')
      await spool.append(people(['c3', 'usr_3'], ['c1', 'usr_1']))
      await spool.appendRecorded('vip@g1')
      await spool.append([{ person: 'c4' }])
      const delta = await spool.computeDelta()
      expect(delta.people).toBe(4)
      expect(delta.counts).toMatchObject({ recorded: 2, wanted: 3, adds: 2, removes: 1 })
      expect(await identifiers(delta, 'add')).toEqual(['usr_1', 'usr_3'])
      expect(await identifiers(delta, 'remove')).toEqual(['usr_8'])
      await acceptAll(store, delta)
      const { members } = withMaps(await store.readState())
      expect(members).toEqual(
        new Map([
          ['vip', 3],
          ['vip@g1', 2],
        ]),
      )
      const next = await openDelta(store, people(['c1', 'usr_1'], ['c2', 'usr_2'], ['c3', 'usr_3']))
      expect(next.counts).toMatchObject({ recorded: 3, wanted: 3, adds: 0, removes: 0 })
      await next.close()
    })

    test('somebody recorded under two identifiers is carried over under both', async () => {
      const { store } = opened
      await store.commit(
        people(['c1', 'usr_1'], ['c1', 'usr_1_new'], ['c2', 'usr_1']).map(member => ({
          kind: 'member',
          audience: 'vip@g1',
          member,
          at: AT,
        })),
      )
      const spool = await store.openSpool('vip')
      await spool.appendRecorded('vip@g1')
      await spool.appendRecorded('vip@g1')
      await spool.appendRecorded('nobody')
      const delta = await spool.computeDelta()
      expect(delta.people).toBe(2)
      expect(await identifiers(delta, 'add')).toEqual(['usr_1', 'usr_1_new'])
      await acceptAll(store, delta)
      const last = await openDelta(store, people(['c2', 'usr_1']))
      expect(await identifiers(last, 'remove')).toEqual(['usr_1_new'])
      await last.close()
    })

    test('sizes follow every write, whoever makes it', async () => {
      const { store } = opened
      const sizes = async () => Object.fromEntries((await store.readState()).members)
      await settleAll(store, people(['c1', 'shared'], ['c2', 'shared'], ['c3', 'usr_3']))
      expect(await sizes()).toEqual({ vip: 2 })
      const delta = await openDelta(store, people(['c1', 'shared'], ['c3', 'shared'], ['c4', 'usr_4']))
      await delta.carryOver(AT)
      expect(await sizes()).toEqual({ vip: 2 })
      await store.commit([{ kind: 'batch', audience: 'vip', list: 'add', from: 1, to: 1, at: AT }])
      expect(await sizes()).toEqual({ vip: 3 })
      await store.commit([{ kind: 'batch', audience: 'vip', list: 'remove', from: 1, to: 1, at: AT }])
      await delta.close()
      expect(await sizes()).toEqual({ vip: 2 })
      await store.commit([MOVE])
      expect(await sizes()).toEqual({ 'vip@g1': 2 })
      await opened.reopen()
      expect(Object.fromEntries((await opened.store.readState()).members)).toEqual({ 'vip@g1': 2 })
      await opened.store.commit([{ kind: 'drop-ledger', audience: 'vip@g1' }])
      expect((await opened.store.readState()).members.size).toBe(0)
    })
  })
}
