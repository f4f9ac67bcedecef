import { beforeEach, describe, expect, test } from 'vitest'
import type { ExitRule } from '../../src/model/audience.ts'
import type { Direction } from '../../src/model/membership.ts'
import type { StoreWrite } from '../../src/model/store-write.ts'
import type { Store } from '../../src/ports.ts'
import { useLedgers } from './open-store.ts'
import { compareOn, type Day, day, KEEP, MS, minutes, runDay, runDays, sticky } from './run-day.ts'
import {
  AT,
  identifiers,
  LATER,
  open,
  openDelta,
  people,
  type StoreUnderTest,
  settleAll,
} from './store-under-test.ts'

/** A quarter of an hour is how long a call without an answer holds a contrary one back in these tests. */
const EDGE = minutes(15)

const COOLING: readonly {
  readonly title: string
  readonly exit?: ExitRule
  readonly days: readonly Day[]
}[] = [
  {
    title: 'who may have been added and is gone again is removed when that has cooled down',
    days: [
      [0, 'cy', 'add cy'],
      [1, 'ada cy', 'add ada (no answer)', { lost: ['add'] }],
      [1 + minutes(5), 'cy', 'hold 1 (unsettled)'],
      [1 + EDGE - MS, 'cy', 'hold 1 (unsettled)'],
      [1 + EDGE, 'cy', 'remove ada'],
      [1 + minutes(20), 'cy', 'nothing'],
    ],
  },
  {
    title: 'who may have been added and is still wanted is added again at once',
    days: [
      [1, 'ada cy', 'add ada, cy (no answer)', { lost: ['add'] }],
      [1 + minutes(1), 'ada', 'add ada; hold 1 (unsettled)'],
      [1 + minutes(2), 'ada cy', 'add cy'],
    ],
  },
  {
    title: 'each attempt cools down by itself: the youngest counts',
    days: [
      [1, 'ada', 'add ada (no answer)', { lost: ['add'] }],
      [1 + minutes(10), 'ada', 'add ada (no answer)', { lost: ['add'] }],
      [1 + minutes(15), '', 'hold 1 (unsettled)'],
      [1 + minutes(25) - MS, '', 'hold 1 (unsettled)'],
      [1 + minutes(25), '', 'remove ada'],
    ],
  },
  {
    title: 'a refused attempt leaves the earlier one as old as it is',
    days: [
      [1, 'ada', 'add ada (no answer)', { lost: ['add'] }],
      [1 + minutes(10), 'ada', 'add ada (refused)', { refused: ['add'] }],
      [1 + minutes(14), '', 'hold 1 (unsettled)'],
      [1 + minutes(15), '', 'remove ada'],
    ],
  },
  {
    title:
      'who may have been removed and is back is let in again when that has cooled down, and waits until then',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'cy', 'remove ada (no answer)', { lost: ['remove'] }],
      [1 + minutes(5), 'ada cy', 'hold 1 (unsettled); keep out 1 (unsettled)'],
      [1 + EDGE - MS, 'ada cy', 'hold 1 (unsettled); keep out 1 (unsettled)'],
      [1 + EDGE, 'ada cy', 'add ada'],
      [1 + minutes(20), 'ada cy', 'nothing'],
    ],
  },
  {
    title: 'a remove that was answered meanwhile lets them in with the next sync',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'cy', 'remove ada (no answer)', { lost: ['remove'] }],
      [1 + minutes(1), 'cy', 'remove ada'],
      [1 + minutes(2), 'ada cy', 'add ada'],
    ],
  },
  {
    title: 'who may have been removed and is still gone is removed again at once',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'cy', 'remove ada (no answer)', { lost: ['remove'] }],
      [1 + minutes(1), 'cy', 'remove ada'],
      [1 + minutes(2), 'cy', 'nothing'],
    ],
  },
  {
    title: 'somebody else who brings the identifier waits as well',
    days: [
      [0, 'ada=x cy', 'add cy, x'],
      [1, 'cy', 'remove x (no answer)', { lost: ['remove'] }],
      [1 + minutes(5), 'bo=x cy', 'hold 1 (unsettled); keep out 1 (unsettled)'],
      [1 + EDGE, 'bo=x cy', 'add x'],
      [2, 'cy', 'remove x'],
    ],
  },
  {
    title: 'who is back and gone again before that has cooled down is removed again at once',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'cy', 'remove ada (no answer)', { lost: ['remove'] }],
      [1 + minutes(5), 'ada cy', 'hold 1 (unsettled); keep out 1 (unsettled)'],
      [1 + minutes(6), 'cy', 'remove ada'],
    ],
  },
  {
    title: 'who may have been removed and is kept out for another reason is removed again at once',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'cy', 'remove ada (no answer)', { lost: ['remove'] }],
      [
        1 + minutes(5),
        'ada cy',
        'remove ada; keep out 1 (stage)',
        { rules: { stage: { kind: 'qa' }, testers: ['cy'] } },
      ],
    ],
  },
  {
    title: 'who would be held but may have been removed is neither added against that nor removed again',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'cy', 'remove ada (no answer)', { lost: ['remove'] }],
      [1 + minutes(5), 'cy', 'hold ada (unsettled)', { rules: { exit: KEEP } }],
      [1 + EDGE, 'cy', 'add ada; hold ada (keep), stays', { rules: { exit: KEEP } }],
      [2, 'cy', 'hold ada (keep), stays', { rules: { exit: KEEP } }],
    ],
  },
  {
    title: 'an identifier that changed: both sides wait where they must',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'ada=ada2 cy', 'remove ada (no answer); add ada2 (no answer)', { lost: ['add', 'remove'] }],
      [1 + minutes(5), 'ada cy', 'hold 2 (unsettled); keep out 1 (unsettled)'],
      [1 + EDGE, 'ada cy', 'remove ada2; add ada'],
    ],
  },
  {
    title: 'comes before the twin it may be',
    days: [
      [0, 'ada=USR_1 cy', 'add USR_1, cy (no answer)', { lost: ['add'] }],
      [minutes(1), 'ada=usr_1 cy', 'add cy, usr_1; hold 1 (unsettled)'],
      [minutes(15), 'ada=usr_1 cy', 'hold 1 (case-twin)'],
      [1, 'cy', 'remove USR_1, usr_1'],
    ],
  },
]

