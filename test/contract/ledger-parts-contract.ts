import { describe, expect, test } from 'vitest'
import { BugError } from '../../src/model/invariant.ts'
import type { StoreWrite } from '../../src/model/store-write.ts'
import type { Store } from '../../src/ports.ts'
import { useLedgers } from './open-store.ts'
import { type DayTerms, day, minutes, readPeople, rulesAt, runDay, sticky } from './run-day.ts'
import { AT, identifiers, type StoreUnderTest } from './store-under-test.ts'

const EXIT = { exit: sticky(14, 'exit', 30) }

const unsettled = (audience: string, identifier: string, direction: 'add' | 'remove'): StoreWrite => ({
  kind: 'unsettled',
  audience,
  identifier,
  direction,
  is: 'open',
  at: day(20),
})
const begun = (audience: string): StoreWrite => ({
  kind: 'assertion',
  audience,
  is: 'begun',
  at: day(19),
  reason: 'asked',
})

/**
 * By day 20 `ada` is held until day 31, `bo` left on day 19, `eve` was refused, calls for `kim` and `jo` have no
 * answer, and an assertion has come as far as `ada`.
 */
const fill = async (store: Store, audience: string): Promise<void> => {
  const terms: DayTerms = { audience, rules: EXIT }
  await runDay(store, 0, 'ada bo cy', terms)
  await runDay(store, 5, 'ada cy', terms)
  await runDay(store, 17, 'cy', terms)
  await runDay(store, 19, 'cy', terms)
  await store.commit([
    begun(audience),
    { kind: 'synced', audience, at: day(19) },
    { kind: 'rejected', audience, identifier: 'eve', at: day(19) },
    unsettled(audience, 'jo', 'add'),
    unsettled(audience, 'kim', 'remove'),
  ])
  const spool = await store.openSpool(audience)
  await spool.append(readPeople('cy'))
  const delta = await spool.computeDelta({ rules: rulesAt(19, EXIT), again: true })
  await store.commit([{ kind: 'batch', audience, list: 'again', from: 1, to: 1, at: day(19) }])
  await delta.close()
}

/** Everything that is kept under a ledger key, as the day after tells it. */
const tellAll = async (store: Store, audience: string): Promise<unknown> => {
  const spool = await store.openSpool(audience)
  await spool.append(readPeople('bo cy eve kim'))
  const delta = await spool.computeDelta({ rules: rulesAt(20 + minutes(1), EXIT), again: true })
  const lists = {
    counts: delta.counts,
    adds: await identifiers(delta, 'add'),
    removes: await identifiers(delta, 'remove'),
    again: await identifiers(delta, 'again'),
  }
  await delta.close()
  const { asserted, synced } = await store.readState()
  const later = await runDay(store, 20 + minutes(2), 'bo cy eve kim', {
    audience,
    rules: EXIT,
  })
  return { ...lists, asserted: asserted.get(audience), synced: synced.get(audience), later }
}

const ALL = {
  counts: {
    recorded: 4,
    wanted: 2,
    adds: 0,
    removes: 0,
    again: 1,
    held: { sticky: 1, keep: 0, unsettled: 2, 'case-twin': 0 },
    keptOut: { stage: 0, holdout: 0, 'no-reentry': 1, rejected: 1, unsettled: 1 },
  },
  adds: [],
  removes: [],
  again: ['cy'],
  asserted: { startedAt: day(19), reason: 'asked' },
  synced: day(19),
  later:
    'hold 1 (sticky), 2 (unsettled); ' +
    'keep out 1 (no-reentry); keep out 1 (rejected); keep out 1 (unsettled)',
}

const NOTHING = {
  counts: {
    recorded: 0,
    wanted: 4,
    adds: 4,
    removes: 0,
    again: 0,
    held: { sticky: 0, keep: 0, unsettled: 0, 'case-twin': 0 },
    keptOut: { stage: 0, holdout: 0, 'no-reentry': 0, rejected: 0, unsettled: 0 },
  },
  adds: ['bo', 'cy', 'eve', 'kim'],
  removes: [],
  again: [],
  asserted: undefined,
  synced: undefined,
  later: 'add bo, cy, eve, kim',
}

