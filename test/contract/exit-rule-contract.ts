import { describe, expect, test } from 'vitest'
import { useLedgers } from './open-store.ts'
import { compareOn, type Day, KEEP, MS, runDay, runDays, sticky } from './run-day.ts'
import type { StoreUnderTest } from './store-under-test.ts'

interface Story {
  readonly title: string
  readonly days: readonly Day[]
}

const REMOVED: readonly Story[] = [
  {
    title: 'whoever left the source leaves with the next sync, and may come back with the one after',
    days: [
      [0, 'ada bo', 'add ada, bo'],
      [1, 'ada bo', 'nothing'],
      [2, 'bo', 'remove ada'],
      [2.5, 'bo', 'nothing'],
      [3, 'ada bo', 'add ada'],
    ],
  },
  {
    title: 'nobody leaves on an incomplete read',
    days: [
      [0, 'ada bo', 'add ada, bo'],
      [1, 'bo cy', 'ada would leave; add cy', { read: 'incomplete' }],
      [2, 'bo cy', 'remove ada'],
    ],
  },
]

const FROM_ENTRY: readonly Story[] = [
  {
    title: 'a stay is at least so long, and ends at its limit',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [3, 'cy', 'hold ada (sticky), leaves on day 7'],
      [7 - MS, 'cy', 'hold ada (sticky), leaves on day 7'],
      [7, 'cy', 'remove ada'],
      [8, 'cy', 'nothing'],
    ],
  },
  {
    title: 'whoever stayed longer than that leaves at once',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [7, 'ada cy', 'nothing'],
      [7.5, 'cy', 'remove ada'],
    ],
  },
  {
    title: 'a return while held clears the hold and keeps the entry',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [3, 'cy', 'hold ada (sticky), leaves on day 7'],
      [4, 'ada cy', 'nothing'],
      [6, 'cy', 'hold ada (sticky), leaves on day 7'],
      [7, 'cy', 'remove ada'],
    ],
  },
  {
    title: 'whoever left and comes back enters anew',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [8, 'cy', 'remove ada'],
      [9, 'ada cy', 'add ada'],
      [10, 'cy', 'hold ada (sticky), leaves on day 16'],
    ],
  },
  {
    title: 'everyone has an entry of their own, which is when they were accepted',
    days: [
      [0, 'ada', 'add ada'],
      [2, 'ada bo', 'add bo (no answer)', { lost: ['add'] }],
      [3, 'ada bo', 'add bo'],
      [4, '', 'hold ada (sticky), leaves on day 7; hold bo (sticky), leaves on day 10'],
      [8, '', 'remove ada; hold bo (sticky), leaves on day 10'],
    ],
  },
  {
    title: 'an incomplete read that lacks somebody changes nothing about their stay',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [3, 'cy', 'hold ada (sticky), leaves on day 7', { read: 'incomplete' }],
      [7, 'cy', 'ada would leave', { read: 'incomplete' }],
      [8, 'cy', 'remove ada'],
    ],
  },
]

const FROM_EXIT: readonly Story[] = [
  {
    title: 'a stay goes on so long after the first complete read without them',
    days: [
      [0, 'ada bo', 'add ada, bo'],
      [3, 'bo', 'hold ada (sticky), leaves on day 17'],
      [16, 'bo', 'hold ada (sticky), leaves on day 17'],
      [17 - MS, 'bo', 'hold ada (sticky), leaves on day 17'],
      [17, 'bo', 'remove ada'],
    ],
  },
  {
    title: 'it counts from the read that noticed, not from the day that nobody saw',
    days: [
      [0, 'ada bo', 'add ada, bo'],
      [30, 'bo', 'hold ada (sticky), leaves on day 44'],
      [44, 'bo', 'remove ada'],
    ],
  },
  {
    title: 'a return while held clears the hold',
    days: [
      [0, 'ada bo', 'add ada, bo'],
      [3, 'bo', 'hold ada (sticky), leaves on day 17'],
      [10, 'ada bo', 'nothing'],
      [12, 'bo', 'hold ada (sticky), leaves on day 26'],
      [26, 'bo', 'remove ada'],
    ],
  },
  {
    title: 'an incomplete read does not tell who is gone, but who is back',
    days: [
      [0, 'ada bo', 'add ada, bo'],
      [3, 'bo', 'hold ada (sticky), stays', { read: 'incomplete' }],
      [5, 'bo', 'hold ada (sticky), leaves on day 19'],
      [6, 'ada', 'hold bo (sticky), stays', { read: 'incomplete' }],
      [8, 'bo', 'hold ada (sticky), leaves on day 22'],
    ],
  },
  {
    title: 'two incomplete reads in a row do not let the time run',
    days: [
      [0, 'ada bo', 'add ada, bo'],
      [3, 'bo', 'hold ada (sticky), stays', { read: 'incomplete' }],
      [40, 'bo', 'hold ada (sticky), stays', { read: 'incomplete' }],
      [41, 'bo', 'hold ada (sticky), leaves on day 55'],
    ],
  },
]

