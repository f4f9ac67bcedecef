import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { EmulatorContext } from '../http.ts'
import { hashLetters } from '../random.ts'

/** The three forms in which this vendor says no, one for each family of endpoints. */
export interface MoEngageAnswers {
  /** Data family (cohort sync, users): `{status, error: {attribute?, message, type, request_id}}`. */
  data(
    c: EmulatorContext,
    status: number,
    error: { type: string; message: string; attribute?: string },
  ): Response
  /** v3 segments: `{response_id, type, error: {code, message, …}}`. */
  segment(c: EmulatorContext, status: number, error: SegmentError): Response
  /** v2 segments: `{title, description}`. */
  legacy(c: EmulatorContext, status: number, title: string, description: string): Response
  /** The id that a good answer carries. */
  nextReference(): string
}

/** What a v3 error says; the extra keys come with the conflicts and the limits that have them. */
export interface SegmentError {
  code: string
  message: string
  existing_cs_name?: string
  existing_cs_id?: string
  actual_count?: number
  limit?: number
}

/** Error answers whose references depend on the seed and their number only. */
export const createAnswers = (seed: number): MoEngageAnswers => {
  let count = 0
  const nextReference = (): string => {
    count += 1
    return hashLetters(seed, count, 8)
  }
  // The casts: a fault may name any status, the type lists the known ones.
  return {
    nextReference,
    data: (c, status, error) =>
      c.json(
        { status: 'fail', error: { ...error, request_id: nextReference() } },
        status as ContentfulStatusCode,
      ),
    segment: (c, status, error) =>
      c.json({ response_id: nextReference(), type: 'custom_segment', error }, status as ContentfulStatusCode),
    legacy: (c, status, title, description) => c.json({ title, description }, status as ContentfulStatusCode),
  }
}

/** Malformed JSON, in the words of the data family. */
export const MALFORMED_JSON = {
  type: 'Malformed JSON',
  message: 'Could not decode the request body. The JSON was incorrect or not encoded as UTF-8.',
} as const

/** A missing attribute, in the words of the data family. */
export const missingAttribute = (attribute: string) => ({
  attribute,
  message: `${attribute} is not found in the payload`,
  type: 'MissingAttributeError',
})
