import { compareText } from '../model/diagnostic.ts'
import type { Change } from '../model/plan.ts'
import { type Reading, readingOf } from '../model/reading.ts'
import type { DestinationSegment, ObservedSendable, SourceSegment } from '../ports.ts'
import { digestOf } from './digest.ts'

/** What refresh came back with. What could not be read is a failed reading: never an empty list, never an absence. */
export interface Observed {
  readonly sourceSegments: Reading<ReadonlyMap<number, SourceSegment>>
  readonly segments: Reading<readonly DestinationSegment[]>
  /**
   * By remote id: the sendable segments that were recorded, and those to be adopted. A value of undefined was read,
   * and is not there. An id that is missing here was not asked for.
   */
  readonly sendables: ReadonlyMap<string, Reading<ObservedSendable | undefined>>
}

/** A list that was answered and is not believed: it shows none of the cohorts that are recorded. */
export const SHORT_LIST = 'refresh/short-list'

/** Nothing was asked: a plan made offline. */
export const NOT_OBSERVED: Observed = {
  sourceSegments: { kind: 'not-tried' },
  segments: { kind: 'not-tried' },
  sendables: new Map(),
}

/**
 * Finds a segment of ours by name. Some partners' cohorts are listed as `[Partner]name` or `[Partner][name]`; whether
 * a generic partner's are is not documented, so both forms are accepted when the exact name is not there, behind our own
 * partner's name alone: behind another one it is somebody else's.
 * Source: vendors' fact sheet for MoEngage, section 2.5.
 */
export const findOwn = (
  segments: readonly DestinationSegment[],
  name: string,
  partner: string,
): DestinationSegment | undefined =>
  segments.find(segment => segment.name === name) ??
  segments.find(segment => ownName(segment.name, partner) === name)

/** The name that a cohort of this partner was sent under; what another partner is listed with stays as it is. */
export const ownName = (listed: string, partner: string): string =>
  listed.toLowerCase().startsWith(`[${partner.toLowerCase()}]`) ? (bareName(listed) ?? listed) : listed

/** The name behind a partner's prefix, or undefined when there is no prefix. */
export const bareName = (listed: string): string | undefined => {
  const match = /^(?:\[[^\]]+\])+(?: ?([^[\] ].*)|\[([^\]]+)\])$/.exec(listed)
  return match?.[1] ?? match?.[2]
}

/** No name of ours is longer. */
const LONGEST_NAME = 500

/**
 * What was read, with every name in a form that a document can hold: vendors may send halves of characters, and names
 * without end.
 */
export const makeTellable = ({ sourceSegments, segments, sendables }: Observed): Observed => ({
  sourceSegments:
    sourceSegments.kind === 'read'
      ? readingOf(new Map([...sourceSegments.value].map(([id, segment]) => [id, withTellableName(segment)])))
      : sourceSegments,
  segments: segments.kind === 'read' ? readingOf(segments.value.map(withTellableName)) : segments,
  sendables: new Map(
    [...sendables].map(([remoteId, reading]) => [
      remoteId,
      reading.kind === 'read' && reading.value ? readingOf(withTellableName(reading.value)) : reading,
    ]),
  ),
})

const withTellableName = <T extends { readonly name: string }>(named: T): T => {
  const name = named.name.length > LONGEST_NAME ? `${named.name.slice(0, LONGEST_NAME)}…` : named.name
  return name === named.name && name.isWellFormed() ? named : { ...named, name: name.toWellFormed() }
}

/** Digest of what was observed of the objects in a plan, however many others the vendors have. */
export const digestObserved = (
  { sourceSegments, segments, sendables }: Observed,
  changes: readonly Pick<Change, 'attributes' | 'remoteId'>[],
): string => {
  const values = new Set(
    changes.flatMap(({ attributes, remoteId }) => [
      remoteId,
      ...attributes.flatMap(({ before, after }) => [before, after]),
    ]),
  )
  const concerns = ({ remoteId, name }: DestinationSegment): boolean =>
    values.has(name) || sendables.has(remoteId)
  return digestOf({
    sources:
      sourceSegments.kind === 'read'
        ? [...sourceSegments.value.values()]
            .filter(({ segmentId, name }) => values.has(segmentId) || values.has(name))
            .sort((a, b) => a.segmentId - b.segmentId)
        : sourceSegments,
    segments:
      segments.kind === 'read'
        ? segments.value.filter(concerns).sort((a, b) => compareText(a.remoteId, b.remoteId))
        : segments,
    sendables: [...sendables]
      .sort(([a], [b]) => compareText(a, b))
      .map(([remoteId, reading]) =>
        reading.kind === 'read' ? [remoteId, reading.value ?? 'absent'] : [remoteId, reading],
      ),
  })
}
