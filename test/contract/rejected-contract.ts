import { beforeEach, describe, expect, test } from 'vitest'
import type { StoreWrite } from '../../src/ports.ts'
import { useLedgers } from './open-store.ts'
import { day, KEEP, listMembers, MS, runDay, runDays } from './run-day.ts'
import type { StoreUnderTest } from './store-under-test.ts'

const reject = (identifier: string, on: number, audience = 'vip'): StoreWrite => ({
  kind: 'rejected',
  audience,
  identifier,
  at: day(on),
})

/** MoEngage refused one identifier by itself: it is left out for a week, then tried again. */
export const describeRejectedContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} leaves out what was refused by itself`, () => {
    const opened = useLedgers(create)
    beforeEach(() => opened.store.commit([reject('ada', 0)]))

    test('for a week, its last moment included', async () => {
      await runDays(opened.store, [
        [0, 'ada bo', 'add bo; keep out 1 (rejected)'],
        [7, 'ada bo', 'keep out 1 (rejected)'],
        [7 + MS, 'ada bo', 'add ada'],
      ])
    })

    test('counted from the later moment, whichever was written last', async () => {
      await opened.store.commit([reject('ada', 3)])
      await opened.store.commit([reject('ada', 1)])
      await opened.reopen()
      await runDays(opened.store, [
        [10, 'ada bo', 'add bo; keep out 1 (rejected)'],
        [10 + MS, 'ada bo', 'add ada'],
      ])
    })

    test('letter for letter, and whoever carries it', async () => {
      await runDays(opened.store, [
        [0, 'bo=ada eve=ADA ada=ada2', 'add ADA, ada2; keep out 1 (rejected)'],
        [1, 'bo=ada2', 'remove ADA'],
      ])
    })

    test('in its own audience alone', async () => {
      await runDays(opened.store, [[0, 'ada bo', 'add ada, bo']], { audience: 'winback' })
    })

    test('and takes nobody out of the ledger by itself', async () => {
      await runDay(opened.store, 8, 'ada bo')
      await opened.store.commit([reject('ada', 8)])
      expect(await listMembers(opened.store)).toEqual(['ada', 'bo'])
    })

    test('a leaver who is held is not judged by it', async () => {
      await runDays(
        opened.store,
        [
          [8, 'ada bo', 'add ada, bo'],
          [9, 'bo', 'hold ada (keep), stays'],
        ],
        { rules: { exit: KEEP } },
      )
      await opened.store.commit([reject('ada', 9)])
      await runDays(opened.store, [[9.5, 'bo', 'hold ada (keep), stays']], { rules: { exit: KEEP } })
    })

    test('comes after the stage and before an open outcome', async () => {
      await opened.store.commit([
        {
          kind: 'unsettled',
          audience: 'vip',
          identifier: 'ada',
          direction: 'remove',
          is: 'open',
          at: day(1),
        },
      ])
      await runDays(opened.store, [
        [1, 'ada', 'remove ada (refused); keep out 1 (rejected)', { refused: ['remove'] }],
        [
          1,
          'ada',
          'remove ada (refused); keep out 1 (stage)',
          { refused: ['remove'], rules: { stage: { kind: 'qa' } } },
        ],
      ])
    })

    test('is forgotten when it is over', async () => {
      await runDay(opened.store, 8, 'bo')
      const rules = { rejectedSince: day(-1) }
      await runDays(opened.store, [[8, 'ada bo', 'add ada', { rules }]])
    })
  })
}
