import { compareText } from '../../src/model/diagnostic.ts'
import type { Ended, World } from '../support/world.ts'
import {
  type Moment,
  Oracle,
  type OracleRules,
  type Profile,
  type ReadReach,
  type Told,
  type Verdict,
} from './oracle.ts'
import type { Shop } from './shop.ts'

/** An audience whose every sync is looked at. */
export interface WatchedAudience {
  readonly id: string
  readonly cohort: string
  readonly segmentId: number
  readonly rules: Omit<OracleRules, 'audience'>
}

/** How a command is expected to have gone. `undisturbed`: the cohorts must be right afterwards. */
export type Expected =
  | { readonly kind: 'undisturbed' }
  | {
      readonly kind: 'disturbed'
      readonly read: ReadReach
    }

export const UNDISTURBED: Expected = { kind: 'undisturbed' }

/** One command, as each oracle was told of it. */
export interface PastStep {
  readonly expected: Expected
  readonly seen: ReadonlyMap<string, { readonly moment: Moment; readonly told: readonly Told[] }>
}

/** What was seen of one command. */
export interface Seen<T = Ended> {
  readonly ended: T
  /** Empty when all of it was right. Counts only, and the first few by name: the people are made up. */
  readonly troubles: readonly string[]
  /** Identifiers that were judged, and how many of them may be in or out. */
  readonly judged: number
  readonly open: number
}

/** Looks at every call that a sync makes, and at what came of it, with the eyes of the oracle. */
export interface Watch {
  /** All that was seen so far: enough to go on from in a copy of this world. */
  readonly past: readonly PastStep[]
  run<T>(command: () => Promise<T>, expected: Expected): Promise<Seen<T>>
  oracleOf(id: string): Oracle
  /** Whom MoEngage was told to have and has not, by identifier, and since when: not there until they are sent again. */
  lostOf(id: string): Map<string, number>
  /** Who belongs into a cohort now and is not in it. */
  findEntering(id: string): Promise<readonly string[]>
}

interface Effect {
  readonly action: 'add_members' | 'remove_members'
  readonly cohort_name: string
  readonly outcome: 'created' | 'applied' | 'dropped'
  readonly uids: readonly string[]
}

interface Watching {
  readonly audience: WatchedAudience
  readonly oracle: Oracle
  readonly lost: Map<string, number>
  /** Whom MoEngage was told to let go, and said yes, and did nothing: nobody outside can tell. */
  readonly strays: Set<string>
}

export interface WatchOptions {
  readonly audiences: readonly WatchedAudience[]
  /** What another watch saw of the world that this one is a copy of. */
  readonly past?: readonly PastStep[]
}

/** Begins before the first command that may send anybody, or where another watch has come to. */
export const openWatch = async (
  world: World,
  shop: Shop,
  { audiences, past = [] }: WatchOptions,
): Promise<Watch> => {
  const watching = audiences.map(audience => ({
    audience,
    oracle: new Oracle({ audience: audience.id, ...audience.rules }),
    lost: new Map<string, number>(),
    strays: new Set<string>(),
  }))
  for (const { expected, seen } of past)
    for (const { audience, oracle } of watching) {
      const step = seen.get(audience.id)
      if (step) takeOver(oracle, { ...step, expected })
    }
  const steps: PastStep[] = [...past]
  let { length: effectsSeen } = (await world.ask<{ effects: readonly Effect[] }>('moengage', 'settled-log'))
    .effects

  const find = (id: string): Watching => watching.find(({ audience }) => audience.id === id) ?? fail(id)

  const readTold = async (): Promise<ReadonlyMap<string, readonly Told[]>> => {
    const path = `settled-log?uids=true&after=${effectsSeen}`
    const { effects } = await world.ask<{ effects: readonly Effect[] }>('moengage', path)
    effectsSeen += effects.length
    return new Map(
      audiences.map(({ id, cohort }) => [
        id,
        effects
          .filter(({ cohort_name }) => cohort_name === cohort)
          .map(({ action, uids, outcome }) => ({
            action: action === 'add_members' ? 'add' : 'remove',
            uids,
            isLost: outcome === 'dropped',
          })),
      ]),
    )
  }

  const look = async (watched: Watching, seen: Looked): Promise<Judged> => {
    const { audience, oracle, lost, strays } = watched
    const { moment, expected, told } = seen
    const verdict = oracle.judge(moment)
    const troubles = checkSteps(told, verdict, expected)
    followLosses(watched, told, moment.at)
    const before = verdict.must.size + verdict.either.size
    takeOver(oracle, seen)
    const { members = [] } = await world.ask<{ members?: readonly string[] }>(
      'moengage',
      `cohorts/${audience.cohort}`,
    )
    const expectedMembers = [...oracle.told, ...strays].filter(uid => shop.isKnown(uid) && !lost.has(uid))
    const all = [
      ...troubles,
      ...compare('told, and not there', expectedMembers, new Set(members)),
      ...compare('there, and not told', members, new Set(expectedMembers)),
    ]
    if (expected.kind === 'undisturbed')
      all.push(
        ...compare('missing from the cohort', verdict.must, oracle.told),
        ...compare('still in the cohort', oracle.told, new Set([...verdict.must, ...verdict.either])),
      )
    return { troubles: all.map(label(audience)), judged: before, open: verdict.either.size }
  }

  return {
    past: steps,
    oracleOf: id => find(id).oracle,
    lostOf: id => find(id).lost,
    findEntering: async id => {
      const { audience, oracle } = find(id)
      const { now } = await world.ask<{ now: string }>('customerio', 'clock')
      const people = await shop.peopleIn(audience.segmentId)
      const { must } = oracle.judge({ at: Date.parse(now), people })
      return [...must].filter(uid => !oracle.told.has(uid))
    },
    run: async (command, expected) => {
      const { now } = await world.ask<{ now: string }>('customerio', 'clock')
      const readAll = () => Promise.all(audiences.map(({ segmentId }) => shop.peopleIn(segmentId)))
      const before = await readAll()
      const ended = await command()
      const after = await readAll()
      const told = await readTold()
      const looked = audiences.map(({ id }, index) => ({
        moment: { at: Date.parse(now), ...tellApart(before[index] ?? [], after[index] ?? []) },
        expected,
        told: told.get(id) ?? [],
      }))
      steps.push({ expected, seen: new Map(audiences.map(({ id }, index) => [id, looked[index] as Looked])) })
      const judged = await Promise.all(watching.map((each, index) => look(each, looked[index] as Looked)))
      return {
        ended,
        troubles: judged.flatMap(({ troubles }) => troubles),
        judged: judged.reduce((sum, each) => sum + each.judged, 0),
        open: judged.reduce((sum, each) => sum + each.open, 0),
      }
    },
  }
}

