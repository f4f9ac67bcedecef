import { BugError } from '../../src/model/invariant.ts'
import type { Direction, Member } from '../../src/model/membership.ts'
import type { Assertion } from '../../src/model/recorded.ts'
import type { Instant } from '../../src/model/time.ts'

/** Undoes one step. A transaction that fails runs them backwards. */
export type Undo = () => void

/** One row: who, under which identifier, since when in the cohort, and since when gone from the source. */
export interface Pair extends Member {
  readonly key: string
  readonly enteredAt: Instant
  readonly leavingSince?: Instant
}

/** A call that was about to be made, or was made, and whose answer is not known. */
export interface Attempt {
  readonly direction: Direction
  readonly at: Instant
}

/** `through`: the last identifier that the assertion under way has sent. */
export interface LedgerAssertion extends Assertion {
  readonly through?: string
}

/** What is kept under one ledger key, in maps that a property test can afford to change a hundred thousand times. */
export class MemoryLedger {
  readonly pairs = new Map<string, Pair>()
  /** Open attempts by identifier: a refusal takes back one of them, an acceptance all. */
  readonly attempts = new Map<string, readonly Attempt[]>()
  /** When each person was last removed from the cohort. */
  readonly departures = new Map<string, Instant>()
  /** When each identifier was last refused by itself. */
  readonly rejections = new Map<string, Instant>()
  /** Marks of the whole ledger, each under its own name. */
  readonly marks = new Map<'synced', Instant>()
  readonly assertions = new Map<'latest', LedgerAssertion>()
  readonly #byIdentifier = new Map<string, Set<string>>()
  readonly #byPerson = new Map<string, Set<string>>()

  /** Distinct identifiers. */
  get size(): number {
    return this.#byIdentifier.size
  }

  get isEmpty(): boolean {
    const kept = [this.pairs, this.attempts, this.departures, this.rejections, this.marks, this.assertions]
    return kept.every(({ size }) => size === 0)
  }

  identifiers(): IterableIterator<string> {
    return this.#byIdentifier.keys()
  }

  people(): IterableIterator<string> {
    return this.#byPerson.keys()
  }

  has(person: string): boolean {
    return this.#byPerson.has(person)
  }

  pairsOf(identifier: string): readonly Pair[] {
    return [...(this.#byIdentifier.get(identifier) ?? [])].flatMap(key => this.pairs.get(key) ?? [])
  }

  /** When a person entered the cohort, under whichever identifier. Undefined: they have no row. */
  enteredAt(person: string): Instant | undefined {
    const entries = [...(this.#byPerson.get(person) ?? [])].flatMap(
      key => this.pairs.get(key)?.enteredAt ?? [],
    )
    return entries.sort()[0]
  }

  /** Since when a person is gone from the source. Undefined: they are there, or have no row. */
  leavingSince(person: string): Instant | undefined {
    const moments = [...(this.#byPerson.get(person) ?? [])].flatMap(
      key => this.pairs.get(key)?.leavingSince ?? [],
    )
    return moments.sort()[0]
  }

  /** Identifiers that are recorded and that nothing is open about. */
  isCertain(identifier: string): boolean {
    return this.#byIdentifier.has(identifier) && !this.attempts.has(identifier)
  }

  /** Whether a call in this direction, later than a moment, has no answer. */
  isAwaiting(identifier: string, direction: Direction, after: Instant): boolean {
    const open = this.attempts.get(identifier) ?? []
    return open.some(attempt => attempt.direction === direction && attempt.at > after)
  }

  /** Puts a row in, or in the place of the one of the same person and identifier. */
  put(pair: Pair): Undo {
    const before = this.pairs.get(pair.key)
    this.pairs.set(pair.key, pair)
    if (before) return () => void this.pairs.set(pair.key, before)
    linkTo(this.#byIdentifier, pair.identifier, pair.key)
    linkTo(this.#byPerson, pair.person, pair.key)
    return () => void this.drop(pair)
  }

  drop({ key }: Pair): Undo {
    const pair = this.pairs.get(key)
    if (!pair) return () => undefined
    this.pairs.delete(key)
    unlinkFrom(this.#byIdentifier, pair.identifier, key)
    unlinkFrom(this.#byPerson, pair.person, key)
    return () => void this.put(pair)
  }

  open(identifier: string, attempt: Attempt): Undo {
    return putIn(this.attempts, identifier, [...(this.attempts.get(identifier) ?? []), attempt])
  }

  /** Takes back one attempt of the same direction and moment, if there is one. */
  withdraw(identifier: string, { direction, at }: Attempt): Undo {
    const open = this.attempts.get(identifier) ?? []
    const own = open.findIndex(attempt => attempt.direction === direction && attempt.at === at)
    const left = open.filter((_attempt, index) => index !== own)
    return putIn(this.attempts, identifier, left.length > 0 ? left : undefined)
  }

  /** An answer came: nothing is open about it any more. */
  settle(identifier: string): Undo {
    return putIn(this.attempts, identifier, undefined)
  }
}

const linkTo = (links: Map<string, Set<string>>, from: string, key: string): void => {
  const keys = links.get(from)
  if (keys) keys.add(key)
  else links.set(from, new Set([key]))
}

const unlinkFrom = (links: Map<string, Set<string>>, from: string, key: string): void => {
  const keys = links.get(from)
  keys?.delete(key)
  if (keys?.size === 0) links.delete(from)
}

/** The key of a row: no name holds this separator, which no spool lets in. */
export const pairKey = ({ person, identifier }: Member): string => `${person}\u001f${identifier}`

/** Sets one entry of a map; without a value it is taken out. */
export const putIn = <K, V>(map: Map<K, V>, key: K, value: V | undefined): Undo => {
  const before = map.get(key)
  if (value === undefined) map.delete(key)
  else map.set(key, value)
  return () => void putIn(map, key, before)
}

/** The later of two moments, either of which may be missing. */
export const laterOf = (one: Instant, other: Instant | undefined): Instant =>
  other !== undefined && other > one ? other : one

/** Fails as a bug: the caller broke the contract. */
export const refuseCall = (message: string): never => {
  throw new BugError(message)
}
