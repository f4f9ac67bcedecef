/** Who refused. `store` and `config` are ours to reach, the first two are vendors. */
export type FailureOrigin = 'customerio' | 'moengage' | 'github' | 'webhook' | 'store' | 'config' | 'cli'

/**
 * A refusal by the world, already free of credentials and of people's identifiers: whoever builds one redacts
 * first, so that it may be printed, logged and journalled anywhere.
 */
export interface Failure {
  readonly origin: FailureOrigin
  /** Stable, for example `provider/auth`, `provider/rate-limit`, `store/busy`. */
  readonly code: string
  readonly detail: string
  readonly hint?: string
  /** The same call may succeed later, unchanged. */
  readonly retryable: boolean
  /** How long the vendor asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number
  /** The call may have taken effect although no answer came. Only ever set on writes. */
  readonly outcomeUnknown?: boolean
  readonly status?: number
  /** The object that stands in the way, when the vendor named it. `name` only where it is the whole name, unaltered. */
  readonly conflict?: { readonly remoteId: string; readonly name?: string }
}

/** Carries a `Failure` through code that has no other way out. */
export class FailureError extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(`${failure.code}: ${failure.detail}`)
    this.name = 'FailureError'
    this.failure = failure
  }
}

/** Throws a failure. Reads as a sentence at the call site and narrows like any `never`. */
export const fail = (failure: Failure): never => {
  throw new FailureError(failure)
}

/** The failure inside an error, or undefined when the error is a bug of ours. */
export const failureOf = (error: unknown): Failure | undefined =>
  error instanceof FailureError ? error.failure : undefined
