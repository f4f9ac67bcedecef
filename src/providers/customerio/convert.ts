import type { SourcePerson } from '../../model/membership.ts'
import type { PeoplePage, SourceSegment } from '../../ports.ts'
import type { Answer } from '../answer.ts'
import {
  type Answered,
  expectCount,
  expectId,
  expectList,
  expectObject,
  expectText,
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
  const { id, name, type, state, progress } = expectObject(answered, field, value)
  return {
    segmentId: expectCount(answered, `${field}.id`, id),
    name: expectText(answered, `${field}.name`, name),
    type:
      type === 'dynamic' || type === 'manual'
        ? type
        : unexpectedShape(answered, `${field}.type`, 'a known type'),
    // A state that we do not know is not finished: its membership would be taken for complete.
    isFinished: expectText(answered, `${field}.state`, state) === 'finished' && (progress ?? null) === null,
  }
}

/** How many people a segment has, by the vendor's count. */
export const toPeopleCount = (answer: Answer): number =>
  expectCount(answer, 'count', expectObject(answer, 'the body', answer.body).count)

/** A page of people, from `identifiers`; the older `ids` says less and is not read. */
export const toPeoplePage = (answer: Answer): PeoplePage => {
  const { identifiers, next } = expectObject(answer, 'the body', answer.body)
  const people = expectList(answer, 'identifiers', identifiers).map(row => toPerson(answer, row))
  const cursor = toCursor(answer, next)
  return cursor === undefined ? { people } : { people, next: cursor }
}

const toPerson = (answered: Answered, row: unknown): SourcePerson => {
  const { cio_id, id, email } = expectObject(answered, 'identifiers[]', row)
  const person = expectId(
    answered,
    'identifiers[].cio_id',
    toOptionalText(answered, 'identifiers[].cio_id', cio_id),
  )
  const ownId = toOptionalText(answered, 'identifiers[].id', id)
  const ownEmail = toOptionalText(answered, 'identifiers[].email', email)
  return {
    person,
    ...(ownId !== undefined && { id: ownId }),
    ...(ownEmail !== undefined && { email: ownEmail }),
  }
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
