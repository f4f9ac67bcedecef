import { exampleOf, type Operation } from './description.ts'
import type { GithubState } from './state.ts'

export interface Given {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
  readonly url: string
}

export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly bytes?: Buffer
  readonly headers?: Readonly<Record<string, string>>
}

export type Handler = (state: GithubState, given: Given) => Answer

export interface Route extends Operation {
  readonly handler: Handler
}

/** GitHub counts characters, and says 422 to more. */
export const MOST_CHARACTERS = 65_536

export const tooLong: Answer = {
  status: 422,
  body: { message: 'Validation Failed', errors: [{ code: 'custom', message: 'body is too long' }] },
}

/** Whether a text of a request is more than GitHub takes. */
export const isTooLong = (value: unknown, most = MOST_CHARACTERS): boolean =>
  typeof value === 'string' && value.length > most

/** What stands in the description's example where a test does not care. */
export const fill = (
  operation: Operation,
  status: number,
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => {
  const example = exampleOf(operation, status)
  return { ...(Array.isArray(example) ? (example[0] as object) : example), ...values }
}

/** One page, and the link to the next, as GitHub gives them. */
export const page = (rows: readonly unknown[], { query, url }: Given): Answer => {
  const size = Number(query.per_page ?? 30)
  const number = Number(query.page ?? 1)
  const next = new URL(url)
  next.searchParams.set('page', String(number + 1))
  return {
    status: 200,
    body: rows.slice((number - 1) * size, number * size),
    ...(rows.length > number * size ? { headers: { link: `<${next}>; rel="next"` } } : {}),
  }
}

/** A user of the description's example, by another name. */
export const aUser = (login: string): Readonly<Record<string, unknown>> => {
  const comment = exampleOf(
    { method: 'GET', path: '/repos/{owner}/{repo}/issues/{issue_number}/comments' },
    200,
  )
  const [first] = comment as unknown as readonly { readonly user: object }[]
  return { ...first?.user, login }
}

/** The author of what the token writes. */
export const AUTHOR = 'github-actions[bot]'

export const notFound: Answer = { status: 404, body: { message: 'Not Found' } }
