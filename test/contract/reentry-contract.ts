import { describe, test } from 'vitest'
import { useLedgers } from './open-store.ts'
import { type Day, MS, runDays, sticky } from './run-day.ts'
import type { StoreUnderTest } from './store-under-test.ts'

const STORIES: readonly { readonly title: string; readonly days: readonly Day[] }[] = [
  {
    title: 'whoever was removed comes back 30 days after that, and not a moment earlier',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'cy', 'hold ada (sticky), leaves on day 3'],
      [3, 'cy', 'remove ada'],
      [4, 'ada cy', 'keep out 1 (no-reentry)'],
      [33 - MS, 'ada cy', 'keep out 1 (no-reentry)'],
      [33, 'ada cy', 'add ada'],
    ],
  },
  {
    title: 'it counts from the last removal',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [3, 'cy', 'hold ada (sticky), leaves on day 5'],
      [5, 'cy', 'remove ada'],
      [40, 'ada cy', 'add ada'],
      [41, 'cy', 'hold ada (sticky), leaves on day 43'],
      [50, 'cy', 'remove ada'],
      [51, 'ada cy', 'keep out 1 (no-reentry)'],
      [79, 'ada cy', 'keep out 1 (no-reentry)'],
      [80, 'ada cy', 'add ada'],
    ],
  },
  {
    title: 'it counts from the last removal also when an earlier one would still count',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'cy', 'hold ada (sticky), leaves on day 3'],
      [5, 'cy', 'remove ada'],
      [6, 'ada cy', 'add ada', { rules: { exit: sticky(2, 'exit') } }],
      [7, 'cy', 'hold ada (sticky), leaves on day 9'],
      [20, 'cy', 'remove ada'],
      [36, 'ada cy', 'keep out 1 (no-reentry)'],
      [50, 'ada cy', 'add ada'],
    ],
  },
  {
    title: 'a return while held is no re-entry',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'cy', 'hold ada (sticky), leaves on day 3'],
      [2, 'ada cy', 'nothing'],
    ],
  },
  {
    title: 'another identifier is no re-entry, though the former one was removed first',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'ada=ada2 cy', 'remove ada; add ada2'],
      [2, 'ada=ada3 cy', 'remove ada2; add ada3'],
    ],
  },
  {
    title: 'another identifier is no re-entry, though it is not accepted at once',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'ada=ada2 cy', 'remove ada; add ada2 (refused)', { refused: ['add'] }],
      [2, 'ada=ada2 cy', 'add ada2'],
    ],
  },
  {
    title: 'whoever keeps one of two identifiers has not left',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'ada=ada2 cy', 'remove ada (refused); add ada2', { refused: ['remove'] }],
      [2, 'ada=ada2 cy', 'remove ada'],
      [3, 'cy', 'remove ada2', { rules: { exit: { kind: 'remove' } } }],
      [4, 'ada=ada2 cy', 'add ada2'],
    ],
  },
  {
    title: 'another identifier after a removal does not help',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'cy', 'hold ada (sticky), leaves on day 3'],
      [3, 'cy', 'remove ada'],
      [4, 'ada=ada2 cy', 'keep out 1 (no-reentry)'],
    ],
  },
  {
    title: 'whoever lost their identifier was removed, too',
    days: [
      [0, 'ada cy', 'add ada, cy'],
      [1, 'ada= cy', 'remove ada'],
      [2, 'ada cy', 'keep out 1 (no-reentry)'],
      [31, 'ada cy', 'add ada'],
    ],
  },
  {
    title: 'somebody else who takes over the identifier is let in',
    days: [
      [0, 'ada=x cy', 'add cy, x'],
      [1, 'cy', 'hold x (sticky), leaves on day 3'],
      [3, 'cy', 'remove x'],
      [4, 'bo=x cy', 'add x'],
      [5, 'ada=x bo=x cy', 'keep out 1 (no-reentry)'],
    ],
  },
  {
    title: 'a remove without an answer, or one that was refused, is no removal yet',
    days: [
      [0, 'ada bo cy', 'add ada, bo, cy'],
      [1, 'cy', 'hold ada (sticky), leaves on day 3; hold bo (sticky), leaves on day 3'],
      [3, 'cy', 'remove ada, bo (refused)', { refused: ['remove'] }],
      [4, 'ada cy', 'remove bo (no answer)', { lost: ['remove'] }],
      [5, 'ada bo cy', 'add bo'],
    ],
  },
  {
    title: 'only where the rule says so',
    days: [
      [0, 'ada bo', 'add ada, bo'],
      [1, 'bo', 'remove ada', { rules: { exit: { kind: 'remove' } } }],
      [2, 'ada bo', 'add ada'],
      [3, 'bo', 'hold ada (sticky), leaves on day 5'],
      [5, 'bo', 'remove ada'],
      [6, 'ada bo', 'keep out 1 (no-reentry)'],
      [7, 'ada bo', 'add ada', { rules: { exit: sticky(2, 'exit') } }],
      [8, 'ada bo', 'nothing'],
      [9, 'ada=ada2 bo', 'remove ada; add ada2'],
    ],
  },
]

/** Whoever left stays away for a while, where the rule says so. */
export const describeReentryContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} keeps out who left too short a time ago`, () => {
    const opened = useLedgers(create)

    test.each(STORIES)('sticky, 2 days from exit, no re-entry for 30: $title', ({ days }) =>
      runDays(opened.store, days, { rules: { exit: sticky(2, 'exit', 30) } }),
    )

    test('when they left is still known after the store was opened again', async () => {
      const terms = { rules: { exit: sticky(2, 'exit', 30) } }
      await runDays(
        opened.store,
        [
          [0, 'ada cy', 'add ada, cy'],
          [1, 'cy', 'hold ada (sticky), leaves on day 3'],
          [3, 'cy', 'remove ada'],
        ],
        terms,
      )
      await opened.reopen()
      await runDays(
        opened.store,
        [
          [32, 'ada cy', 'keep out 1 (no-reentry)'],
          [33, 'ada cy', 'add ada'],
        ],
        terms,
      )
    })
  })
}
