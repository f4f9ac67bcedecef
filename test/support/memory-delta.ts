import { barReentry, retainMember } from '../../src/membership/exit-rules.ts'
import { chooseStageReason } from '../../src/membership/stage.ts'
import type { AudienceId } from '../../src/model/audience.ts'
import {
  type DeltaCounts,
  type HoldReason,
  type KeepOutReason,
  type Member,
  type MembershipRules,
  NOBODY_HELD,
  NOBODY_KEPT_OUT,
} from '../../src/model/membership.ts'
import type { DeltaList, DeltaRange } from '../../src/model/store-write.ts'
import type { Instant } from '../../src/model/time.ts'
import type { DeltaRow, SpooledPerson } from '../../src/ports.ts'
import {
  laterOf,
  type MemoryLedger,
  type Pair,
  pairKey,
  putIn,
  refuseCall,
  type Undo,
} from './memory-ledger.ts'

/** What was appended: everyone, and under which identifiers those are who carry one. */
export interface Appended {
  readonly people: ReadonlySet<string>
  readonly members: readonly Member[]
}

/** One identifier for each person appended, the greatest, and all pairs that were recorded elsewhere. */
export const gatherAppended = (
  spooled: readonly SpooledPerson[],
  recorded: readonly MemoryLedger[],
): Appended => {
  const identifiers = new Map<string, string>()
  for (const { person, identifier = '' } of spooled) {
    const before = identifiers.get(person)
    if (before === undefined || compareBytes(before, identifier) < 0) identifiers.set(person, identifier)
  }
  const people = new Set(identifiers.keys())
  const members = new Map<string, Member>()
  for (const [person, identifier] of identifiers) {
    const member = { person, identifier }
    if (identifier !== '') members.set(pairKey(member), member)
  }
  for (const ledger of recorded) {
    for (const [key, { person, identifier }] of ledger.pairs) {
      people.add(person)
      members.set(key, { person, identifier })
    }
  }
  return { people, members: [...members.values()] }
}

/** A comparison: whose ledger, with what was read, by which rules. */
export interface Comparison {
  readonly audience: AudienceId
  readonly ledger: MemoryLedger
  readonly appended: Appended
  readonly rules: MembershipRules | undefined
  readonly again: boolean
}

/** A delta whose rows can be accepted, in memory. It says the long way what the engine of a store says in one join. */
export class MemoryDelta {
  readonly counts: DeltaCounts
  readonly people: number
  readonly #comparison: Comparison
  /** Wanted and not recorded yet. Without an entry time of their own: it is when they are accepted. */
  readonly #entering = new Map<string, Member & { readonly enteredAt?: Instant }>()
  /** Certain, and no longer wanted under this identifier by this person. */
  readonly #leaving = new Map<string, Pair>()
  readonly #wanted: ReadonlySet<string>
  readonly #rows: Readonly<Record<DeltaList, readonly string[]>>

