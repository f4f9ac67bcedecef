import { RequestError } from 'octokit'
import { type Failure, FailureError } from '../model/failure.ts'

/** Status of a refusal by GitHub. Undefined when no answer came, or the error is none of a request. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof RequestError && error.response !== undefined ? error.status : undefined

/** Whether the same request may succeed later, and may have taken effect all the same. */
export const isPassing = (error: unknown): boolean => {
  const status = statusOf(error)
  return status === undefined ? isOfNetwork(error) : status >= 500
}

/** A refusal as a failure. GitHub's own words are left out: they repeat what was sent. Bugs stay bugs. */
const describeRefusal = (doing: string, error: unknown): FailureError => {
  const status = statusOf(error)
  if (status === undefined && !isOfNetwork(error)) throw error
  const [code, hint] = explain(status)
  const how = status === undefined ? 'did not answer' : `answered ${status}`
  return new FailureError({
    origin: 'github',
    code,
    detail: `GitHub ${how} when asked to ${doing}.`,
    hint,
    retryable: isPassing(error),
    ...(status === undefined ? {} : { status }),
  })
}

/** Does something on GitHub; a refusal becomes a failure that says what was tried. */
export const asking = async <T>(doing: string, ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask()
  } catch (error) {
    throw describeRefusal(doing, error)
  }
}

/** No connection, or one that broke before or amid the answer. */
const isOfNetwork = (error: unknown): boolean =>
  error instanceof RequestError || (error instanceof TypeError && error.message === 'terminated')

const explain = (status: number | undefined): readonly [Failure['code'], string] => {
  switch (status) {
    case 401:
      return ['github/auth', 'give the action a token that is valid']
    case 403:
    case 429:
      return [
        'github/forbidden',
        "name the permission in the job's `permissions`, or wait: the rate may be used up",
      ]
    case 404:
      return ['github/not-found', "check repository and number, and the job's `permissions`"]
    case 410:
      return ['github/gone', 'turn on what the repository has turned off, such as its issues']
    case 422:
      return ['github/refused', 'report this: what was sent is not what GitHub takes']
    default:
      return ['github/unavailable', 'run the job again']
  }
}
