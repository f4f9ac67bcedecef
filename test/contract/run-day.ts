import { expect } from 'vitest'
import type { ExitRule } from '../../src/model/audience.ts'
import type { Direction } from '../../src/model/membership.ts'
import { HOLD_REASONS, KEEP_OUT_REASONS, type MembershipRules } from '../../src/model/membership.ts'
import type { StoreWrite } from '../../src/model/store-write.ts'
import { DAY_MS, type Instant, MINUTE_MS } from '../../src/model/time.ts'
import type { Delta, SpooledPerson, Store } from '../../src/ports.ts'
import { AT, identifiers } from './store-under-test.ts'

/** The moment a day begins at, counted from the first one. Parts of it are days too: see `minutes`. */
export const day = (number: number): Instant =>
  new Date(Date.parse(AT) + Math.round(number * DAY_MS)).toISOString()

/** Minutes as a part of a day. */
export const minutes = (count: number): number => (count * MINUTE_MS) / DAY_MS

/** A millisecond as a part of a day: just before, just after. */
export const MS = 1 / DAY_MS

/** Rules under which everyone of the source is let in and whoever left leaves; some may be others. */
export const rulesAt = (now: number, rules: Partial<MembershipRules> = {}): MembershipRules => ({
  exit: { kind: 'remove' },
  stage: { kind: 'live' },
  holdoutPercent: 0,
  testers: [],
  now: day(now),
  rejectedSince: day(now - 7),
  unsettledSince: day(now - minutes(15)),
  ...rules,
})

/** Members stay so many days. */
export const sticky = (days: number, from: 'entry' | 'exit', noReentryDays?: number): ExitRule => ({
  kind: 'sticky',
  forMs: days * DAY_MS,
  from,
  ...(noReentryDays === undefined ? {} : { noReentryForMs: noReentryDays * DAY_MS }),
})

/** Members stay for good. */
export const KEEP: ExitRule = { kind: 'keep', because: 'they bought it' }

/** Everyone of the source, as words: `ada` carries the identifier `ada`, `ada=x` carries `x`, `ada=` carries none. */
export const readPeople = (source: string): readonly SpooledPerson[] =>
  source.split(' ').flatMap(word => {
    const [name = '', identifier = name] = word.split('=')
    if (name === '') return []
    return [{ person: `cio_${name}`, ...(identifier === '' ? {} : { identifier }) }]
  })

/** What is otherwise on a day. */
export interface DayTerms {
  readonly audience?: string
  readonly rules?: Partial<MembershipRules>
  /** Incomplete: removes wait, and nobody is noted as gone. */
  readonly read?: 'complete' | 'incomplete'
  /** Calls that get no answer, and calls that are refused. */
  readonly lost?: readonly Direction[]
  readonly refused?: readonly Direction[]
  /** What is expected to be told: where it names a day, that one is looked at first. */
  readonly expected?: string
}

/**
 * One sync as the engine does it: reads, compares, notes who is gone, sends removes and adds. Tells what came of it as
 * one line, in which whoever stays without being in the source stands with the day on which they would leave.
 */
export const runDay = async (
  store: Store,
  now: number,
  source: string,
  terms: DayTerms = {},
): Promise<string> => {
  const { audience = 'vip', read = 'complete' } = terms
  const delta = await compareOn(store, now, source, terms)
  await delta.noteLeavers({ at: day(now), isComplete: read === 'complete' })
  const removes = await identifiers(delta, 'remove')
  const adds = await identifiers(delta, 'add')
  expect([delta.counts.adds, delta.counts.removes]).toEqual([adds.length, removes.length])
  const told: string[] = []
  if (read === 'complete') {
    await delta.carryOver(day(now))
    told.push(...(await sendList(store, audience, delta, 'remove', removes, now, terms)))
  } else if (removes.length > 0) told.push(`${removes.join(', ')} would leave`)
  told.push(...(await sendList(store, audience, delta, 'add', adds, now, terms)))
  await delta.close()
  told.push(...(await tellHeld(store, now, { delta, source, removes, terms })))
  for (const reason of KEEP_OUT_REASONS) {
    const count = delta.counts.keptOut[reason]
    if (count > 0) told.push(`keep out ${count} (${reason})`)
  }
  return told.length === 0 ? 'nothing' : told.join('; ')
}

/** The day, its source and what is expected to come of it; sometimes, what is otherwise on that day. */
export type Day = readonly [now: number, source: string, expected: string, terms?: DayTerms]

