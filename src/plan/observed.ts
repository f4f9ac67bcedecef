import { compareText } from '../model/diagnostic.ts'
import type { Change } from '../model/plan.ts'
import type { Reading } from '../model/reading.ts'
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

/** Nothing was asked: a plan made offline. */
export const NOT_OBSERVED: Observed = {
  sourceSegments: { kind: 'not-tried' },
  segments: { kind: 'not-tried' },
  sendables: new Map(),
}

/**
 * Finds a segment of ours by name. Some partners' cohorts are listed as `[Partner]name`; whether a generic partner's
 * are is not documented, so a bracketed prefix is accepted when the exact name is not there.
 * Source: vendors' fact sheet for MoEngage, section 2.5.
 */
export const findByName = (
  segments: readonly DestinationSegment[],
  name: string,
): DestinationSegment | undefined =>
  segments.find(segment => segment.name === name) ??
  segments.find(segment => /^(\[[^\]]*\])+ ?/.test(segment.name) && segment.name.endsWith(`]${name}`))

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
