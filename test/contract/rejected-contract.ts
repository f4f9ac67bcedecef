import { beforeEach, describe, expect, test } from 'vitest'
import type { StoreWrite } from '../../src/model/store-write.ts'
import { useLedgers } from './open-store.ts'
import {
  compareOn,
  day,
  KEEP,
  listMembers,
  MS,
  minutes,
  readPeople,
  rulesAt,
  runDay,
  runDays,
} from './run-day.ts'
import { identifiers, type StoreUnderTest } from './store-under-test.ts'

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

    test('and takes nobody out who is in: not by itself, and not with the next sync', async () => {
      await runDay(opened.store, 8, 'ada bo')
      await opened.store.commit([reject('ada', 8)])
      await runDays(opened.store, [[9, 'ada bo', 'nothing']])
      expect(await listMembers(opened.store)).toEqual(['ada', 'bo'])
      await runDays(opened.store, [
        [10, 'eve=ada bo', 'nothing'],
        [11, 'bo', 'remove ada'],
        [12, 'ada bo', 'keep out 1 (rejected)'],
      ])
    })

    test('who is in and in doubt stays so, and is sent when the week is over', async () => {
      await runDay(opened.store, 8, 'ada bo')
      await opened.store.commit([reject('ada', 8), { kind: 'doubt-all', audience: 'vip' }])
      const delta = await compareOn(opened.store, 9, 'ada bo')
      expect(delta.counts).toMatchObject({ recorded: 2, wanted: 2, adds: 1, removes: 0 })
      await delta.close()
      await runDays(opened.store, [
        [9, 'ada bo', 'add bo'],
        [10, 'ada eve=ada bo', 'nothing'],
        [11, 'bo', 'hold ada (keep), stays', { rules: { exit: KEEP } }],
        [15 + MS, 'ada bo', 'add ada'],
      ])
    })

    test('who is in waits for a remove without an answer, and is not sent after it', async () => {
      await runDay(opened.store, 8, 'ada bo')
      await runDay(opened.store, 9, 'bo', { lost: ['remove'] })
      await opened.store.commit([reject('ada', 9)])
      await runDays(opened.store, [
        [9 + minutes(5), 'ada bo', 'hold 1 (unsettled); keep out 1 (unsettled)'],
        [10, 'ada bo', 'nothing'],
        [11, 'bo', 'remove ada'],
      ])
    })

    test('who is in is not sent again with all others', async () => {
      await runDay(opened.store, 8, 'ada bo')
      await opened.store.commit([reject('ada', 8)])
      const spool = await opened.store.openSpool('vip')
      await spool.append(readPeople('ada bo'))
      const delta = await spool.computeDelta({ rules: rulesAt(9), again: true })
      expect(await identifiers(delta, 'again')).toEqual(['bo'])
      expect(delta.counts).toMatchObject({ recorded: 2, wanted: 2, adds: 0, removes: 0, again: 1 })
      await delta.close()
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