interface Looked {
  readonly moment: Moment
  readonly expected: Expected
  readonly told: readonly Told[]
}

interface Judged {
  readonly troubles: readonly string[]
  readonly judged: number
  readonly open: number
}

const takeOver = (oracle: Oracle, { moment, told, expected }: Looked): void =>
  expected.kind === 'disturbed'
    ? oracle.takeOverOpen(moment, told, expected.read)
    : oracle.takeOver(moment, told)

const fail = (id: string): never => {
  throw new Error(`${id} is not watched`)
}

const label =
  ({ id }: WatchedAudience) =>
  (trouble: string): string =>
    `${id}: ${trouble}`

/** Who was there all the time, and who came or went meanwhile. */
const tellApart = (
  before: readonly Profile[],
  after: readonly Profile[],
): Pick<Moment, 'people' | 'moving'> => {
  const asText = ({ cio_id, id }: Profile): string => `${cio_id} ${id}`
  const [early, late] = [before, after].map(people => new Set(people.map(asText)))
  const moving = [
    ...before.filter(person => !late?.has(asText(person))),
    ...after.filter(person => !early?.has(asText(person))),
  ]
  return { people: before.filter(person => late?.has(asText(person))), moving }
}

/** Each step by itself: nobody who belongs there is ever taken out, and nobody is let in who does not. */
const checkSteps = (
  told: readonly Told[],
  { must, either }: Verdict,
  expected: Expected,
): readonly string[] => {
  const mayRemove = expected.kind === 'undisturbed' || ['complete', 'unknown'].includes(expected.read)
  return told.flatMap(({ action, uids }, step) => {
    const wrong =
      action === 'add'
        ? uids.filter(uid => !must.has(uid) && !either.has(uid))
        : uids.filter(uid => must.has(uid) || !mayRemove)
    const verb = action === 'add' ? 'let in' : 'taken out'
    return wrong.length === 0 ? [] : [`call ${step + 1}: ${name(wrong)} wrongly ${verb}`]
  })
}

const followLosses = ({ lost, strays }: Watching, told: readonly Told[], at: number): void => {
  for (const { action, uids, isLost } of told)
    for (const uid of uids) {
      const wasThere = strays.delete(uid)
      if (action === 'add' && isLost && !wasThere) lost.set(uid, lost.get(uid) ?? at)
      if (action === 'remove' && isLost && !lost.has(uid)) strays.add(uid)
      if (action === 'remove' || !isLost) lost.delete(uid)
    }
}

const compare = (what: string, these: Iterable<string>, those: ReadonlySet<string>): readonly string[] => {
  const wrong = [...these].filter(uid => !those.has(uid))
  return wrong.length === 0 ? [] : [`${name(wrong)} ${what}`]
}

const SHOWN = 3

const name = (uids: readonly string[]): string =>
  `${uids.length} (${[...uids].sort(compareText).slice(0, SHOWN).join(', ')}${uids.length > SHOWN ? ', …' : ''})`
