import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { EmulatorContext } from '../http.ts'
import { hashLetters } from '../random.ts'

// Error envelopes. The App API has {errors:[{detail,status}]} with the status as text; the Track API has
// {meta:{errors:[text]}} for a 400, and nothing documented for a 401, for which the same form is chosen.

/** Makes the vendor's error answers, each with a reference of its own. */
export interface CustomerioAnswers {
  app(
    c: EmulatorContext,
    status: number,
    problem: { detail: string; code?: string; pointer?: string },
  ): Response
  track(c: EmulatorContext, status: number, detail: string): Response
}

/** Error answers whose references depend on the seed and their number only. */
export const createAnswers = (seed: number): CustomerioAnswers => {
  let count = 0
  return {
    app: (c, status, { detail, code, pointer }) => {
      count += 1
      const error = {
        detail: `${detail} (reference ${hashLetters(seed, count, 6).toLowerCase()})`,
        status: String(status),
        ...(code === undefined ? {} : { code }),
        ...(pointer === undefined ? {} : { source: { pointer } }),
      }
      return c.json({ errors: [error] }, status as ContentfulStatusCode) // a fault may name any status
    },
    track: (c, status, detail) => c.json({ meta: { errors: [detail] } }, status as ContentfulStatusCode),
  }
}