/** Calls whose answer is not known: nothing is taken for granted about their identifiers. */
export const describeOpenOutcomeContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} remembers calls without an answer`, () => {
    const opened = useLedgers(create)
    let store: Store
    beforeEach(() => {
      store = opened.store
    })
    const reopen = async (): Promise<void> => {
      await opened.reopen()
      store = opened.store
    }

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

    test.each(COOLING)('$title', ({ exit, days }) => runDays(store, days, exit ? { rules: { exit } } : {}))

    test('a held member whose add has no answer is still held, and is added again', async () => {
      const terms = { rules: { exit: sticky(14, 'entry') } }
      await runDay(store, 0, 'ada cy', terms)
      await store.commit([{ ...attempt('add', 1), is: 'open' }])
      await reopen()
      const delta = await compareOn(store, 1 + minutes(1), 'cy', terms)
      expect(delta.counts).toMatchObject({ recorded: 2, wanted: 2, adds: 1, removes: 0 })
      expect(delta.counts.held).toEqual({ sticky: 1, keep: 0, unsettled: 0, 'case-twin': 0 })
      expect(await identifiers(delta, 'add')).toEqual(['ada'])
      await delta.close()
    })

    test('which call it was, and when, is still known after the store was opened again', async () => {
      await store.commit([attempt('add', 1), attempt('remove', 1, 'bo')])
      await reopen()
      expect(await runDay(store, 1 + minutes(14), 'bo')).toBe('hold 2 (unsettled); keep out 1 (unsettled)')
      expect(await runDay(store, 1 + minutes(15), 'bo')).toBe('remove ada; add bo')
    })

    test('a refusal takes back a call of its own direction and moment, and no other', async () => {
      await store.commit([attempt('add', 1), attempt('remove', 1), attempt('add', 2)])
      await store.commit([{ ...attempt('add', 2), is: 'withdrawn' }])
      await store.commit([{ ...attempt('remove', 1), is: 'withdrawn' }])
      expect(await runDay(store, 1 + minutes(14), '')).toBe('hold 1 (unsettled)')
      await store.commit([{ ...attempt('remove', 1), is: 'withdrawn' }])
      expect(await runDay(store, 1 + minutes(15), '')).toBe('remove ada')
    })

    test('doubt holds nothing back: what is wanted is sent and the rest removed at once', async () => {
      await runDay(store, 1, 'ada bo')
      await store.commit([{ kind: 'doubt-all', audience: 'vip' }])
      expect(await runDay(store, 1 + minutes(1), 'bo')).toBe('remove ada; add bo')
    })

    test('without rules nothing is held back: ledgers are compared as they are', async () => {
      await runDay(store, 1, 'ada', { lost: ['add'] })
      const spool = await store.openSpool('vip')
      const delta = await spool.computeDelta()
      expect(await identifiers(delta, 'remove')).toEqual(['ada'])
      expect(delta.counts.held.unsettled).toBe(0)
      await delta.close()
    })
  })
}

const attempt = (direction: Direction, on: number, identifier = 'ada') =>
  ({ kind: 'unsettled', audience: 'vip', identifier, direction, is: 'open', at: day(on) }) as const
