import type { IncompleteReason } from '../model/membership.ts'
import type { PageKey, PeoplePage } from '../ports.ts'
import { stopIfAborted } from './interrupt.ts'
import type { Run } from './run.ts'

/** A page, or the reason why there is no going on. */
export type PageStep =
  | ({ readonly kind: 'page' } & PeoplePage)
  | { readonly kind: 'trouble'; readonly reason: IncompleteReason }

/** Which pages, and from where on. */
export interface PagesRequest {
  readonly key: PageKey
  /** How many people the segment counts. */
  readonly count: number
  /** Rows that an earlier read told of before `start`. */
  readonly rowsBefore?: number
  /** The cursor that an earlier read came to. */
  readonly start?: string | undefined
  /** Of the first page alone, when it may well be the only one. */
  readonly firstLimit?: number
}

/**
 * Follows the cursor to its end. A cursor that comes back, a page with nobody before the end, and far more people than
 * the segment counts are trouble.
 */
export async function* readPages(
  run: Run,
  segmentId: number,
  { key, count, rowsBefore = 0, start: from, firstLimit }: PagesRequest,
): AsyncGenerator<PageStep> {
  const cursors = new Set(from === undefined ? [] : [from])
  let start = from
  let limit = firstLimit
  let rows = rowsBefore
  for (;;) {
    stopIfAborted(run.signal)
    const page = await run.reader.source.readPeoplePage(segmentId, { key, start, limit })
    yield { kind: 'page', ...page }
    rows += page.people.length
    if (rows > mostRows(count)) return yield { kind: 'trouble', reason: 'too-many-people' }
    if (page.next === undefined) return
    if (page.people.length === 0) return yield { kind: 'trouble', reason: 'empty-page' }
    if (cursors.has(page.next)) return yield { kind: 'trouble', reason: 'cursor-repeated' }
    cursors.add(page.next)
    start = page.next
    limit = undefined
  }
}

/**
 * Pages may show people twice while others move past them, and hardly more. Cursors without end would otherwise be
 * read for ever, and fill the disk: each is new, so none repeats.
 */
const mostRows = (count: number): number => 1.5 * count + 10_000
