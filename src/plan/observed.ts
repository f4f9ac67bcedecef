import type { DestinationSegment, ObservedSendable, SourceSegment } from '../ports.ts'

/** What refresh read, all of it: a refresh that could not read something fails instead of leaving a hole. */
export interface Observed {
  readonly sourceSegments: ReadonlyMap<number, SourceSegment>
  readonly segments: readonly DestinationSegment[]
  /** By remote id, for the sendable segments we recorded. Undefined value: read, and not there. */
  readonly sendables: ReadonlyMap<string, ObservedSendable | undefined>
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