const KEPT: readonly Story[] = [
  {
    title: 'whoever was in once stays for good',
    days: [
      [0, 'ada bo', 'add ada, bo'],
      [3, 'bo', 'hold ada (keep), stays'],
      [3_000, '', 'hold ada (keep), stays; hold bo (keep), stays'],
      [3_001, 'ada', 'hold bo (keep), stays'],
    ],
  },
]

const CHANGED: readonly Story[] = [
  {
    title: 'the rule of the day counts, for those as well who are held by another one',
    days: [
      [0, 'ada bo', 'add ada, bo', { rules: { exit: sticky(14, 'exit') } }],
      [3, 'bo', 'hold ada (sticky), leaves on day 17', { rules: { exit: sticky(14, 'exit') } }],
      [4, 'bo', 'hold ada (keep), stays', { rules: { exit: KEEP } }],
      [5, 'bo', 'hold ada (sticky), leaves on day 9', { rules: { exit: sticky(9, 'entry') } }],
      [6, 'bo', 'hold ada (sticky), leaves on day 13', { rules: { exit: sticky(10, 'exit') } }],
      [7, 'bo', 'remove ada'],
    ],
  },
]

/** When somebody who left the source leaves the cohort, day by day. */
export const describeExitRuleContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} follows the exit rule`, () => {
    const opened = useLedgers(create)

    test.each(REMOVED)('remove: $title', ({ days }) => runDays(opened.store, days))

    test.each(FROM_ENTRY)('sticky, 7 days from entry: $title', ({ days }) =>
      runDays(opened.store, days, { rules: { exit: sticky(7, 'entry') } }),
    )

    test.each(FROM_EXIT)('sticky, 14 days from exit: $title', ({ days }) =>
      runDays(opened.store, days, { rules: { exit: sticky(14, 'exit') } }),
    )

    test.each(KEPT)('keep: $title', ({ days }) => runDays(opened.store, days, { rules: { exit: KEEP } }))

    test.each(CHANGED)('a rule that changes: $title', ({ days }) => runDays(opened.store, days))

    test('since when somebody is in, and gone, is still known after the store was opened again', async () => {
      const terms = { rules: { exit: sticky(14, 'exit') } }
      expect(await runDay(opened.store, 0, 'ada bo', terms)).toBe('add ada, bo')
      await opened.reopen()
      expect(await runDay(opened.store, 3, 'bo', terms)).toBe('hold ada (sticky), leaves on day 17')
      await opened.reopen()
      const fromEntry = { rules: { exit: sticky(9, 'entry') } }
      expect(await runDay(opened.store, 4, 'bo', fromEntry)).toBe('hold ada (sticky), leaves on day 9')
      expect(await runDay(opened.store, 5, 'bo', terms)).toBe('hold ada (sticky), leaves on day 17')
    })

    test('whom the rule holds counts as wanted, and in one reason', async () => {
      const terms = { rules: { exit: sticky(7, 'entry') } }
      await runDay(opened.store, 0, 'ada bo cy', terms)
      const delta = await compareOn(opened.store, 3, 'bo di', terms)
      expect(delta.people).toBe(2)
      expect(delta.counts).toEqual({
        recorded: 3,
        wanted: 4,
        adds: 1,
        removes: 0,
        again: 0,
        held: { sticky: 2, keep: 0, unsettled: 0, 'case-twin': 0 },
        keptOut: { stage: 0, holdout: 0, 'no-reentry': 0, rejected: 0, unsettled: 0 },
      })
      await delta.close()
    })

    test('without rules everybody leaves who was not appended, whatever held them', async () => {
      const terms = { rules: { exit: sticky(7, 'entry') } }
      await runDay(opened.store, 0, 'ada bo', terms)
      await runDay(opened.store, 1, 'bo', terms)
      const spool = await opened.store.openSpool('vip')
      const delta = await spool.computeDelta()
      expect(delta.counts).toMatchObject({ recorded: 2, wanted: 0, adds: 0, removes: 2 })
      expect(delta.counts.held).toEqual({ sticky: 0, keep: 0, unsettled: 0, 'case-twin': 0 })
      await delta.close()
    })

    test('nobody is noted as gone by a comparison alone', async () => {
      const terms = { rules: { exit: sticky(14, 'exit') } }
      await runDay(opened.store, 0, 'ada bo', terms)
      await (await compareOn(opened.store, 3, 'bo', terms)).close()
      expect(await runDay(opened.store, 5, 'bo', terms)).toBe('hold ada (sticky), leaves on day 19')
    })
  })
}
