import type { ReadFacts } from '../membership/completeness.ts'
import type { IdentifierKey } from '../model/audience.ts'
import { type Failure, fail, failureOf } from '../model/failure.ts'
import { invariant } from '../model/invariant.ts'
import type { IncompleteReason, SkipReason } from '../model/membership.ts'
import type { Instant } from '../model/time.ts'
import type { PageKey, Spool } from '../ports.ts'
import { spoolExport } from './read-export.ts'
import type { ReadPath } from './read-note.ts'
import { readPages } from './read-pages.ts'
import { beginRead, type ReadUnderWay, takePeople } from './read-progress.ts'
import { type MembersSource, probeSource, type SourceProbe } from './read-source.ts'
import type { Run } from './run.ts'

/** What a read of the source found. */
export interface MembersRead {
  /** Rows of all pages, or of the export. */
  readonly rows: number
  readonly skipped: Readonly<Record<SkipReason, number>>
  /** What is needed to judge the read, once the engine has counted distinct people. */
  readonly facts: Omit<ReadFacts, 'people'>
  /** The moment of the run in which it began: an earlier one than this when it goes on where that was cut off. */
  readonly startedAt: Instant
  readonly isResumed: boolean
}

/** A read, and where its people wait to be compared. Whoever gets it ends the spool. */
export interface SpooledRead {
  readonly read: MembersRead
  readonly spool: Spool
}

/**
 * Reads all people of the source and spools them. Who of them is let in is not decided here. A read that is cut off by
 * something that may pass leaves its spool for the next run to go on with.
 */
export const readMembers = async (run: Run, members: MembersSource): Promise<SpooledRead> => {
  const first = await readOnce(run, members)
  if (first.kind === 'read') return first
  // How long a cursor lives is not documented. The segment is looked for again, and read from its first page.
  const second = await readOnce(run, members)
  return second.kind === 'read' ? second : fail(second.failure)
}

type ReadAttempt =
  | ({ readonly kind: 'read' } & SpooledRead)
  | { readonly kind: 'cursor-refused'; readonly failure: Failure }

const readOnce = async (run: Run, members: MembersSource): Promise<ReadAttempt> => {
  const before = await probeSource(run, members.source)
  const path = choosePath(members.audience.identifier.key, before.count)
  const reading = await beginRead(run, members, { before, path })
  try {
    const trouble = await SPOOLERS[path](run, members, reading)
    const after = await probeSource(run, members.source)
    return { kind: 'read', read: describeRead(reading, after, trouble), spool: reading.spool }
  } catch (error) {
    await (mayGoOn(error) ? reading.spool.keep() : reading.spool.discard())
    const failure = failureOf(error)
    if (failure && isRefusedCursor(failure, reading)) return { kind: 'cursor-refused', failure }
    throw error
  }
}

/**
 * Above this, one file is read instead of pages: 1,000,000 people are 34 pages of 30,000, one after the other. Ten
 * million are 334, eleven minutes at two seconds each, in which people move from page to page; a file is of one moment.
 * Source: Customer.io fact sheet, section 4, "Which read path".
 */
export const MOST_PEOPLE_BY_PAGES = 1_000_000

/** Pages tell ids and emails alone; any other attribute takes an export. */
const choosePath = (key: IdentifierKey, count: number): ReadPath =>
  key.kind === 'attribute' || count > MOST_PEOPLE_BY_PAGES ? 'export' : 'pages'

/** The key as pages know it. */
export const toPageKey = (key: IdentifierKey): PageKey => {
  invariant(key.kind !== 'attribute', 'an attribute is read from an export')
  return key.kind
}

/** Spools everybody, and answers what stood in the way of the whole. */
type Spooler = (
  run: Run,
  members: MembersSource,
  reading: ReadUnderWay,
) => Promise<IncompleteReason | undefined>

const spoolPages: Spooler = async (run, { audience, source }, reading) => {
  const key = toPageKey(audience.identifier.key)
  if (reading.next === null) return undefined
  const pages = { key, count: reading.beginning.count, rowsBefore: reading.rows, start: reading.next }
  for await (const step of readPages(run, source.segmentId, pages)) {
    if (step.kind === 'trouble') return step.reason
    reading.next = step.next ?? null
    await takePeople(reading, step.people)
    const { rows, beginning } = reading
    run.reporter.report({ subject: audience.id, phase: 'read', done: rows, total: beginning.count })
  }
  return undefined
}

const SPOOLERS: Readonly<Record<ReadPath, Spooler>> = { pages: spoolPages, export: spoolExport }

const describeRead = (
  { beginning, rows, pages, identification, isResumed }: ReadUnderWay,
  after: SourceProbe,
  trouble: IncompleteReason | undefined,
): MembersRead => ({
  rows,
  skipped: identification.skipped,
  facts: {
    wasFinishedBefore: beginning.wasFinished,
    wasFinishedAfter: after.segment.isFinished,
    countBefore: beginning.count,
    countAfter: after.count,
    pages,
    ...(trouble && { trouble }),
  },
  startedAt: beginning.startedAt,
  isResumed,
})

/** Whether the same read may get further later. A stop is not the read's own fault, whatever else it says. */
const mayGoOn = (error: unknown): boolean => {
  const failure = failureOf(error)
  return failure !== undefined && (failure.retryable || failure.code === 'provider/cancelled')
}

const REFUSALS: ReadonlySet<string> = new Set(['provider/bad-request', 'provider/not-found'])

/** Said to a page that was asked for by its cursor, it means the cursor: the segment was there when the read began. */
const isRefusedCursor = ({ code }: Failure, { next }: ReadUnderWay): boolean =>
  REFUSALS.has(code) && typeof next === 'string'
