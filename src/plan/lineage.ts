import type { Audience, AudienceId } from '../model/audience.ts'
import { type Address, audienceOfKey, type Change, type PlanValue } from '../model/plan.ts'
import type { RecordedObject, RecordedState } from '../model/recorded.ts'
import type { Workspace } from '../model/workspace.ts'
import { addressOf, cohortAddress, isReference } from './address.ts'
import type { DesiredObject } from './graph.ts'

/** Which recorded object stands for which desired one, and what everything will be called afterwards. */
export interface Lineage {
  /** The record that a desired object goes on from: its own, or the one under the audience's former id. */
  readonly recordedFor: (desired: DesiredObject) => RecordedObject | undefined
  /** Recorded addresses that a desired object goes on from. */
  readonly claimed: ReadonlySet<Address>
  /** The id that an audience gets in this plan, by the one it had. */
  readonly movedTo: ReadonlyMap<AudienceId, AudienceId>
  /** Where a recorded object will stand once moves and renames are done. */
  readonly futureOf: (address: Address) => Address
  /** Where a renamed cohort's former self will stand, by the address of the cohort. */
  readonly leftBehind: ReadonlyMap<Address, LeftBehind>
  /** The record that a change is about, wherever it stands so far. */
  readonly recordOf: (change: Pick<Change, 'address' | 'from'>) => RecordedObject | undefined
}

/** A cohort that another one takes the place of. */
export interface LeftBehind {
  readonly object: RecordedObject
  /** Its address until it is drained. */
  readonly address: Address
  /** Its ledger key until then. */
  readonly key: string
}

/** Finds the record that a desired object goes on from: its own, or the one under the audience's former id. */
export const findRecorded = (
  audiences: readonly Audience[],
  recorded: RecordedState,
): Lineage['recordedFor'] => {
  const movedFrom = new Map(
    audiences.flatMap(({ id, movedFrom: from }) => (from === undefined ? [] : [[id, from] as const])),
  )
  return ({ address, kind, audience }) => {
    const own = recorded.objects.get(address)
    const former = movedFrom.get(audience)
    return own ?? (former === undefined ? undefined : recorded.objects.get(addressOf(kind, former)))
  }
}

/** Follows `moved_from` and changed names through the record. */
export const traceLineage = (
  desired: readonly DesiredObject[],
  recordedFor: Lineage['recordedFor'],
  recorded: RecordedState,
): Lineage => {
  const claimed = new Set<Address>()
  const future = new Map<Address, Address>()
  const leftBehind = new Map<Address, LeftBehind>()
  const movedTo = new Map<AudienceId, AudienceId>()
  for (const each of desired) {
    const object = recordedFor(each)
    if (!object) continue
    claimed.add(object.address)
    if (object.audience !== each.audience) movedTo.set(object.audience, each.audience)
    future.set(object.address, each.address)
    if (each.kind !== 'cohort' || object.attributes.name === each.attributes.name) continue
    const left = leaveBehind(each.audience, object, recorded)
    leftBehind.set(each.address, left)
    future.set(object.address, left.address)
  }
  const former = new Map([...leftBehind.values()].map(({ address, object }) => [address, object] as const))
  return {
    recordedFor,
    claimed,
    leftBehind,
    movedTo,
    futureOf: address => future.get(address) ?? address,
    recordOf: ({ address, from }) => former.get(address) ?? recorded.objects.get(from ?? address),
  }
}

/** Where the former self of a renamed cohort is kept: told by its generation, and by the next free one if that is taken. */
export const leaveBehind = (
  audience: AudienceId,
  object: RecordedObject,
  { objects }: RecordedState,
): LeftBehind => {
  let generation = Number(/-g(\d+)$/.exec(String(object.attributes.cohort_id))?.[1] ?? 1)
  while (objects.has(cohortAddress(`${audience}@g${generation}`))) generation += 1
  const key = `${audience}@g${generation}`
  return { object, key, address: cohortAddress(key) }
}

/** Audiences whose cohort takes the place of one that is not drained yet. */
export const findRenamed = ({ objects }: Pick<RecordedState, 'objects'>): ReadonlySet<AudienceId> =>
  new Set(
    [...objects.values()].flatMap(({ kind, audience }) => {
      const id = audienceOfKey(audience)
      return kind === 'cohort' && id !== audience ? [id] : []
    }),
  )

/** The addresses inside a value, as they will be. Values that hold none are given back as they are. */
export const translate = (
  attribute: string,
  value: PlanValue | undefined,
  { futureOf }: Lineage,
): PlanValue | undefined => {
  if (value === undefined || !isReference(attribute)) return value
  // What is no address of ours stays: the map does not know it.
  const follow = (text: string): string => futureOf(text as Address)
  return Array.isArray(value) ? value.map(follow).sort() : follow(String(value))
}

/**
 * An id for a new cohort: `<workspace>-<audience>-g<n>`, with the first number that was never used. Sending a used one
 * with a new name may update the old cohort, or nothing at all.
 * Source: vendors' fact sheet for MoEngage, sections 2.4 and 8.
 */
export const chooseCohortId = (
  workspace: Workspace,
  audience: AudienceId,
  used: ReadonlySet<string>,
): string => {
  const prefix = `${workspace.name}-${audience}-g`
  let generation = 1
  while (used.has(`${prefix}${generation}`)) generation += 1
  return `${prefix}${generation}`
}
