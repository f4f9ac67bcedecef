import { compareText } from '../../model/diagnostic.ts'
import type { Direction } from '../../model/membership.ts'
import type {
  BatchSize,
  CohortRef,
  DestinationSegment,
  ObservedSendable,
  SendableDefinition,
} from '../../ports.ts'
import type { Answer } from '../answer.ts'
import {
  type Answered,
  expectId,
  expectList,
  expectObject,
  expectText,
  isObject,
  type JsonObject,
  unexpectedShape,
} from '../shape.ts'

/** One Cohort Sync call before it is encoded. */
export interface CohortCall {
  readonly partner: string
  readonly cohort: CohortRef
  readonly direction: Direction
}

/** The vendor's limit is 128 KB, without saying whether that is 128,000 or 131,072 or what is counted. */
const BUDGET_BYTES = 120_000

const encodeJson = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))

/** The body of a Cohort Sync call. */
export const encodeCohortCall = (call: CohortCall, identifiers: readonly string[]): Uint8Array =>
  encodeJson({
    action: call.direction === 'add' ? 'add_members' : 'remove_members',
    partner: call.partner,
    parameters: {
      cohort_name: call.cohort.name,
      cohort_id: call.cohort.cohortId,
      ...(call.cohort.description !== '' && { cohort_description: call.cohort.description }),
      members: identifiers.map(uid => ({ uid })),
    },
  })

/** `{"uid":}` and a comma. */
const MEMBER_FRAME_BYTES = 9

/** Sizes that add up to the encoded body exactly. Each member pays for a comma; the last has none, so one is taken off. */
export const sizeCohortCall = (call: CohortCall): BatchSize => ({
  budgetBytes: BUDGET_BYTES,
  envelopeBytes: encodeCohortCall(call, []).length - 1,
  memberBytes: identifier => Buffer.byteLength(JSON.stringify(identifier)) + MEMBER_FRAME_BYTES,
})

/** Checks what Cohort Sync says when it takes a batch. It says no more than that. */
export const requireAccepted = (answer: Answer): void => {
  const { status } = expectObject(answer, 'the body', answer.body)
  if (status !== 'success') unexpectedShape(answer, 'status', '"success"')
}

/** Body of a Get User call. One field is asked for, the one that was sent: without any, all that is known would come. */
export const encodeLookup = (identifiers: readonly string[]): Uint8Array =>
  encodeJson({
    data: {
      identifiers: identifiers.map(identifier => ({ identifier_type: 'customer_id', identifier })),
      user_fields_to_export: ['customer_id'],
    },
  })

/** How many of those asked for are known: all but those that are named as not found. */
export const toKnown = (answer: Answer, asked: number): number => {
  const { status, data } = expectObject(answer, 'the body', answer.body)
  if (status !== 'success') unexpectedShape(answer, 'status', '"success"')
  const { users, users_not_found } = expectObject(answer, 'data', data)
  const found = expectList(answer, 'data.users', users).length
  const missing = expectList(answer, 'data.users_not_found', users_not_found).length
  // Two ids may belong to one user, so found may be fewer than known; but nobody is known of whom nothing is shown.
  if (missing > asked || found > asked - missing || (found === 0 && missing < asked))
    unexpectedShape(answer, 'data', 'about the users that were asked for')
  return asked - missing
}

/** Body of a create. Ids only: a filter's `name` is a label that goes stale. */
export const encodeSendable = (definition: SendableDefinition): Uint8Array =>
  encodeJson({
    name: definition.name,
    included_filters: toFilterGroup('and', [definition.include]),
    ...(definition.exclude.length > 0 && { excluded_filters: toFilterGroup('or', definition.exclude) }),
  })

/** Body of an update. Exclusions are always written: left out, the old ones might stay. */
export const encodeSendableUpdate = (definition: SendableDefinition): Uint8Array =>
  encodeJson({
    name: definition.name,
    included_filters: toFilterGroup('and', [definition.include]),
    excluded_filters: toFilterGroup('or', definition.exclude),
  })

