import { type FailureOrigin, fail } from '../model/failure.ts'
import { buildFailure } from './provider-failure.ts'

/** Whose answer is being read, so that a surprise in it can say where it was. */
export interface Answered {
  readonly origin: FailureOrigin
  readonly title: string
  /** `GET /v1/segments` */
  readonly call: string
  readonly isWrite: boolean
}

export type JsonObject = Readonly<Record<string, unknown>>

/** Refuses an answer by the name of the field that is wrong. Never tells the value: it may be a person's. */
export const unexpectedShape = (answered: Answered, field: string, expected: string): never =>
  fail(
    buildFailure({
      origin: answered.origin,
      code: 'provider/unexpected-shape',
      detail: `${answered.title}: in the answer to ${answered.call}, "${field}" is not ${expected}.`,
      hint: 'the vendor may have changed its API, or base_url may point at something else',
      outcomeUnknown: answered.isWrite,
    }),
  )

export const expectObject = (answered: Answered, field: string, value: unknown): JsonObject =>
  isObject(value) ? value : unexpectedShape(answered, field, 'an object')

export const expectList = (answered: Answered, field: string, value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : unexpectedShape(answered, field, 'a list')

export const expectText = (answered: Answered, field: string, value: unknown): string =>
  typeof value === 'string' ? value : unexpectedShape(answered, field, 'text')

/** A text that names something, so not the empty one. */
export const expectId = (answered: Answered, field: string, value: unknown): string =>
  typeof value === 'string' && value !== '' ? value : unexpectedShape(answered, field, 'a text with an id')

export const expectCount = (answered: Answered, field: string, value: unknown): number =>
  isCount(value) ? value : unexpectedShape(answered, field, 'a whole number')

/** True for JSON's objects, false for its lists and null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
