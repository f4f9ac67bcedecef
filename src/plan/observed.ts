import type { Reading } from '../model/reading.ts'
import type { DestinationSegment, ObservedSendable, SourceSegment } from '../ports.ts'

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