/** Runs one day after the other, and compares all that happened with all that was expected. */
export const runDays = async (store: Store, days: readonly Day[], terms: DayTerms = {}): Promise<void> => {
  const happened: string[] = []
  for (const [now, source, expected, others = {}] of days) {
    const rules = { ...terms.rules, ...others.rules }
    const told = await runDay(store, now, source, { ...terms, ...others, rules, expected })
    happened.push(`day ${now}, ${source}: ${told}`)
  }
  expect(happened).toEqual(days.map(([now, source, expected]) => `day ${now}, ${source}: ${expected}`))
}

/** Compares the source of a day with the ledger. Nothing is written. */
export const compareOn = async (
  store: Store,
  now: number,
  source: string,
  { audience = 'vip', rules }: DayTerms = {},
): Promise<Delta> => {
  const spool = await store.openSpool(audience)
  await spool.append(readPeople(source))
  return spool.computeDelta({ rules: rulesAt(now, rules) })
}

/** The identifiers in a ledger, found as a rename finds them. */
export const listMembers = async (store: Store, audience = 'vip'): Promise<readonly string[]> => {
  const spool = await store.openSpool('nobody')
  await spool.appendRecorded(audience)
  const delta = await spool.computeDelta()
  const members = await identifiers(delta, 'add')
  await delta.close()
  return members
}

const sendList = async (
  store: Store,
  audience: string,
  _delta: Delta,
  list: Direction,
  rows: readonly string[],
  now: number,
  { lost = [], refused = [] }: DayTerms,
): Promise<readonly string[]> => {
  if (rows.length === 0) return []
  const range = { audience, list, from: 1, to: rows.length, at: day(now) }
  const told = `${list} ${rows.join(', ')}`
  const attempt: StoreWrite = { kind: 'unsettled-batch', is: 'open', ...range }
  if (lost.includes(list)) {
    await store.commit([attempt])
    return [`${told} (no answer)`]
  }
  if (refused.includes(list)) {
    await store.commit([attempt, { kind: 'unsettled-batch', is: 'withdrawn', ...range }])
    return [`${told} (refused)`]
  }
  await store.commit([attempt, { kind: 'batch', ...range }])
  return [told]
}

interface HeldFacts {
  readonly delta: Delta
  readonly source: string
  readonly removes: readonly string[]
  readonly terms: DayTerms
}

/** Who stays without being in the source: those in the ledger whom the day neither wanted nor removed. */
const tellHeld = async (
  store: Store,
  now: number,
  { delta, source, removes, terms }: HeldFacts,
): Promise<readonly string[]> => {
  const { held } = delta.counts
  const reasons = HOLD_REASONS.filter(reason => held[reason] > 0)
  const [reason] = reasons
  if (reason === undefined) return []
  const there = new Set([...removes, ...readPeople(source).map(({ identifier }) => identifier)])
  const names = (await listMembers(store, terms.audience)).filter(name => !there.has(name))
  const total = reasons.reduce((sum, each) => sum + held[each], 0)
  if (reasons.length > 1) return [`hold ${reasons.map(each => `${held[each]} (${each})`).join(', ')}`]
  // Somebody who may have been added is not in the ledger yet.
  if (names.length !== total) return [`hold ${total} (${reason})`]
  if (reason === 'unsettled' || reason === 'case-twin') return [`hold ${names.join(', ')} (${reason})`]
  const told: string[] = []
  for (const name of names) {
    const leaves = await findLastDay(store, now, { name, source, terms })
    told.push(`hold ${name} (${reason}), ${leaves === undefined ? 'stays' : `leaves on day ${leaves}`}`)
  }
  return told
}

/** As far as stays are looked into: longer than any rule of these tests. */
const FAR_AHEAD_DAYS = 64

/** The first day on which somebody would be removed if the source stayed as it is. Undefined: none. */
const findLastDay = async (
  store: Store,
  now: number,
  { name, source, terms }: { readonly name: string; readonly source: string; readonly terms: DayTerms },
): Promise<number | undefined> => {
  const leavesOn = async (later: number): Promise<boolean> => {
    const delta = await compareOn(store, later, source, terms)
    const removes = await identifiers(delta, 'remove')
    await delta.close()
    return removes.includes(name)
  }
  const claim = new RegExp(`hold ${name} \\(\\w+\\), leaves on day (\\d+)`).exec(terms.expected ?? '')
  const claimed = Number(claim?.[1])
  if (claimed > now && (await leavesOn(claimed)) && !(await leavesOn(claimed - MS))) return claimed
  let before = Math.floor(now)
  let after = before + FAR_AHEAD_DAYS
  if (!(await leavesOn(after))) return undefined
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (await leavesOn(middle)) after = middle
    else before = middle
  }
  return after
}
