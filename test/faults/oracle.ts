import { createHash } from 'node:crypto'
import { isRefusedUid } from '../../src/emulators/moengage/users.ts'

/**
 * Who must be in a cohort, worked out a second time: from the words of the spec, from whom Customer.io's emulator really
 * has in the segment at each sync, and from what MoEngage's emulator was really told. It shares no code with the product.
 *
 * After an undisturbed sync the answer is exact. What a disturbed sync left open (was the answer received, was the leave
 * noted?) is kept as an interval of moments, so that the product may have gone either way, and nobody else may.
 */
export interface OracleRules {
  readonly audience: string
  readonly exit:
    | { readonly rule: 'remove' | 'keep' }
    | {
        readonly rule: 'sticky'
        readonly from: 'entry' | 'exit'
        readonly forMs: number
        readonly noReentryForMs?: number
      }
  readonly stage?: { readonly kind: 'qa' } | { readonly kind: 'canary'; readonly percent: number }
  readonly holdoutPercent?: number
  readonly testers?: readonly string[]
}

/** Somebody of the segment, as Customer.io knows them. */
export interface Profile {
  readonly cio_id: string
  readonly id: string | null
}

/** A sync, as the world was while it ran. */
export interface Moment {
  readonly at: number
  readonly people: readonly Profile[]
  /** Those who came or went while it was read, as they were before or after. */
  readonly moving?: readonly Profile[]
}

/** Identifiers that belong into the cohort, and those that may be in it or not. */
export interface Verdict {
  readonly must: ReadonlySet<string>
  readonly either: ReadonlySet<string>
}

/** What MoEngage took, in order. `isLost`: it said yes and did nothing. */
export interface Told {
  readonly action: 'add' | 'remove'
  readonly uids: readonly string[]
  readonly isLost: boolean
}

/** How far a disturbed sync can have come with its read. `unknown`: any of the others. */
export type ReadReach = 'none' | 'incomplete' | 'complete' | 'unknown'

/** One row that the product may hold. An open end of an interval is `undefined`: it may be as late as now. */
interface Row {
  entered: Interval
  leaving: Interval | undefined
  /** Back for a while, perhaps: then it left again later than `leaving` says. */
  mayHaveReturned: boolean
  isCertain: boolean
  /** Removed by a call whose answer may not have arrived. */
  removedAt: number | undefined
}

interface Interval {
  readonly from: number
  readonly to: number | undefined
}

interface Departure {
  readonly when: Interval
  readonly isCertain: boolean
}

type Answer = 'yes' | 'no' | 'maybe'

const REJECTED_FOR_MS = 7 * 86_400_000
const MOST_BYTES = 150
const BUCKETS = 10_000

const draw = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0) % BUCKETS

/** Whether MoEngage would take this as a user's id, and a segment would give it as one. */
export const isSendable = (id: string | null): id is string =>
  id !== null &&
  id.trim() !== '' &&
  !isRefusedUid(id) &&
  !/[\p{Cc}\p{Cs}]/u.test(id) &&
  Buffer.byteLength(id) <= MOST_BYTES

const foldCase = (id: string): string => id.trim().toLowerCase()

/** Follows one audience from sync to sync. */
export class Oracle {
  readonly rules: OracleRules
  /** Identifiers that the product was told are in, and not that they are out again. */
  readonly told = new Set<string>()
  readonly #rows = new Map<string, Map<string, Row>>()
  readonly #departures = new Map<string, Departure>()
  readonly #rejected = new Map<string, number>()

  constructor(rules: OracleRules) {
    this.rules = rules
  }

  /** MoEngage refused this identifier while it took others: it is not sent again for a week. */
  reject(uid: string, at: number): void {
    this.#rejected.set(uid, at)
  }

