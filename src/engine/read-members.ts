import { judgeRead } from '../membership/completeness.ts'
import { identifyPerson } from '../membership/identify.ts'
import { createStageFilter } from '../membership/stage.ts'
import type { Audience } from '../model/audience.ts'
import { FailureError } from '../model/failure.ts'
import { invariant } from '../model/invariant.ts'
import type { IncompleteReason, Member, ReadOutcome, SkipReason, SourcePerson } from '../model/membership.ts'
import type { PeoplePage, SourceSegment, Spool } from '../ports.ts'
import { stopIfAborted } from './interrupt.ts'
import type { Run } from './run.ts'

export interface MembersRead {
  readonly peopleRead: number
  readonly skipped: Readonly<Record<SkipReason, number>>
  readonly outcome: ReadOutcome
}

/** Reads all people of the source, page by page, and spools those who are wanted at this stage. */
export const readMembers = async (run: Run, audience: Audience, spool: Spool): Promise<MembersRead> => {
  const segmentId = segmentOf(audience)
  const before = await probe(run, segmentId)
  const skipped = { 'no-identifier': 0, 'reserved-identifier': 0, 'unsendable-identifier': 0 }
  const accept = createAccept(run, audience, skipped)
  let peopleRead = 0
  let trouble: IncompleteReason | undefined
  for await (const step of readPages(run, segmentId)) {
    if (step.kind === 'trouble') {
      trouble = step.reason
      break
    }
    peopleRead += step.people.length
    await spool.append(step.people.flatMap(person => accept(person) ?? []))
    run.reporter.report({ subject: audience.id, phase: 'read', done: peopleRead, total: before.count })
  }
  const after = await probe(run, segmentId)
  const outcome = judgeRead({
    wasFinishedBefore: before.segment.isFinished,
    wasFinishedAfter: after.segment.isFinished,
    countBefore: before.count,
    countAfter: after.count,
    peopleRead,
    ...(trouble ? { trouble } : {}),
  })
  return { peopleRead, skipped, outcome }
}

/** The first person of the source who would be sent, or undefined when there is none yet. */
export const findFirstMember = async (run: Run, audience: Audience): Promise<Member | undefined> => {
  const accept = createAccept(run, audience, {
    'no-identifier': 0,
    'reserved-identifier': 0,
    'unsendable-identifier': 0,
  })
  for await (const step of readPages(run, segmentOf(audience), FIRST_PAGE)) {
    if (step.kind === 'trouble') return undefined
    for (const person of step.people) {
      const member = accept(person)
      if (member) return member
    }
  }
  return undefined
}

/** Small first pages: one person is looked for, and nearly everyone carries an identifier. */
const FIRST_PAGE = 100

const segmentOf = ({ source }: Audience): number => {
  invariant(source.kind === 'segment', 'manual sources are refused before anything is read')
  return source.segmentId
}

const createAccept = (run: Run, audience: Audience, skipped: Record<SkipReason, number>) => {
  const isWanted = createStageFilter(audience.id, audience.rollout.stage, run.workspace.qa.testers)
  return (person: SourcePerson): Member | undefined => {
    const identified = identifyPerson(
      person,
      audience.identifier.key,
      run.reader.destination.refusesIdentifier,
    )
    if (identified.kind === 'member') return isWanted(identified.member) ? identified.member : undefined
    skipped[identified.reason] += 1
    return undefined
  }
}

interface Probe {
  readonly segment: SourceSegment
  readonly count: number
}

const probe = async (run: Run, segmentId: number): Promise<Probe> => {
  const segment = await run.reader.source.readSegment(segmentId)
  // Never read as an empty segment: that would remove everybody.
  if (!segment) {
    throw new FailureError({
      origin: 'customerio',
      code: 'source/missing',
      detail: `Customer.io has no segment ${segmentId}. Its cohort is left as it is.`,
      hint: 'restore the segment in Customer.io, or change source.segment and apply',
      retryable: false,
    })
  }
  return { segment, count: await run.reader.source.countPeople(segmentId) }
}

type PageStep =
  | { readonly kind: 'page'; readonly people: PeoplePage['people'] }
  | { readonly kind: 'trouble'; readonly reason: IncompleteReason }

/** Follows the cursor to its end. A cursor that comes back, or a page with nobody before the end, is trouble. */
async function* readPages(run: Run, segmentId: number, firstLimit?: number): AsyncGenerator<PageStep> {
  const cursors = new Set<string>()
  let start: string | undefined
  for (;;) {
    stopIfAborted(run.signal)
    const limit = start === undefined ? firstLimit : undefined
    const page = await run.reader.source.readPeoplePage(segmentId, start, limit)
    yield { kind: 'page', people: page.people }
    if (page.next === undefined) return
    if (page.people.length === 0) return yield { kind: 'trouble', reason: 'empty-page' }
    if (cursors.has(page.next)) return yield { kind: 'trouble', reason: 'cursor-repeated' }
    cursors.add(page.next)
    start = page.next
  }
}
