import type { ReadFacts } from '../membership/completeness.ts'
import { identifyPerson } from '../membership/identify.ts'
import { createStageFilter } from '../membership/stage.ts'
import type { Audience, IdentifierKey } from '../model/audience.ts'
import { fail } from '../model/failure.ts'
import { invariant } from '../model/invariant.ts'
import type { IncompleteReason, Member, SkipReason, SourcePerson } from '../model/membership.ts'
import type { RecordedState } from '../model/recorded.ts'
import { sourceAddress } from '../plan/address.ts'
import type { PageKey, PeoplePage, SourceSegment, Spool } from '../ports.ts'
import { stopIfAborted } from './interrupt.ts'
import type { Run } from './run.ts'

export interface MembersRead {
  /** Rows of all pages. */
  readonly rows: number
  readonly skipped: Readonly<Record<SkipReason, number>>
  /** What is needed to judge the read, once the engine has counted distinct people. */
  readonly facts: Omit<ReadFacts, 'people'>
}

/** A segment by its id and the name it must have. */
export interface NamedSegment {
  readonly segmentId: number
  readonly name: string
}

/** An audience, and the segment in Customer.io that its people are read from. */
export interface MembersSource {
  readonly audience: Audience
  readonly source: NamedSegment
}

/** The segment of an audience: declared by its id, or made by muster and recorded. */
export const resolveSource = ({ id, source }: Audience, { objects }: RecordedState): NamedSegment => {
  if (source.kind === 'segment') return source
  const recorded = objects.get(sourceAddress(id))
  if (recorded?.remoteId === undefined) {
    return refuseSource('source/not-made', `The manual segment "${source.name}" was not made yet.`)
  }
  return { segmentId: Number(recorded.remoteId), name: source.name }
}

/** Reads all people of the source, page by page, and spools them; those not wanted at this stage carry no identifier. */
export const readMembers = async (
  run: Run,
  { audience, source }: MembersSource,
  spool: Spool,
): Promise<MembersRead> => {
  const before = await probe(run, source)
  const skipped = { 'no-identifier': 0, 'reserved-identifier': 0, 'unsendable-identifier': 0 }
  const accept = createAccept(run, audience, skipped)
  let rows = 0
  let pages = 0
  let trouble: IncompleteReason | undefined
  const key = toPageKey(audience.identifier.key)
  for await (const step of readPages(run, source.segmentId, { key })) {
    if (step.kind === 'trouble') {
      trouble = step.reason
      break
    }
    rows += step.people.length
    pages += 1
    await spool.append(step.people.map(person => accept(person) ?? { person: person.person }))
    run.reporter.report({ subject: audience.id, phase: 'read', done: rows, total: before.count })
  }
  const after = await probe(run, source)
  const facts = {
    wasFinishedBefore: before.segment.isFinished,
    wasFinishedAfter: after.segment.isFinished,
    countBefore: before.count,
    countAfter: after.count,
    pages,
    ...(trouble ? { trouble } : {}),
  }
  return { rows, skipped, facts }
}

/** The first person of the source who would be sent, or undefined when there is none yet. */
export const findFirstMember = async (run: Run, audience: Audience): Promise<Member | undefined> => {
  const accept = createAccept(run, audience, {
    'no-identifier': 0,
    'reserved-identifier': 0,
    'unsendable-identifier': 0,
  })
  const source = resolveSource(audience, await run.store.readState())
  const { segmentId } = await readNamed(run, source)
  const key = toPageKey(audience.identifier.key)
  for await (const step of readPages(run, segmentId, { key, firstLimit: FIRST_PAGE })) {
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

const createAccept = (run: Run, audience: Audience, skipped: Record<SkipReason, number>) => {
  const isWanted = createStageFilter(audience.id, audience.rollout.stage, run.workspace.qa.testers)
  return (person: SourcePerson): Member | undefined => {
    const identified = identifyPerson(person.value, run.reader.destination.refusesIdentifier)
    if (identified.kind === 'identifier') {
      const member = { person: person.person, identifier: identified.identifier }
      return isWanted(member) ? member : undefined
    }
    skipped[identified.reason] += 1
    return undefined
  }
}

const toPageKey = (key: IdentifierKey): PageKey => {
  invariant(key.kind !== 'attribute', 'attribute keys are refused before anything is read')
  return key.kind
}

interface Probe {
  readonly segment: SourceSegment
  readonly count: number
}

const probe = async (run: Run, source: NamedSegment): Promise<Probe> => ({
  segment: await readNamed(run, source),
  count: await run.reader.source.countPeople(source.segmentId),
})

/** Nobody is taken from a segment that is not the one that was meant. */
const readNamed = async (run: Run, { segmentId, name }: NamedSegment): Promise<SourceSegment> => {
  const segment = await run.reader.source.readSegment(segmentId)
  // Never read as an empty segment: that would remove everybody.
  if (!segment) {
    return refuseSource(
      'source/missing',
      `Customer.io has no segment ${segmentId}. Its cohort is left as it is.`,
    )
  }
  // The same id with another name may mean other people by now.
  if (segment.name !== name) {
    return refuseSource(
      'source/renamed',
      `Segment ${segmentId} is called "${segment.name}", the spec says "${name}".`,
    )
  }
  return segment
}

const refuseSource = (code: string, detail: string): never =>
  fail({
    origin: 'customerio',
    code,
    detail,
    hint: 'set it right in Customer.io, or correct source and apply',
    retryable: false,
  })

type PageStep =
  | { readonly kind: 'page'; readonly people: PeoplePage['people'] }
  | { readonly kind: 'trouble'; readonly reason: IncompleteReason }

interface PagesRequest {
  readonly key: PageKey
  readonly firstLimit?: number
}

/** Follows the cursor to its end. A cursor that comes back, or a page with nobody before the end, is trouble. */
export async function* readPages(
  run: Run,
  segmentId: number,
  { key, firstLimit }: PagesRequest,
): AsyncGenerator<PageStep> {
  const cursors = new Set<string>()
  let start: string | undefined
  for (;;) {
    stopIfAborted(run.signal)
    const limit = start === undefined ? firstLimit : undefined
    const page = await run.reader.source.readPeoplePage(segmentId, { key, start, limit })
    yield { kind: 'page', people: page.people }
    if (page.next === undefined) return
    if (page.people.length === 0) return yield { kind: 'trouble', reason: 'empty-page' }
    if (cursors.has(page.next)) return yield { kind: 'trouble', reason: 'cursor-repeated' }
    cursors.add(page.next)
    start = page.next
  }
}