  constructor(comparison: Comparison) {
    const { ledger, appended, again } = comparison
    this.#comparison = comparison
    this.people = appended.people.size
    const entrants = chooseEntrants(comparison)
    const { retained, awaited } = chooseRetained(comparison)
    const wantedPairs = new Map([...entrants.members, ...retained.keys()].map(pair => [pairKey(pair), pair]))
    this.#wanted = new Set([...wantedPairs.values()].map(({ identifier }) => identifier))
    for (const [key, { person, identifier }] of wantedPairs) {
      if (ledger.pairs.has(key)) continue
      const enteredAt = ledger.enteredAt(person)
      this.#entering.set(key, { person, identifier, ...(enteredAt === undefined ? {} : { enteredAt }) })
    }
    for (const [key, pair] of ledger.pairs)
      if (!wantedPairs.has(key) && ledger.isCertain(pair.identifier)) this.#leaving.set(key, pair)

    const leavers = [...this.#leaving.values()].map(({ identifier }) => identifier)
    const unwanted = [...new Set([...leavers, ...ledger.attempts.keys()])].filter(
      identifier => !this.#wanted.has(identifier),
    )
    const judge = createLeaverJudge(comparison, this.#wanted, new Set([...entrants.awaited, ...awaited]))
    const sendable = [...this.#wanted].filter(identifier => !isRejected(comparison, identifier))
    const certain = sendable.filter(identifier => ledger.isCertain(identifier))
    this.#rows = {
      add: sendable.filter(identifier => !ledger.isCertain(identifier)).sort(compareBytes),
      remove: unwanted.filter(identifier => judge(identifier) === undefined).sort(compareBytes),
      again: again ? goOn(certain.sort(compareBytes), ledger) : [],
    }
    const byOthers = new Set(entrants.members.map(({ identifier }) => identifier))
    const stayers = [...retained].filter(([{ identifier }]) => !byOthers.has(identifier))
    const stayed = new Map(stayers.map(([{ identifier }, reason]) => [identifier, reason]))
    this.counts = {
      recorded: new Set([...ledger.identifiers(), ...ledger.attempts.keys()]).size,
      wanted: this.#wanted.size,
      adds: this.#rows.add.length,
      removes: this.#rows.remove.length,
      again: this.#rows.again.length,
      held: countHeld([...stayed.values(), ...unwanted.flatMap(identifier => judge(identifier) ?? [])]),
      keptOut: entrants.keptOut,
    }
  }

  rows(list: DeltaList, after: number, limit: number): readonly DeltaRow[] {
    return this.#rows[list]
      .slice(after, after + limit)
      .map((identifier, index) => ({ position: after + index + 1, identifier }))
  }

  /** Identifiers of a range, both ends included. */
  range({ list, from, to }: DeltaRange): readonly string[] {
    return this.#rows[list].slice(from - 1, to)
  }

  sample(list: DeltaList, limit: number): readonly string[] {
    const rows = this.#rows[list]
    const size = Math.min(limit, rows.length)
    return Array.from(
      { length: size },
      (_each, index) => rows[Math.floor((index * rows.length) / size)] ?? '',
    )
  }

  accept(ledger: MemoryLedger, range: DeltaRange, at: Instant): readonly Undo[] {
    const identifiers = this.range(range)
    const settled = identifiers.map(identifier => ledger.settle(identifier))
    switch (range.list) {
      case 'add': {
        const chosen = new Set(identifiers)
        const entering = [...this.#entering.values()].filter(({ identifier }) => chosen.has(identifier))
        return [...settled, ...entering.flatMap(member => enter(ledger, member, at))]
      }
      case 'remove':
        return [...settled, ...this.#remove(ledger, identifiers, at)]
      case 'again':
        return [...settled, ...markThrough(ledger, identifiers.at(-1))]
    }
  }

  carryOver(ledger: MemoryLedger, at: Instant): readonly Undo[] {
    const carried = [...this.#entering.values()].filter(({ identifier }) => ledger.isCertain(identifier))
    const handedOn = [...this.#leaving.values()].filter(({ identifier }) => this.#wanted.has(identifier))
    return [
      ...carried.flatMap(member => enter(ledger, member, at)),
      ...handedOn.map(pair => ledger.drop(pair)),
    ]
  }

  noteLeavers(ledger: MemoryLedger, at: Instant, isComplete: boolean): readonly Undo[] {
    const { appended, rules } = this.#comparison
    const undo: Undo[] = []
    for (const pair of [...ledger.pairs.values()]) {
      const { leavingSince, ...there } = pair
      const isThere = appended.people.has(pair.person)
      if (isThere && leavingSince !== undefined) undo.push(ledger.put(there))
      if (!isThere && leavingSince === undefined && isComplete)
        undo.push(ledger.put({ ...there, leavingSince: at }))
    }
    return rules ? [...undo, ...forgetPast(ledger, rules)] : undo
  }

  #remove(ledger: MemoryLedger, identifiers: readonly string[], at: Instant): readonly Undo[] {
    const { rules } = this.#comparison
    const pairs = identifiers.flatMap(identifier => ledger.pairsOf(identifier))
    const dropped = pairs.map(pair => ledger.drop(pair))
    if (rules?.exit.kind !== 'sticky' || rules.exit.noReentryForMs === undefined) return dropped
    const entering = new Set([...this.#entering.values()].map(({ person }) => person))
    const gone = pairs.filter(({ person }) => !ledger.has(person) && !entering.has(person))
    const departed = gone.map(({ person }) =>
      putIn(ledger.departures, person, laterOf(at, ledger.departures.get(person))),
    )
    return [...dropped, ...departed]
  }
}

/** Who of the source is let in, and why the others are not. Without rules everyone is. */
const chooseEntrants = (comparison: Comparison) => {
  const { appended, rules } = comparison
  const keptOut = { ...NOBODY_KEPT_OUT }
  const awaited: string[] = []
  if (!rules) return { members: appended.members, keptOut, awaited }
  const members = appended.members.filter(member => {
    const reason = keepOut(comparison, member, rules)
    if (reason) keptOut[reason] += 1
    if (reason === 'unsettled') awaited.push(member.identifier)
    return reason === undefined
  })
  return { members, keptOut, awaited }
}

const keepOut = (
  comparison: Comparison,
  member: Member,
  rules: MembershipRules,
): KeepOutReason | undefined => {
  const { audience, ledger } = comparison
  const { person, identifier } = member
  const stageReason = chooseStageReason(audience, member, rules)
  if (stageReason) return stageReason
  const removedAt = ledger.has(person) ? undefined : ledger.departures.get(person)
  if (barReentry(rules.exit, removedAt, rules.now)) return 'no-reentry'
  // Whoever is in stays in: they are only not sent.
  if (isRejected(comparison, identifier) && ledger.pairsOf(identifier).length === 0) return 'rejected'
  return ledger.isAwaiting(identifier, 'remove', rules.unsettledSince) ? 'unsettled' : undefined
}

const isRejected = ({ ledger, rules }: Comparison, identifier: string): boolean => {
  const rejectedAt = ledger.rejections.get(identifier)
  return rules !== undefined && rejectedAt !== undefined && rejectedAt >= rules.rejectedSince
}

/** Rows of people whom the source no longer has, and who stay, each with its reason. */
const chooseRetained = ({ audience, ledger, appended, rules }: Comparison) => {
  const retained = new Map<Pair, HoldReason>()
  const awaited: string[] = []
  if (!rules) return { retained, awaited }
  for (const pair of ledger.pairs.values()) {
    const { person, identifier, leavingSince } = pair
    if (appended.people.has(person) || chooseStageReason(audience, pair, rules)) continue
    const enteredAt = ledger.enteredAt(person) ?? pair.enteredAt
    const facts = { enteredAt, ...(leavingSince === undefined ? {} : { leavingSince }) }
    const retention = retainMember(rules.exit, facts, rules.now)
    if (!retention) continue
    // They would have to be added, and the remove that has no answer could overtake that.
    if (ledger.isAwaiting(identifier, 'remove', rules.unsettledSince)) awaited.push(identifier)
    else retained.set(pair, retention.reason)
  }
  return { retained, awaited }
}

/** Why the remove of an identifier that nobody wants is held back, if it is. `awaited` would be wanted but for an answer. */
const createLeaverJudge = (
  { ledger, rules }: Comparison,
  wanted: ReadonlySet<string>,
  awaited: ReadonlySet<string>,
) => {
  const twins = new Set([...wanted].map(foldIdentifier))
  return (identifier: string): HoldReason | undefined => {
    if (!rules) return undefined
    if (awaited.has(identifier) || ledger.isAwaiting(identifier, 'add', rules.unsettledSince))
      return 'unsettled'
    return twins.has(foldIdentifier(identifier)) ? 'case-twin' : undefined
  }
}

/** Without outer spaces, every letter made small by itself: as databases do it, not as languages would. */
const foldIdentifier = (identifier: string): string =>
  [...identifier.replace(/^\p{Zs}+|\p{Zs}+$/gu, '')]
    .map(letter => String.fromCodePoint(letter.toLowerCase().codePointAt(0) ?? 0))
    .join('')

/** What an assertion under way still has to send; all of it when none is. */
const goOn = (certain: readonly string[], { assertions }: MemoryLedger): readonly string[] => {
  const { startedAt, through } = assertions.get('latest') ?? {}
  if (startedAt === undefined || through === undefined) return certain
  return certain.filter(identifier => compareBytes(identifier, through) > 0)
}

const markThrough = (ledger: MemoryLedger, through: string | undefined): readonly Undo[] => {
  const assertion = ledger.assertions.get('latest')
  if (assertion?.startedAt === undefined || through === undefined) return []
  return [putIn(ledger.assertions, 'latest', { ...assertion, through })]
}

const enter = (
  ledger: MemoryLedger,
  { person, identifier, enteredAt }: Member & { readonly enteredAt?: Instant },
  at: Instant,
): readonly Undo[] => {
  const key = pairKey({ person, identifier })
  return ledger.pairs.has(key) ? [] : [ledger.put({ person, identifier, key, enteredAt: enteredAt ?? at })]
}

const forgetPast = (ledger: MemoryLedger, { exit, rejectedSince, now }: MembershipRules): readonly Undo[] => {
  const hasBar = exit.kind === 'sticky' && exit.noReentryForMs !== undefined
  const past = hasBar
    ? [...ledger.departures].filter(([, removedAt]) => barReentry(exit, removedAt, now) === undefined)
    : []
  const old = [...ledger.rejections].filter(([, at]) => at < rejectedSince)
  return [
    ...past.map(([person]) => putIn(ledger.departures, person, undefined)),
    ...old.map(([identifier]) => putIn(ledger.rejections, identifier, undefined)),
  ]
}

const countHeld = (reasons: readonly HoldReason[]): DeltaCounts['held'] => {
  const held = { ...NOBODY_HELD }
  for (const reason of reasons) held[reason] += 1
  return held
}

/** As bytes of UTF-8 sort, which is not how JavaScript sorts text beyond the first 65,536 characters. */
export const compareBytes = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other))

/** The delta of an audience that is open, or a bug of the caller. */
export const openDeltaOf = (
  deltas: ReadonlyMap<AudienceId, MemoryDelta>,
  audience: AudienceId,
): MemoryDelta => deltas.get(audience) ?? refuseCall(`no open delta for ${audience}`)
