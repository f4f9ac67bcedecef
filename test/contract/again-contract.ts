import { describe, expect, test } from 'vitest'
import type { AssertionReason } from '../../src/model/recorded.ts'
import type { StoreWrite } from '../../src/model/store-write.ts'
import type { Delta } from '../../src/ports.ts'
import { useLedgers } from './open-store.ts'
import { day, KEEP, minutes, readPeople, rulesAt, runDay } from './run-day.ts'
import { AT, identifiers, LATER, type StoreUnderTest } from './store-under-test.ts'

const assertion = (is: 'begun' | 'done', at: string, reason: AssertionReason = 'interval'): StoreWrite => ({
  kind: 'assertion',
  audience: 'vip',
  is,
  at,
  reason,
})
const again = (from: number, to: number, at = AT): StoreWrite => ({
  kind: 'batch',
  audience: 'vip',
  list: 'again',
  from,
  to,
  at,
})

/** All members are sent again from time to time, in as many runs as it takes. */
export const describeAgainContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} lists members to be sent again`, () => {
    const opened = useLedgers(create)
    const compare = async (now: number, source: string, rules = {}): Promise<Delta> => {
      const spool = await opened.store.openSpool('vip')
      await spool.append(readPeople(source))
      return spool.computeDelta({ rules: rulesAt(now, rules), again: true })
    }
    const readAsserted = async () => (await opened.store.readState()).asserted.get('vip')

    test('only when it is asked for, in their order, and with positions of their own', async () => {
      await runDay(opened.store, 0, 'ada bo cy')
      const silent = await opened.store.openSpool('vip')
      await silent.append(readPeople('ada bo cy'))
      expect((await silent.computeDelta({ rules: rulesAt(1) })).counts.again).toBe(0)
      const delta = await compare(1, 'cy bo ada')
      expect(delta.counts).toMatchObject({ recorded: 3, wanted: 3, adds: 0, removes: 0, again: 3 })
      expect(await delta.readRows('again', 1, 5)).toEqual([
        { position: 2, identifier: 'bo' },
        { position: 3, identifier: 'cy' },
      ])
      await delta.close()
    })

    test('who is added or removed is not among them, who is held is', async () => {
      await runDay(opened.store, 0, 'ada bo cy')
      const kept = await compare(1, 'bo di', { exit: KEEP })
      expect(await identifiers(kept, 'add')).toEqual(['di'])
      expect(await identifiers(kept, 'again')).toEqual(['ada', 'bo', 'cy'])
      await kept.close()
      const removed = await compare(1, 'bo di')
      expect(await identifiers(removed, 'remove')).toEqual(['ada', 'cy'])
      expect(await identifiers(removed, 'again')).toEqual(['bo'])
      await removed.close()
    })

    test('an identifier is listed once, however many carry it and whoever carried it before', async () => {
      await runDay(opened.store, 0, 'ada=x bo=x cy')
      const delta = await compare(1, 'bo=x di=x cy')
      expect(await identifiers(delta, 'again')).toEqual(['cy', 'x'])
      await delta.close()
    })

    test('an open outcome makes an add of a member, and an accepted one a member again', async () => {
      await runDay(opened.store, 0, 'ada bo cy')
      const first = await compare(1, 'ada bo cy')
      const range = { audience: 'vip', list: 'again', from: 1, to: 2, at: day(1) } as const
      await opened.store.commit([{ kind: 'unsettled-batch', is: 'open', ...range }])
      await first.close()
      const second = await compare(1, 'ada bo cy')
      expect([await identifiers(second, 'add'), await identifiers(second, 'again')]).toEqual([
        ['ada', 'bo'],
        ['cy'],
      ])
      await opened.store.commit([{ kind: 'batch', audience: 'vip', list: 'add', from: 1, to: 1, at: day(1) }])
      await second.close()
      const third = await compare(1, 'ada bo cy')
      expect([await identifiers(third, 'add'), await identifiers(third, 'again')]).toEqual([
        ['bo'],
        ['ada', 'cy'],
      ])
      await third.close()
    })

    test('one that was sent again without an answer is not removed until that has cooled down', async () => {
      await runDay(opened.store, 0, 'ada bo')
      const delta = await compare(1, 'ada bo')
      const range = { audience: 'vip', list: 'again', from: 1, to: 1, at: day(1) } as const
      await opened.store.commit([{ kind: 'unsettled-batch', is: 'open', ...range }])
      await delta.close()
      expect(await runDay(opened.store, 1 + minutes(14), 'bo')).toBe('hold ada (unsettled)')
      expect(await runDay(opened.store, 1 + minutes(15), 'bo')).toBe('remove ada')
    })

    test('a batch of it closes what was open, enters nobody, takes nobody out, and begins no assertion', async () => {
      await runDay(opened.store, 0, 'ada bo')
      const delta = await compare(1, 'ada bo cy')
      const range = { audience: 'vip', list: 'again', from: 1, to: 2, at: AT } as const
      await opened.store.commit([{ kind: 'unsettled-batch', is: 'open', ...range }])
      await opened.store.commit([{ kind: 'batch', ...range }])
      await delta.close()
      const next = await compare(1, 'ada bo cy')
      expect(await identifiers(next, 'again')).toEqual(['ada', 'bo'])
      expect(await identifiers(next, 'add')).toEqual(['cy'])
      await next.close()
      expect(await readAsserted()).toBeUndefined()
    })

    test('an assertion goes on after the last batch that was accepted, whoever sends the next one', async () => {
      await runDay(opened.store, 0, 'ada bo cy di')
      await opened.store.commit([assertion('begun', AT)])
      const first = await compare(1, 'ada bo cy di')
      expect(first.counts.again).toBe(4)
      await opened.store.commit([again(1, 1)])
      await opened.store.commit([again(2, 2)])
      await opened.reopen()
      const second = await compare(2, 'ada aga bo cy di')
      // Who entered meanwhile was sent by that.
      expect(await identifiers(second, 'add')).toEqual(['aga'])
      expect(await second.readRows('again', 0, 9)).toEqual([
        { position: 1, identifier: 'cy' },
        { position: 2, identifier: 'di' },
      ])
      expect(second.counts).toMatchObject({ wanted: 5, again: 2 })
      await opened.store.commit([again(2, 2)])
      await second.close()
      const third = await compare(3, 'ada bo cy di')
      expect(third.counts.again).toBe(0)
      await third.close()
    })

    test('what it still has to send goes by the bytes of identifiers', async () => {
      const source = 'a=\u{ffff} b=\u{1f600} c=Z d=z'
      await runDay(opened.store, 0, source)
      await opened.store.commit([assertion('begun', AT)])
      const first = await compare(1, source)
      expect(await identifiers(first, 'again')).toEqual(['Z', 'z', '\u{ffff}', '\u{1f600}'])
      await opened.store.commit([again(1, 3)])
      await first.close()
      const second = await compare(1, source)
      expect(await identifiers(second, 'again')).toEqual(['\u{1f600}'])
      await second.close()
    })

    test('one that begins, begins with the first; without one under way all are listed', async () => {
      await runDay(opened.store, 0, 'ada bo cy')
      await opened.store.commit([assertion('begun', AT)])
      const first = await compare(1, 'ada bo cy')
      await opened.store.commit([again(1, 2)])
      await first.close()
      await opened.store.commit([assertion('begun', LATER, 'asked')])
      const second = await compare(1, 'ada bo cy')
      expect(second.counts.again).toBe(3)
      await opened.store.commit([again(1, 2), assertion('done', LATER, 'asked')])
      await second.close()
      const third = await compare(1, 'ada bo cy')
      expect(third.counts.again).toBe(3)
      await opened.store.commit([again(1, 2)])
      await third.close()
      expect(await readAsserted()).toEqual({ completedAt: LATER, reason: 'asked' })
      const fourth = await compare(1, 'ada bo cy')
      expect(fourth.counts.again).toBe(3)
      await fourth.close()
    })

    test('a batch that is not committed brings it no further', async () => {
      await runDay(opened.store, 0, 'ada bo cy')
      await opened.store.commit([assertion('begun', AT)])
      const delta = await compare(1, 'ada bo cy')
      const broken: StoreWrite = { ...again(1, 1), audience: 'nobody' } as StoreWrite
      await expect(opened.store.commit([again(1, 2), broken])).rejects.toThrow()
      await delta.close()
      const next = await compare(1, 'ada bo cy')
      expect(next.counts.again).toBe(3)
      await next.close()
    })

    test('the state says when it was last through, and what is under way', async () => {
      expect(await readAsserted()).toBeUndefined()
      const { head } = await opened.store.readState()
      await opened.store.commit([assertion('begun', AT, 'generation')])
      expect(await readAsserted()).toEqual({ startedAt: AT, reason: 'generation' })
      await opened.store.commit([assertion('done', LATER, 'generation')])
      await opened.reopen()
      expect(await readAsserted()).toEqual({ completedAt: LATER, reason: 'generation' })
      await opened.store.commit([assertion('begun', day(7), 'interval')])
      await opened.reopen()
      const underWay = { completedAt: LATER, startedAt: day(7), reason: 'interval' }
      expect(await readAsserted()).toEqual(underWay)
      const aside = await opened.underTest.readStateAside()
      expect([aside.asserted.get('vip'), aside.head]).toEqual([underWay, head])
    })
  })
}
