import { compareText } from '../model/diagnostic.ts'
import type { Address } from '../model/plan.ts'
import type { Reading } from '../model/reading.ts'
import type { RecordedState } from '../model/recorded.ts'
import type { DestinationSegment, SourceSegment } from '../ports.ts'
import { findRenamed } from './lineage.ts'
import { bareName, type Observed, ownName } from './observed.ts'

/** What planning looks at, with the look-ups that would otherwise be made once for each object. */
export interface View {
  readonly recorded: RecordedState
  readonly observed: Observed
  readonly segments: Reading<SegmentIndex>
  /** Recorded addresses in MoEngage by the vendor's id. */
  readonly addresses: ReadonlyMap<string, Address>
  /** Recorded addresses in MoEngage by name. */
  readonly names: ReadonlyMap<string, Address>
  /** Every cohort id that was ever sent, as far as the record goes. */
  readonly cohortIds: ReadonlySet<string>
  /** Audiences whose cohort takes the place of one that is not drained yet. */
  readonly renamed: ReadonlySet<string>
  /** Names that are this one but for upper and lower case, in MoEngage's list and among the tombstones. */
  readonly twinsOf: (name: string) => readonly string[]
  /** Manual segments of this name: Customer.io does not keep names apart. Empty too where its list was not read. */
  readonly manualSegments: (name: string) => readonly SourceSegment[]
}

/** The destination's list of segments, by what is looked for. */
export interface SegmentIndex {
  readonly size: number
  readonly get: (remoteId: string) => DestinationSegment | undefined
  /** By exact name, or behind the prefix of any partner: whether the name is somebody's. */
  readonly find: (name: string) => DestinationSegment | undefined
  /** By exact name, or behind our own partner's prefix: see `findOwn`. */
  readonly findOwn: (name: string) => DestinationSegment | undefined
}

/** Prepares a look at both sides. */
export const createView = (recorded: RecordedState, observed: Observed, partner: string): View => {
  const objects = [...recorded.objects.values()]
  const destination = objects.filter(({ kind }) => kind === 'cohort' || kind === 'sendable')
  const tombstones = [...recorded.tombstones.values()]
  const listed = observed.segments.kind === 'read' ? observed.segments.value : []
  const known = groupBy([...listed, ...tombstones], ({ name }) => name.toLowerCase())
  const segments: View['segments'] =
    observed.segments.kind === 'read'
      ? { kind: 'read', value: indexSegments(listed, partner) }
      : observed.segments
  return {
    recorded,
    observed,
    segments,
    addresses: new Map(
      destination.flatMap(({ address, attributes, remoteId }) => {
        // What was accepted and is listed by now is ours, although its id is not recorded yet.
        const shown = segments.kind === 'read' ? segments.value.findOwn(String(attributes.name)) : undefined
        const id = remoteId ?? shown?.remoteId
        return id === undefined ? [] : [[id, address] as const]
      }),
    ),
    names: new Map(destination.map(({ address, attributes }) => [String(attributes.name), address] as const)),
    cohortIds: new Set(
      [
        ...objects.map(({ attributes }) => attributes.cohort_id),
        ...tombstones.map(({ cohortId }) => cohortId),
      ].flatMap(id => (id === undefined ? [] : [String(id)])),
    ),
    renamed: findRenamed(recorded),
    twinsOf: name => {
      const names = (known.get(name.toLowerCase()) ?? []).map(each => each.name)
      return [...new Set(names)].filter(each => each !== name).sort(compareText)
    },
    manualSegments: findManual(observed),
  }
}

const indexSegments = (segments: readonly DestinationSegment[], partner: string): SegmentIndex => {
  const byId = new Map<string, DestinationSegment>()
  const byName = new Map<string, DestinationSegment>()
  const byBareName = new Map<string, DestinationSegment>()
  const byOwnName = new Map<string, DestinationSegment>()
  for (const segment of segments) {
    byId.set(segment.remoteId, segment)
    if (!byName.has(segment.name)) byName.set(segment.name, segment)
    const bare = bareName(segment.name)
    if (bare !== undefined && !byBareName.has(bare)) byBareName.set(bare, segment)
    const own = ownName(segment.name, partner)
    if (own !== segment.name && !byOwnName.has(own)) byOwnName.set(own, segment)
  }
  return {
    size: segments.length,
    get: remoteId => byId.get(remoteId),
    find: name => byName.get(name) ?? byBareName.get(name),
    findOwn: name => byName.get(name) ?? byOwnName.get(name),
  }
}

const findManual = ({ sourceSegments }: Observed): View['manualSegments'] => {
  const all = sourceSegments.kind === 'read' ? [...sourceSegments.value.values()] : []
  const byName = groupBy(
    all.filter(({ type }) => type === 'manual'),
    ({ name }) => name,
  )
  return name => byName.get(name) ?? []
}

const groupBy = <T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group) group.push(value)
    else groups.set(keyOf(value), [value])
  }
  return groups
}
