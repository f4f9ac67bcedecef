import { BugError } from '../../src/model/invariant.ts'
import { type Member, NOBODY_HELD, NOBODY_KEPT_OUT } from '../../src/model/membership.ts'
import type { Delta, DeltaRange, Direction, SpooledPerson } from '../../src/ports.ts'

/** Undoes one step. A transaction that fails runs them backwards. */
export type Undo = () => void

interface Pair extends Member {
  readonly key: string
}

/** What is kept under one ledger key, in maps that a property test can afford to change a hundred thousand times. */
export class MemoryLedger {
  readonly pairs = new Map<string, Pair>()
  /** Open attempts by identifier: a refusal takes back one of them, an acceptance all. */
  readonly unsettled = new Map<string, number>()
  readonly #carriers = new Map<string, Set<string>>()

  /** Distinct identifiers. */
  get size(): number {
    return this.#carriers.size
  }

  get isEmpty(): boolean {
    return this.pairs.size + this.unsettled.size === 0
  }

  identifiers(): IterableIterator<string> {
    return this.#carriers.keys()
  }

  pairsOf(identifier: string): readonly Pair[] {
    return [...(this.#carriers.get(identifier) ?? [])].flatMap(key => this.pairs.get(key) ?? [])
  }

  /** Identifiers that are recorded and that nothing is open about. */
  isCertain(identifier: string): boolean {
    return this.#carriers.has(identifier) && !this.unsettled.has(identifier)
  }

  take(member: Member): Undo {
    const pair = toPair(member)
    if (this.pairs.has(pair.key)) return () => undefined
    this.pairs.set(pair.key, pair)
    const carriers = this.#carriers.get(pair.identifier)
    if (carriers) carriers.add(pair.key)
    else this.#carriers.set(pair.identifier, new Set([pair.key]))
    return () => void this.drop(pair)
  }

  drop(member: Member): Undo {
    const pair = toPair(member)
    if (!this.pairs.delete(pair.key)) return () => undefined
    const carriers = this.#carriers.get(pair.identifier)
    carriers?.delete(pair.key)
    if (carriers?.size === 0) this.#carriers.delete(pair.identifier)
    return () => void this.take(pair)
  }

  /** Sets how many attempts are open. */
  settle(identifier: string, attempts: number): Undo {
    const before = this.unsettled.get(identifier) ?? 0
    if (attempts > 0) this.unsettled.set(identifier, attempts)
    else this.unsettled.delete(identifier)
    return () => void this.settle(identifier, before)
  }
}

const toPair = ({ person, identifier }: Member): Pair => ({
  person,
  identifier,
  key: `${person}\u001f${identifier}`,
})

type Side = 'entering' | 'leaving' | 'reopened'

/** What was appended, as distinct pairs. */
export interface Wanted {
  readonly people: number
  readonly members: readonly Member[]
}

/** One identifier for each person appended, the greatest, and all pairs that were recorded elsewhere. */
export const gatherWanted = (people: readonly SpooledPerson[], recorded: readonly MemoryLedger[]): Wanted => {
  const appended = new Map<string, string>()
  for (const { person, identifier = '' } of people) {
    const before = appended.get(person)
    if (before === undefined || before < identifier) appended.set(person, identifier)
  }
  const persons = new Set(appended.keys())
  const pairs = new Map<string, Pair>()
  for (const [person, identifier] of appended) {
    if (identifier === '') continue
    const pair = toPair({ person, identifier })
    pairs.set(pair.key, pair)
  }
  for (const ledger of recorded) {
    for (const [key, pair] of ledger.pairs) {
      persons.add(pair.person)
      pairs.set(key, pair)
    }
  }
  return { people: persons.size, members: [...pairs.values()] }
}

/** A delta whose rows can be accepted, in memory. */
export class MemoryDelta {
  readonly counts: Delta['counts']
  readonly people: number
  readonly #sides = new Map<string, { readonly pair: Pair; readonly side: Side }>()
  readonly #wanted: ReadonlySet<string>
  readonly #rows: Readonly<Record<Direction, readonly string[]>>

  constructor(ledger: MemoryLedger, wanted: Wanted, reassert: boolean) {
    const pairs = wanted.members.map(toPair)
    const wantedKeys = new Set(pairs.map(({ key }) => key))
    this.people = wanted.people
    this.#wanted = new Set(pairs.map(({ identifier }) => identifier))
    const adds = new Set<string>(reassert ? this.#wanted : [])
    const removes = new Set<string>()
    for (const pair of pairs) {
      const isRecorded = ledger.pairs.has(pair.key)
      if (isRecorded && ledger.isCertain(pair.identifier)) continue
      this.#sides.set(pair.key, { pair, side: isRecorded ? 'reopened' : 'entering' })
      if (!ledger.isCertain(pair.identifier)) adds.add(pair.identifier)
    }
    for (const [key, pair] of ledger.pairs) {
      if (wantedKeys.has(key) || !ledger.isCertain(pair.identifier)) continue
      this.#sides.set(key, { pair, side: 'leaving' })
      removes.add(pair.identifier)
    }
    for (const identifier of ledger.unsettled.keys()) removes.add(identifier)
    this.#rows = {
      add: [...adds].sort(),
      remove: [...removes].filter(identifier => !this.#wanted.has(identifier)).sort(),
    }
    this.counts = {
      recorded: new Set([...ledger.identifiers(), ...ledger.unsettled.keys()]).size,
      wanted: this.#wanted.size,
      adds: this.#rows.add.length,
      removes: this.#rows.remove.length,
      again: 0,
      held: NOBODY_HELD,
      keptOut: NOBODY_KEPT_OUT,
    }
  }

  rows(direction: Direction, after: number, limit: number) {
    return this.#rows[direction]
      .slice(after, after + limit)
      .map((identifier, index) => ({ position: after + index + 1, identifier }))
  }

  /** Identifiers of a range, both ends included. */
  range({ list, from, to }: DeltaRange): readonly string[] {
    return list === 'again' ? [] : this.#rows[list].slice(from - 1, to)
  }

  accept(ledger: MemoryLedger, range: DeltaRange): readonly Undo[] {
    const chosen = new Set(this.range(range))
    const dropped = [...chosen].flatMap(identifier =>
      range.list === 'remove' ? ledger.pairsOf(identifier).map(pair => ledger.drop(pair)) : [],
    )
    const taken = range.list === 'add' ? this.#pairs('entering', chosen).map(pair => ledger.take(pair)) : []
    return [...dropped, ...taken, ...[...chosen].map(identifier => ledger.settle(identifier, 0))]
  }

  carryOver(ledger: MemoryLedger): void {
    for (const pair of this.#pairs('entering')) {
      if (!ledger.isCertain(pair.identifier)) continue
      ledger.take(pair)
      this.#sides.delete(pair.key)
    }
    for (const pair of this.#pairs('leaving', this.#wanted)) ledger.drop(pair)
  }

  #pairs(wantedSide: Side, identifiers?: ReadonlySet<string>): readonly Pair[] {
    return [...this.#sides.values()].flatMap(({ pair, side }) =>
      side === wantedSide && (identifiers?.has(pair.identifier) ?? true) ? [pair] : [],
    )
  }
}

/** Fails as a bug: the caller broke the contract. */
export const refuseCall = (message: string): never => {
  throw new BugError(message)
}
