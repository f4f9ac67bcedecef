import { isDeepStrictEqual } from 'node:util'
import { compareText } from '../../src/model/diagnostic.ts'
import { replayStateLog, stateLogPath } from '../../src/store/state-log.ts'
import type { World } from '../support/world.ts'

/** What really is at both vendors and in the store. The vendors' ids are left out: they say nothing of what is meant. */
export interface Truth {
  readonly cohorts: readonly unknown[]
  /** Whom MoEngage was told to have in each cohort, those included that it does not know. */
  readonly told: readonly unknown[]
  readonly segments: readonly unknown[]
  readonly sources: readonly unknown[]
  readonly recorded: readonly unknown[]
  readonly tombstones: readonly unknown[]
  /** How many are recorded for each cohort, those included of whom it is still open whether they arrived. */
  readonly members: readonly unknown[]
}

/** Looks behind the APIs. Two worlds that came to the same end have the same truth. */
export const readTruth = async (world: World): Promise<Truth> => {
  const { objects, tombstones } = await world.state()
  return {
    cohorts: await readCohorts(world),
    told: byText([...(await readTold(world))]),
    segments: await readSegments(world),
    sources: await readManualSegments(world),
    recorded: byText(
      [...objects.values()].map(({ remoteId, ...object }) => ({ ...object, hasId: remoteId !== undefined })),
    ),
    tombstones: byText([...tombstones.values()]),
    members: await countMembers(world),
  }
}

const countMembers = async (world: World): Promise<readonly unknown[]> => {
  const store = await world.openStore()
  const counts: (readonly [string, number])[] = []
  for (const { kind, audience } of (await store.readState()).objects.values()) {
    if (kind !== 'cohort') continue
    const delta = await (await store.openSpool(audience)).computeDelta()
    counts.push([audience, delta.counts.recorded])
    await delta.close()
  }
  await store.close()
  return byText(counts)
}

/** Whether what is kept beside the store tells the same as the store. Beside a database nothing is. */
export const isLogTrue = async (world: World): Promise<boolean> => {
  if (world.databaseUrl !== undefined) return true
  const replayed = await replayStateLog(stateLogPath(world.storePath))
  const { head, objects, tombstones } = await world.state()
  if (!replayed || replayed.damagedLines > 0 || replayed.state.head !== head) return false
  return isDeepStrictEqual([replayed.state.objects, replayed.state.tombstones], [objects, tombstones])
}

/** Everyone whom a removal named, cohort by cohort, in the order in which MoEngage took them. */
export const readRemovals = async (world: World): Promise<readonly Removal[]> =>
  (await readEffects(world))
    .filter(({ action }) => action === 'remove_members')
    .map(({ cohort_name: cohort, uids: identifiers }) => ({ cohort, identifiers }))

export interface Removal {
  readonly cohort: string
  readonly identifiers: readonly string[]
}

interface Effect {
  readonly action: 'add_members' | 'remove_members'
  readonly cohort_name: string
  readonly outcome: 'created' | 'applied' | 'dropped'
  readonly uids: readonly string[]
}

const readEffects = async (world: World): Promise<readonly Effect[]> =>
  (await world.ask<{ effects: readonly Effect[] }>('moengage', 'settled-log?uids=true')).effects

const readTold = async (world: World): Promise<readonly (readonly [string, readonly string[]])[]> => {
  const told = new Map<string, Set<string>>()
  for (const { action, cohort_name: name, outcome, uids } of await readEffects(world)) {
    if (outcome === 'dropped') continue
    const members = told.get(name) ?? new Set()
    for (const uid of uids) {
      if (action === 'add_members') members.add(uid)
      else members.delete(uid)
    }
    told.set(name, members)
  }
  return [...told].map(([name, members]) => [name, [...members].sort(compareText)])
}

interface CohortRow {
  readonly name: string
  readonly cohort_id: string
  readonly partner: string
  readonly archived: boolean
}

const readCohorts = async (world: World): Promise<readonly unknown[]> => {
  const { cohorts } = await world.ask<{ cohorts: readonly CohortRow[] }>('moengage', 'cohorts')
  const own = cohorts.filter(({ partner }) => partner === 'muster')
  return byText(
    await Promise.all(
      own.map(async ({ name, cohort_id, archived }) => ({
        name,
        cohort_id,
        archived,
        members: (await world.ask<{ members: unknown }>('moengage', `cohorts/${name}`)).members,
      })),
    ),
  )
}

interface SegmentRow {
  readonly segment_id: string
  readonly name: string
  readonly kind: string
  readonly archived: boolean
}

const readSegments = async (world: World): Promise<readonly unknown[]> => {
  const { segments } = await world.ask<{ segments: readonly SegmentRow[] }>('moengage', 'segments')
  return byText(
    await Promise.all(
      segments.map(async ({ segment_id, name, kind, archived }) => ({
        name,
        kind,
        archived,
        reaches: (await world.ask<{ uids: unknown }>('moengage', `segments/${segment_id}/people`)).uids,
      })),
    ),
  )
}

/** The numbers that the emulator gives to what is made. */
const FIRST_MADE = 101
const MOST_MADE = 5

const readManualSegments = async (world: World): Promise<readonly unknown[]> => {
  const ids = Array.from({ length: MOST_MADE }, (_each, index) => FIRST_MADE + index)
  const answers = await Promise.all(
    ids.map(id =>
      world.ask<{ name?: string; people?: readonly { id: string }[] }>('customerio', `segments/${id}/people`),
    ),
  )
  return byText(
    answers.flatMap(({ name, people = [] }) =>
      name === undefined ? [] : [{ name, people: people.map(({ id }) => id).sort(compareText) }],
    ),
  )
}

const byText = (rows: readonly unknown[]): readonly unknown[] =>
  rows.map(row => JSON.stringify(row)).sort(compareText)
