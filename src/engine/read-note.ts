import type { IdentifierKey } from '../model/audience.ts'
import type { SkipReason } from '../model/membership.ts'
import { HOUR_MS, type Instant, MINUTE_MS } from '../model/time.ts'
import type { SourceSegment } from '../ports.ts'
import type { NamedSegment } from './read-source.ts'

/** How people are read: page after page, or from the one file of a people export. */
export type ReadPath = 'pages' | 'export'

/** How a read began. A read that goes on keeps the beginning of the one that was cut off. */
export interface ReadBeginning {
  /** The moment of the run in which it began. Nobody who left or entered before it may be missing. */
  readonly startedAt: Instant
  readonly wasFinished: boolean
  readonly count: number
  /** When the segment was last edited. */
  readonly updatedAt?: Instant | undefined
}

/** How far a read has come, as the spool keeps it with the people read so far. No identifier is in it. */
export interface ReadNote extends ReadBeginning {
  readonly rows: number
  readonly pages: number
  readonly skipped: Readonly<Record<SkipReason, number>>
  /** The cursor of the next page; null once the last one was read. An opaque word of the vendor's. */
  readonly next: string | null
  /** The export that is read instead of pages. It is read again from its beginning. */
  readonly exportId?: number | undefined
}

/** Raised when notes change: what an earlier version left behind is then not gone on with. */
const NOTE_FORMAT = 1

/** Says what is read, and how. What was read under another key is never gone on with. */
export const describeRead = (source: NamedSegment, key: IdentifierKey, path: ReadPath): string =>
  JSON.stringify([NOTE_FORMAT, source.segmentId, source.name, key, path])

/** The note as text. */
export const writeNote = (note: ReadNote): string => JSON.stringify(note)

/**
 * People who were read once are not looked at again, so a read is not stretched without end: after half an hour, the
 * pages of ten million people included, it begins anew. An export is of one moment however long it is read, and making
 * another one is expensive; `startedAt` tells the guards how old it is.
 */
const GOES_ON_FOR_MS: Readonly<Record<ReadPath, number>> = { pages: 30 * MINUTE_MS, export: 6 * HOUR_MS }

/** Where a read that was cut off can go on, or undefined when it must begin anew. */
export const findNote = (
  written: string | undefined,
  path: ReadPath,
  { segment, now }: { readonly segment: SourceSegment; readonly now: Instant },
): ReadNote | undefined => {
  if (written === undefined) return undefined
  // Written by `writeNote` in this very format: the key, which holds the format, is the same.
  const note = JSON.parse(written) as ReadNote
  const ageMs = Date.parse(now) - Date.parse(note.startedAt)
  const isYoung = ageMs >= 0 && ageMs < GOES_ON_FOR_MS[path]
  return isYoung && note.updatedAt === segment.updatedAt ? note : undefined
}
