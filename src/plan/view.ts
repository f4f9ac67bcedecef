import type { Address } from '../model/plan.ts'
import type { Reading } from '../model/reading.ts'
import type { RecordedState } from '../model/recorded.ts'
import type { DestinationSegment } from '../ports.ts'
import type { Observed } from './observed.ts'

/** What planning looks at, with the look-ups that would otherwise be made once for each object. */
export interface View {
  readonly recorded: RecordedState
  readonly observed: Observed
  readonly segments: Reading<SegmentIndex>
  /** Recorded addresses in MoEngage by the vendor's id. */
  readonly addresses: ReadonlyMap<string, Address>
  /** Every cohort id that was ever sent, as far as the record goes. */
  readonly cohortIds: ReadonlySet<string>
}

/** The destination's list of segments, by what is looked for. */
export interface SegmentIndex {
  readonly size: number
  readonly get: (remoteId: string) => DestinationSegment | undefined
  /** By exact name, or by the name behind a partner's prefix: see `findByName`. */
  readonly find: (name: string) => DestinationSegment | undefined
  /** Names that are this one but for upper and lower case. */
  readonly twinsOf: (name: string) => readonly DestinationSegment[]
}

/** Prepares a look at both sides. */
export const createView = (recorded: RecordedState, observed: Observed): View => ({
  recorded,
  observed,
  segments:
    observed.segments.kind === 'read'
      ? { kind: 'read', value: indexSegments(observed.segments.value) }
      : observed.segments,
  addresses: new Map(
    [...recorded.objects.values()].flatMap(({ address, kind, remoteId }) =>
      remoteId === undefined || kind === 'source' ? [] : [[remoteId, address] as const],
    ),
  ),
  cohortIds: new Set([
    ...[...recorded.objects.values()].map(({ attributes }) => String(attributes.cohort_id)),
    ...[...recorded.tombstones.values()].map(({ cohortId }) => String(cohortId)),
  ]),
})

/** A partner's prefix, as in `[Amplitude]name` or `[Amplitude][name]`. */
const PREFIX = /^(?:\[[^\]]*\])+ ?/

const indexSegments = (segments: readonly DestinationSegment[]): SegmentIndex => {
  const byId = new Map<string, DestinationSegment>()
  const byName = new Map<string, DestinationSegment>()
  const byBareName = new Map<string, DestinationSegment>()
  const byFoldedName = new Map<string, DestinationSegment[]>()
  for (const segment of segments) {
    byId.set(segment.remoteId, segment)
    if (!byName.has(segment.name)) byName.set(segment.name, segment)
    const bare = PREFIX.test(segment.name) ? segment.name.replace(PREFIX, '') : undefined
    if (bare !== undefined && !byBareName.has(bare)) byBareName.set(bare, segment)
    const folded = segment.name.toLowerCase()
    byFoldedName.set(folded, [...(byFoldedName.get(folded) ?? []), segment])
  }
  return {
    size: segments.length,
    get: remoteId => byId.get(remoteId),
    find: name => byName.get(name) ?? byBareName.get(name),
    twinsOf: name => (byFoldedName.get(name.toLowerCase()) ?? []).filter(each => each.name !== name),
  }
}
