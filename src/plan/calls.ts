import { unreachable } from '../model/invariant.ts'
import type { Change, PlannedCall } from '../model/plan.ts'
import type { RecordedObject, RecordedState } from '../model/recorded.ts'
import { MOST_IDS_PER_CALL } from '../ports.ts'
import { changesDefinition } from './adopt.ts'
import type { DesiredObject } from './graph.ts'
import type { Lineage } from './lineage.ts'
import { isGone, LISTED } from './listing.ts'
import type { View } from './view.ts'

/** What the number of calls follows from. */
export interface CallInput {
  readonly view: View
  readonly lineage: Lineage
  /** Segments of Customer.io that audiences go on reading. */
  readonly segmentsInUse: ReadonlySet<string>
}

/** Segments that the declared bindings read, those of suspended audiences included. */
export const findSegmentsInUse = (objects: readonly DesiredObject[]): ReadonlySet<string> =>
  new Set(objects.flatMap(({ attributes: { source_segment: id } }) => (id === undefined ? [] : [String(id)])))

/** A batch holds about this many members when identifiers are as long as a UUID: 120,000 bytes by 47. */
const MEMBERS_PER_CALL = 2_500

type Draft = Omit<Change, 'calls'>

/** The write calls that applying a change makes, in order. Member counts are those of the ledger when it was planned. */
export const planCalls = (change: Draft, input: CallInput): readonly PlannedCall[] => {
  const recorded = input.lineage.recordOf(change)
  switch (change.kind) {
    case 'binding':
      return []
    case 'source':
      return callsOfSource(change, recorded, input)
    case 'cohort':
      return callsOfCohort(change, recorded, input)
    case 'sendable':
      return callsOfSendable(change, recorded, input)
    default:
      return unreachable(change.kind)
  }
}

const once = (operation: PlannedCall['operation']): PlannedCall => ({ operation, calls: 1 })

/** Batches of people; none when there is nobody. */
const batches = (operation: PlannedCall['operation'], members: number, perCall: number): PlannedCall[] =>
  members === 0 ? [] : [{ operation, calls: Math.ceil(members / perCall), members }]

const attributeOf = ({ attributes }: Draft, name: string) =>
  attributes.find(({ attribute }) => attribute === name)

type CallsOf = (
  change: Draft,
  recorded: RecordedObject | undefined,
  input: CallInput,
) => readonly PlannedCall[]

const callsOfSource: CallsOf = (change, recorded, { segmentsInUse, view }) => {
  const people = Number(attributeOf(change, 'people')?.after ?? recorded?.attributes.people ?? 0)
  const fill = batches('fill source segment', people, MOST_IDS_PER_CALL)
  switch (change.action) {
    case 'create':
      return [once('create source segment'), ...fill]
    case 'adopt':
      return fill
    case 'update':
    case 'rename': {
      // A record that only moves calls nobody; whatever else differs, its people are sent anew.
      if (change.attributes.every(({ attribute }) => attribute === 'address')) return []
      const isMade = attributeOf(change, LISTED)?.before === 'now' || isStillThere(recorded, view)
      return isMade
        ? [...fill, ...removals(change, recorded, view)]
        : [once('create source segment'), ...fill]
    }
    case 'retire':
      return recorded?.origin === 'created' &&
        recorded.remoteId !== undefined &&
        !segmentsInUse.has(recorded.remoteId)
        ? [once('delete source segment')]
        : []
    case 'forget':
    case 'none':
      return []
    default:
      return unreachable(change.action)
  }
}

/** Whom muster put in may leave with the testers; how many of them do is not known here, so it is the most there are. */
const removals = (
  change: Draft,
  recorded: RecordedObject | undefined,
  { recorded: { members } }: View,
): readonly PlannedCall[] => {
  if (!recorded || !attributeOf(change, 'people_digest')) return []
  return batches('remove from source segment', members.get(recorded.address) ?? 0, MOST_IDS_PER_CALL)
}

/** One that somebody has deleted is made anew. */
const isStillThere = (
  recorded: RecordedObject | undefined,
  { observed: { sourceSegments } }: View,
): boolean =>
  recorded?.remoteId !== undefined &&
  (sourceSegments.kind !== 'read' || sourceSegments.value.has(Number(recorded.remoteId)))

const callsOfCohort: CallsOf = (change, recorded, { view }) => {
  const count = countIn(view.recorded)
  switch (change.action) {
    case 'create':
      return [once('create cohort')]
    case 'update':
    case 'rename':
      if (attributeOf(change, 'cohort_id')) return carryOver(count(recorded?.audience))
      return callsUntilListed(change, recorded, view)
    case 'retire':
      if (isGone(change)) return []
      return [...batches('remove members', count(recorded?.audience), MEMBERS_PER_CALL), ...archive(recorded)]
    case 'adopt':
    case 'forget':
    case 'none':
      return []
    default:
      return unreachable(change.action)
  }
}

/** Nobody to carry over: it is born like any other. */
const carryOver = (members: number): readonly PlannedCall[] =>
  members === 0 ? [once('create cohort')] : batches('add members', members, MEMBERS_PER_CALL)

const countIn =
  ({ members }: RecordedState) =>
  (key: string | undefined): number =>
    key === undefined ? 0 : (members.get(key) ?? 0)

const callsUntilListed = (
  change: Draft,
  recorded: RecordedObject | undefined,
  view: View,
): readonly PlannedCall[] => {
  const count = countIn(view.recorded)
  const listing = attributeOf(change, LISTED)
  if (!listing || listing.before === 'now') return []
  const former = count(recorded?.carriesFrom)
  if (former === 0) return carryOver(view.renamed.has(change.audience) ? count(change.audience) : 0)
  // What was sent before the rename was cut off stands in its own ledger, and is not sent again.
  return batches('add members', Math.max(0, former - count(recorded?.audience)), MEMBERS_PER_CALL)
}

/** What was never seen in the list is not archived: whatever carries its name there may be somebody else's. */
const archive = (recorded: RecordedObject | undefined): readonly PlannedCall[] =>
  recorded?.remoteId === undefined ? [] : [once('archive segment')]

const callsOfSendable: CallsOf = (change, recorded) => {
  switch (change.action) {
    case 'create':
      return [once('create sendable segment')]
    case 'update':
    case 'rename':
      if (change.attributes.every(({ attribute }) => attribute === 'address')) return []
      return isGone(change) || attributeOf(change, LISTED)?.before === 'not yet'
        ? [once('create sendable segment')]
        : [once('update sendable segment')]
    case 'adopt':
      return changesDefinition(change) ? [once('update sendable segment')] : []
    case 'retire':
      return archive(recorded)
    case 'forget':
    case 'none':
      return []
    default:
      return unreachable(change.action)
  }
}
