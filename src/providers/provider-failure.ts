import type { Failure, FailureOrigin } from '../model/failure.ts'
import { PROVIDER_CODES, type ProviderCode } from './failure-codes.ts'

/** What is known of a failed call. Everything here may be printed: it passed `redact.ts`, or is ours. */
export interface FailureFacts {
  readonly origin: FailureOrigin
  readonly code: ProviderCode
  readonly detail: string
  readonly hint?: string | undefined
  readonly status?: number | undefined
  readonly retryAfterMs?: number | undefined
  readonly outcomeUnknown?: boolean
  readonly conflict?: Failure['conflict'] | undefined
  /** False for a write that must not be sent twice and may have been taken. */
  readonly mayRepeat?: boolean
}

/** Makes a `Failure` whose `retryable` follows from its code, unless repeating could do harm. */
export const buildFailure = ({
  origin,
  code,
  detail,
  hint,
  status,
  retryAfterMs,
  outcomeUnknown = false,
  conflict,
  mayRepeat = true,
}: FailureFacts): Failure => ({
  origin,
  code,
  detail,
  retryable: PROVIDER_CODES[code].isRetryable && mayRepeat,
  ...(hint === undefined ? {} : { hint }),
  ...(status === undefined ? {} : { status }),
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  ...(outcomeUnknown ? { outcomeUnknown } : {}),
  ...(conflict === undefined ? {} : { conflict }),
})