/** Whatever is remembered about the members of a ledger goes where they go. */
export const describeLedgerPartsContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  describe(`${name} keeps together what belongs to a ledger`, () => {
    const opened = useLedgers(create)

    test('all of it stands under its key', async () => {
      await fill(opened.store, 'vip')
      expect(await tellAll(opened.store, 'vip')).toEqual(ALL)
    })

    test('all of it moves to another key, and nothing stays behind', async () => {
      await fill(opened.store, 'vip')
      await opened.store.commit([{ kind: 'move-ledger', from: 'vip', to: 'winback' }])
      await opened.reopen()
      expect(await tellAll(opened.store, 'winback')).toEqual(ALL)
      expect(await tellAll(opened.store, 'vip')).toEqual(NOTHING)
    })

    test('who left lately and what was refused counts under another key as well, from the later moment on', async () => {
      const copy: StoreWrite = { kind: 'copy-barred', from: 'vip', to: 'winback' }
      const reject = (audience: string, on: number): StoreWrite => ({
        kind: 'rejected',
        audience,
        identifier: 'eve',
        at: day(on),
      })
      const terms = { audience: 'winback', rules: EXIT }
      await fill(opened.store, 'vip')
      await opened.store.commit([reject('winback', 15), copy, copy])
      await opened.store.commit([reject('winback', 16)])
      await opened.reopen()
      expect(await tellAll(opened.store, 'vip')).toEqual(ALL)
      await opened.store.commit([{ kind: 'drop-ledger', audience: 'vip' }])
      expect(await runDay(opened.store, 26, 'bo eve kim', terms)).toBe(
        'add kim; keep out 1 (no-reentry); keep out 1 (rejected)',
      )
      expect(await runDay(opened.store, 27, 'bo eve kim', terms)).toBe('add eve; keep out 1 (no-reentry)')
      expect(await runDay(opened.store, 49, 'bo eve kim', terms)).toBe('add bo')
    })

    test('whoever is under another key as well has been in since they entered, and is gone since they left', async () => {
      const carry: StoreWrite = { kind: 'carry-times', from: 'vip', to: 'winback' }
      const terms = { audience: 'winback', rules: EXIT }
      await fill(opened.store, 'vip')
      expect(await runDay(opened.store, 20, 'ada cy', terms)).toBe('add ada, cy')
      await opened.store.commit([carry, carry, { kind: 'drop-ledger', audience: 'vip' }])
      await opened.reopen()
      expect(await runDay(opened.store, 30, 'cy', terms)).toBe('hold ada (sticky), leaves on day 31')
      expect(await runDay(opened.store, 31, 'cy', terms)).toBe('remove ada')
      const fromEntry = { audience: 'winback', rules: { exit: sticky(32, 'entry') } }
      expect(await runDay(opened.store, 31.5, '', fromEntry)).toBe('hold cy (sticky), leaves on day 32')
      expect(await runDay(opened.store, 32, '', fromEntry)).toBe('remove cy')
    })

    test('all of it is dropped, and nothing of another key', async () => {
      await fill(opened.store, 'vip')
      await fill(opened.store, 'winback')
      await opened.store.commit([{ kind: 'drop-ledger', audience: 'vip' }])
      await opened.reopen()
      expect(await tellAll(opened.store, 'vip')).toEqual(NOTHING)
      expect(await tellAll(opened.store, 'winback')).toEqual(ALL)
    })

    test('a move that is taken back with its commit leaves all where it was', async () => {
      await fill(opened.store, 'vip')
      const broken: StoreWrite = { kind: 'batch', audience: 'nobody', list: 'add', from: 1, to: 1, at: AT }
      await expect(
        opened.store.commit([{ kind: 'move-ledger', from: 'vip', to: 'winback' }, broken]),
      ).rejects.toThrow(BugError)
      await expect(opened.store.commit([{ kind: 'drop-ledger', audience: 'vip' }, broken])).rejects.toThrow(
        BugError,
      )
      expect(await tellAll(opened.store, 'winback')).toEqual(NOTHING)
      expect(await tellAll(opened.store, 'vip')).toEqual(ALL)
    })

    test.each<[what: string, fillOther: (store: Store) => Promise<unknown>]>([
      ['a departure', store => leave(store)],
      [
        'a refused identifier',
        store => store.commit([{ kind: 'rejected', audience: 'winback', identifier: 'eve', at: AT }]),
      ],
      ['an assertion', store => store.commit([begun('winback')])],
    ])('a ledger does not move to a key that has %s', async (_what, fillOther) => {
      await fill(opened.store, 'vip')
      await fillOther(opened.store)
      await expect(
        opened.store.commit([{ kind: 'move-ledger', from: 'vip', to: 'winback' }]),
      ).rejects.toThrow(BugError)
      expect(await tellAll(opened.store, 'vip')).toEqual(ALL)
    })

    test('somebody accepted outside a delta is in since then, and a later identifier of theirs, too', async () => {
      const member = (identifier: string, on: number): StoreWrite => ({
        kind: 'member',
        audience: 'vip',
        member: { person: 'cio_ada', identifier },
        at: day(on),
      })
      const rules = { exit: sticky(7, 'entry') }
      await opened.store.commit([member('ada', 0)])
      await opened.store.commit([member('ada', 3), member('ada2', 4)])
      expect(await runDay(opened.store, 5, '', { rules })).toBe(
        'hold ada (sticky), leaves on day 7; hold ada2 (sticky), leaves on day 7',
      )
      expect(await runDay(opened.store, 6, 'ada=ada2', { rules })).toBe('remove ada')
      expect(await runDay(opened.store, 6.5, '', { rules })).toBe('hold ada2 (sticky), leaves on day 7')
    })

    test('somebody accepted outside a delta is not leaving any more', async () => {
      const rules = { exit: sticky(7, 'exit') }
      await runDay(opened.store, 0, 'ada', { rules })
      expect(await runDay(opened.store, 1, '', { rules })).toBe('hold ada (sticky), leaves on day 8')
      await opened.store.commit([
        { kind: 'member', audience: 'vip', member: { person: 'cio_ada', identifier: 'ada' }, at: day(2) },
      ])
      expect(await runDay(opened.store, 3, '', { rules })).toBe('hold ada (sticky), leaves on day 10')
    })
  })
}

/** Somebody enters and is removed again, so that only their departure is left. */
const leave = async (store: Store): Promise<void> => {
  const terms = { audience: 'winback', rules: { exit: sticky(1, 'entry', 30) } }
  await runDay(store, 0, 'ada', terms)
  await runDay(store, 2, '', terms)
}