/** Body of an archive call. When both are sent, the vendor goes by the id. */
export const encodeArchive = ({ name, remoteId }: DestinationSegment): Uint8Array =>
  encodeJson({ name, cs_id: remoteId })

/** In order, so that one meaning has one encoding. Whoever is in any of the excluded segments is left out: `or`. */
const toFilterGroup = (operator: 'and' | 'or', ids: readonly string[]) => ({
  filter_operator: operator,
  filters: [...ids].sort(compareText).map(id => ({ filter_type: 'custom_segments', id })),
})

/** Every segment of the workspace, whatever its kind. */
export const toSegments = (answer: Answer): readonly DestinationSegment[] => {
  const { data } = expectObject(answer, 'the body', answer.body)
  return expectList(answer, 'data', data).map(value => {
    const { id, name } = expectObject(answer, 'data[]', value)
    return { remoteId: expectId(answer, 'data[].id', id), name: expectText(answer, 'data[].name', name) }
  })
}

/** The id of a segment that was just created. */
export const toCreatedId = (answer: Answer): string => {
  const { data } = expectObject(answer, 'the body', answer.body)
  return expectId(answer, 'data.id', expectObject(answer, 'data', data).id)
}

/** A sendable segment read by id, or undefined when the answer is a list without it. */
export const toSendable = (answer: Answer, remoteId: string): ObservedSendable | undefined => {
  const segment = findOne(answer, remoteId)
  if (!segment) return undefined
  const name = expectText(answer, 'data.name', segment.name)
  // An older edition answers by id as it lists: without filters. That is not read, which is not the same as foreign.
  const included = readGroup(answer, 'data.included_filters', segment.included_filters)
  const excluded = isAbsent(segment.excluded_filters)
    ? { operator: 'or', ids: [] }
    : readGroup(answer, 'data.excluded_filters', segment.excluded_filters)

  const [include, ...others] = included.ids ?? []
  if (include === undefined || others.length > 0 || !excluded.ids) return { kind: 'foreign', name }
  const exclude = [...new Set(excluded.ids)].sort(compareText)
  // Of one filter, "all" and "any" are the same. Of several, "all" would let nearly everybody through.
  if (exclude.length > 1 && excluded.operator !== 'or') return { kind: 'foreign', name }
  return { kind: 'sendable', name, include, exclude }
}

/** Two editions of one answer: the segment itself, and a list of it. */
const findOne = (answer: Answer, remoteId: string): JsonObject | undefined => {
  const { data } = expectObject(answer, 'the body', answer.body)
  if (Array.isArray(data)) return data.filter(isObject).find(({ id }) => id === remoteId)
  const segment = expectObject(answer, 'data', data)
  return segment.id === remoteId ? segment : unexpectedShape(answer, 'data.id', 'the id that was asked for')
}

/** `ids` is undefined when the group holds anything but plain uses of other segments. */
interface FilterGroup {
  readonly operator: string
  readonly ids: readonly string[] | undefined
}

const readGroup = (answered: Answered, field: string, value: unknown): FilterGroup => {
  const group = expectObject(answered, field, value)
  const filters = expectList(answered, `${field}.filters`, group.filters)
  const ids = filters.map(readSegmentUse).filter(id => id !== undefined)
  return {
    operator: expectText(answered, `${field}.filter_operator`, group.filter_operator),
    ids: ids.length === filters.length ? ids : undefined,
  }
}

/** Labels, `category` and a spelled-out `negate: false` come and go between editions, and mean nothing. */
const readSegmentUse = (filter: unknown): string | undefined => {
  if (!isObject(filter) || filter.filter_type !== 'custom_segments') return undefined
  if (!isAbsent(filter.negate) && filter.negate !== false) return undefined
  return typeof filter.id === 'string' && filter.id !== '' ? filter.id : undefined
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null