  /** Who belongs into the cohort at this moment. */
  judge({ at, people, moving = [] }: Moment): Verdict {
    const must = new Set<string>()
    const either = new Set<string>()
    const say = (uid: string, answer: Answer): void => {
      if (answer === 'yes') must.add(uid)
      if (answer === 'maybe') either.add(uid)
    }
    for (const { cio_id, id } of people)
      if (isSendable(id) && this.#isLetIn(cio_id, id, at)) say(id, this.#mayEnter(cio_id, at))
    for (const { cio_id, id } of moving)
      for (const uid of [id, ...(this.#rows.get(cio_id)?.keys() ?? [])])
        if (isSendable(uid) && this.#isLetIn(cio_id, uid, at)) say(uid, 'maybe')
    const seen = new Set([...people, ...moving].map(({ cio_id }) => cio_id))
    for (const [person, rows] of this.#rows) {
      if (seen.has(person)) continue
      for (const [uid, row] of rows) if (this.#passes(person, uid)) say(uid, this.#isHeld(person, row, at))
    }
    this.#addTwins(must, either)
    for (const uid of must) either.delete(uid)
    return { must, either }
  }

  /** Takes over what an undisturbed sync did. */
  takeOver(moment: Moment, told: readonly Told[]): void {
    const { at, people } = moment
    const { must } = this.judge(moment)
    const removed = this.#listen(told)
    const ids = new Map(people.map(({ cio_id, id }) => [cio_id, id]))
    for (const { cio_id, id } of people) {
      const former = this.#rows.get(cio_id) ?? new Map<string, Row>()
      const rows = new Map<string, Row>()
      const enters = isSendable(id) && this.#isLetIn(cio_id, id, at) ? this.#mayEnter(cio_id, at) : 'no'
      if (id !== null && enters !== 'no' && this.told.has(id)) {
        // When it belongs there for somebody else as well, that it is there says nothing of this one.
        const isCertain = enters === 'yes' || !must.has(id)
        rows.set(id, createRow(inherit(former, at), isCertain))
      }
      // Of somebody who has another identifier by now, only a twin in other letters stays.
      for (const [uid, row] of former) {
        if (uid === id || !this.#isTwin(uid, must)) continue
        if (must.has(uid)) rows.set(uid, settle(row, at, false))
        // Taken out by a call without an answer: the product may hold it back as a twin, and so still record it.
        else if (row.removedAt !== undefined)
          rows.set(uid, { ...settle(row, at, false), isCertain: false, removedAt: row.removedAt })
      }
      this.#replace(cio_id, { former, rows, at, removed })
    }
    for (const [person, former] of [...this.#rows]) {
      if (ids.has(person)) continue
      const rows = new Map<string, Row>()
      for (const [uid, row] of former) {
        const held = this.#passes(person, uid) ? this.#isHeld(person, row, at) : 'no'
        const stays = held !== 'no' || (must.has(uid) && this.#isTwin(uid, must))
        if (!stays || !this.told.has(uid)) continue
        const isShared = people.some(({ id }) => id === uid)
        rows.set(uid, { ...settle(row, at, true), isCertain: held === 'yes' || !isShared })
      }
      this.#replace(person, { former, rows, at, removed })
    }
  }

  /** Takes over what a disturbed sync did, and leaves open what nobody outside the product can know. */
  takeOverOpen({ at, people, moving = [] }: Moment, told: readonly Told[], read: ReadReach): void {
    const removed = this.#listen(told)
    for (const [person, rows] of this.#rows) {
      for (const [uid, row] of rows) {
        if (!removed.has(uid)) continue
        rows.set(uid, { ...row, isCertain: false, removedAt: row.removedAt ?? at })
        this.#departures.set(person, { when: { from: at, to: undefined }, isCertain: false })
      }
    }
    for (const { cio_id, id } of [...people, ...moving]) {
      if (!isSendable(id) || !this.told.has(id) || !this.#isLetIn(cio_id, id, at)) continue
      if (this.#mayEnter(cio_id, at) === 'no') continue
      const rows = this.#rows.get(cio_id) ?? new Map<string, Row>()
      const row = rows.get(id)
      const from = Math.min(at, ...[...rows.values()].map(({ entered }) => entered.from))
      if (!row) rows.set(id, createRow({ from, to: undefined }, false))
      else if (row.removedAt !== undefined) rows.set(id, { ...row, removedAt: undefined })
      this.#rows.set(cio_id, rows)
    }
    if (read !== 'none') this.#noteOpen(new Set(people.map(({ cio_id }) => cio_id)), at, read)
  }

  #noteOpen(seen: ReadonlySet<string>, at: number, read: ReadReach): void {
    for (const [person, rows] of this.#rows) {
      for (const [uid, row] of rows) {
        if (seen.has(person)) {
          if (row.leaving) rows.set(uid, { ...row, mayHaveReturned: true })
        } else if (!row.leaving && read !== 'incomplete') {
          rows.set(uid, { ...row, leaving: { from: at, to: undefined } })
        }
      }
    }
  }

  /** Follows what MoEngage was told, and answers who was taken out. */
  #listen(told: readonly Told[]): ReadonlySet<string> {
    const removed = new Set<string>()
    for (const { action, uids } of told) {
      for (const uid of uids) {
        if (action === 'add') this.told.add(uid)
        else this.told.delete(uid)
        if (action === 'add') removed.delete(uid)
        else removed.add(uid)
      }
    }
    return removed
  }

  #replace(person: string, { former, rows, at, removed }: Change): void {
    if (rows.size > 0) this.#rows.set(person, rows)
    else this.#rows.delete(person)
    if (rows.size > 0 || former.size === 0) return
    const all = [...former]
    this.#departures.set(person, {
      when: { from: Math.min(at, ...all.map(([, { removedAt }]) => removedAt ?? at)), to: at },
      isCertain: all.every(([uid, { isCertain, removedAt }]) => isCertain && !removedAt && removed.has(uid)),
    })
  }

  #passes(person: string, uid: string): boolean {
    const { audience, stage, holdoutPercent = 0, testers = [] } = this.rules
    if (stage?.kind === 'qa') return testers.includes(uid)
    if (stage?.kind === 'canary' && draw(`${audience}\n${person}`) >= stage.percent * 100) return false
    return draw(`holdout\n${audience}\n${person}`) >= holdoutPercent * 100
  }

  #isLetIn(person: string, uid: string, at: number): boolean {
    const rejectedAt = this.#rejected.get(uid)
    if (rejectedAt !== undefined && rejectedAt >= at - REJECTED_FOR_MS) return false
    return this.#passes(person, uid)
  }

  /** Whether somebody of the source is let in again. */
  #mayEnter(person: string, at: number): Answer {
    const { exit } = this.rules
    const departure = this.#departures.get(person)
    if (exit.rule !== 'sticky' || exit.noReentryForMs === undefined || !departure) return 'yes'
    const rows = [...(this.#rows.get(person)?.values() ?? [])]
    if (rows.some(({ isCertain }) => isCertain)) return 'yes'
    const answer = isStillWithin(departure.when, exit.noReentryForMs, at)
    if (answer === 'no') return 'yes'
    return answer === 'yes' && departure.isCertain && rows.length === 0 ? 'no' : 'maybe'
  }

  /** Whether the exit rule keeps a row of somebody who is not in the source at all. */
  #isHeld(person: string, row: Row, at: number): Answer {
    const answer = this.#isWithinRule(person, row, at)
    return answer === 'yes' && !row.isCertain ? 'maybe' : answer
  }

  #isWithinRule(person: string, row: Row, at: number): Answer {
    const { exit } = this.rules
    if (exit.rule !== 'sticky') return exit.rule === 'keep' ? 'yes' : 'no'
    if (exit.from === 'entry')
      return isStillWithin(inherit(this.#rows.get(person) ?? new Map(), at), exit.forMs, at)
    if (!row.leaving) return 'yes'
    const { from, to } = row.leaving
    return isStillWithin({ from, to: row.mayHaveReturned ? undefined : to }, exit.forMs, at)
  }

  /** Nobody is taken out whose identifier differs from a wanted one in case or outer blanks only. */
  #addTwins(must: Set<string>, either: Set<string>): void {
    const wanted = [...must]
    const perhaps = [...either]
    for (const uid of this.told) {
      if (must.has(uid) || either.has(uid)) continue
      if (wanted.some(each => foldCase(each) === foldCase(uid))) must.add(uid)
      else if (perhaps.some(each => foldCase(each) === foldCase(uid))) either.add(uid)
    }
  }

  #isTwin(uid: string, wanted: ReadonlySet<string>): boolean {
    return [...wanted].some(each => each !== uid && foldCase(each) === foldCase(uid))
  }
}

interface Change {
  readonly former: ReadonlyMap<string, Row>
  readonly rows: Map<string, Row>
  readonly at: number
  readonly removed: ReadonlySet<string>
}

const createRow = (entered: Interval, isCertain: boolean): Row => ({
  entered,
  leaving: undefined,
  mayHaveReturned: false,
  isCertain,
  removedAt: undefined,
})

/** Since when somebody is in: the earliest of all that may be recorded of them. */
const inherit = (rows: ReadonlyMap<string, Row>, at: number): Interval => {
  const all = [...rows.values()]
  const certain = all.filter(({ isCertain }) => isCertain).map(({ entered }) => entered.to ?? at)
  return {
    from: Math.min(at, ...all.map(({ entered }) => entered.from)),
    to: Math.min(at, ...certain),
  }
}

/** Closes what was open, now that a sync went through. */
const settle = (row: Row, at: number, isGone: boolean): Row => ({
  entered: { from: row.entered.from, to: row.entered.to ?? at },
  leaving: isGone
    ? { from: row.leaving?.from ?? at, to: row.mayHaveReturned ? at : (row.leaving?.to ?? at) }
    : undefined,
  mayHaveReturned: false,
  isCertain: row.isCertain,
  removedAt: undefined,
})

/** Whether less than `forMs` has passed since a moment that is known to lie in an interval. */
const isStillWithin = ({ from, to }: Interval, forMs: number, at: number): Answer => {
  if (from + forMs > at) return 'yes'
  return (to ?? at) + forMs <= at ? 'no' : 'maybe'
}
