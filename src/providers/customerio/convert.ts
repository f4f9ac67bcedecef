import type { SourcePerson } from '../../model/membership.ts'
import type { Instant } from '../../model/time.ts'
import type { PageKey, PeoplePage, SegmentUse, SourceSegment, SourceWriter } from '../../ports.ts'
import type { Answer } from '../answer.ts'
import {
  type Answered,
  expectCount,
  expectId,
  expectList,
  expectObject,
  expectText,
  isObject,
  unexpectedShape,
} from '../shape.ts'

/** All segments of the workspace, in the vendor's order. */
export const toSegments = (answer: Answer): readonly SourceSegment[] => {
  const { segments } = expectObject(answer, 'the body', answer.body)
  return expectList(answer, 'segments', segments).map(segment => toSegment(answer, segment, 'segments[]'))
}

/** The one segment of a read by id. */
export const toOneSegment = (answer: Answer): SourceSegment =>
  toSegment(answer, expectObject(answer, 'the body', answer.body).segment, 'segment')

const toSegment = (answered: Answered, value: unknown, field: string): SourceSegment => {
  const { id, name, type, state, progress, updated_at } = expectObject(answered, field, value)
  const updatedAt = toInstant(updated_at)
  return {
    segmentId: expectCount(answered, `${field}.id`, id),
    name: expectText(answered, `${field}.name`, name),
    type:
      type === 'dynamic' || type === 'manual'
        ? type
        : unexpectedShape(answered, `${field}.type`, 'a known type'),
    // A state that we do not know is not finished: its membership would be taken for complete.
    isFinished: expectText(answered, `${field}.state`, state) === 'finished' && (progress ?? null) === null,
    ...(updatedAt !== undefined && { updatedAt }),
  }
}

/** The first second of the year 10000, and so what any number of milliseconds would be taken for. */
const SECONDS_END = 253_402_300_800

/** A moment in whole seconds since 1970. It is a hint only, so what is anything else is left out, never refused. */
const toInstant = (seconds: unknown): Instant | undefined =>
  typeof seconds === 'number' && Number.isInteger(seconds) && seconds > 0 && seconds < SECONDS_END
    ? new Date(seconds * 1000).toISOString()
    : undefined

/** What uses a segment. A list that is not there was not read: it would pass for "unused". */
export const toSegmentUse = (answer: Answer): SegmentUse => {
  const { used_by } = expectObject(answer, 'the body', answer.body)
  const uses = expectObject(answer, 'used_by', used_by)
  const count = (key: string): number => expectList(answer, `used_by.${key}`, uses[key]).length
  return {
    campaigns: count('campaigns'),
    newsletters: count('sent_newsletters') + count('draft_newsletters'),
  }
}

/** Where the Track keys belong. The workspace is called an environment there. */
export const toTrackAccount = (answer: Answer): { readonly region: string; readonly workspaceId: number } => {
  const { region, environment_id } = expectObject(answer, 'the body', answer.body)
  return {
    region: region === 'us' || region === 'eu' ? region : unexpectedShape(answer, 'region', 'a known region'),
    workspaceId: expectCount(answer, 'environment_id', environment_id),
  }
}

const encodeJson = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))

/** Body of a create. */
export const encodeSegment = ({
  name,
  description,
}: Parameters<SourceWriter['createSegment']>[0]): Uint8Array =>
  encodeJson({ segment: { name, ...(description !== '' && { description }) } })

/** Body of a call that puts people in, or takes them out. */
export const encodePeople = (ids: readonly string[]): Uint8Array => encodeJson({ ids })

/** The id of a segment that was just created. */
export const toCreatedId = (answer: Answer): number => {
  const { segment } = expectObject(answer, 'the body', answer.body)
  return expectCount(answer, 'segment.id', expectObject(answer, 'segment', segment).id)
}

/** Checks what is said when a call that brings nothing back is taken: nothing, or an object. Errors may come with a 200. */
export const requireTaken = (answer: Answer): void => {
  const { body } = answer
  if (body === undefined) return
  if (!isObject(body) || 'errors' in body || 'meta' in body)
    unexpectedShape(answer, 'the body', 'an object without errors')
}

/** How many people a segment has, by the vendor's count. */
export const toPeopleCount = (answer: Answer): number =>
  expectCount(answer, 'count', expectObject(answer, 'the body', answer.body).count)

/**
 * A page of people, from `identifiers`; the older `ids` says less and is not read. Of each, one value and no more. This
 * runs ten million times: nothing is made for somebody but what is told of them.
 */
export const toPeoplePage = (answer: Answer, key: PageKey): PeoplePage => {
  const { identifiers, next } = expectObject(answer, 'the body', answer.body)
  const rows = expectList(answer, 'identifiers', identifiers)
  const people: SourcePerson[] = []
  for (const row of rows) people.push(toPerson(answer, row, key))
  const cursor = toCursor(answer, next)
  return cursor === undefined ? { people } : { people, next: cursor }
}

const toPerson = (answered: Answered, row: unknown, key: PageKey): SourcePerson => {
  const identifiers = expectObject(answered, 'identifiers[]', row)
  const person = identifiers.cio_id
  const value = identifiers[key]
  return {
    person: isText(person) ? person : toUnusualId(answered, person),
    value: isText(value) ? value : toOptionalText(answered, `identifiers[].${key}`, value),
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

const toUnusualId = (answered: Answered, value: unknown): string => {
  const field = 'identifiers[].cio_id'
  return expectId(answered, field, toOptionalText(answered, field, value))
}

/** Null, absent and empty all mean that the person has none. A number is one only when it was read exactly. */
const toOptionalText = (answered: Answered, field: string, value: unknown): string | undefined => {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value
  return Number.isSafeInteger(value) ? String(value) : unexpectedShape(answered, field, 'text')
}

/** The end is documented nowhere: absent, null, empty and the integer 0 of older answers all mean it. */
const toCursor = (answered: Answered, next: unknown): string | undefined =>
  next === 0 ? undefined : toOptionalText(answered, 'next', next)
