import type { Failure } from '../model/failure.ts'
import { MINUTE_MS } from '../model/time.ts'
import type { ProviderCode } from './failure-codes.ts'

/** What to do after a failed attempt. */
export type Step = { readonly kind: 'wait'; readonly ms: number } | { readonly kind: 'give-up' }

interface Patience {
  /** Attempts in all, the first one included. */
  readonly attempts: number
  readonly baseMs: number
}

const PATIENCE: Patience = { attempts: 5, baseMs: 1_000 }

/** Codes that deserve another patience than most. */
const SPECIAL: Partial<Record<ProviderCode, Patience>> = {
  // A window of a minute has to pass: 2 + 4 + 8 + 16 + 32 seconds do, without a word from the vendor.
  'provider/rate-limit': { attempts: 6, baseMs: 2_000 },
  'provider/quota': { attempts: 3, baseMs: 2_000 },
  'provider/not-json': { attempts: 3, baseMs: 1_000 },
}

const LONGEST_BACKOFF_MS = 30_000

/** Asked to wait longer than this, we stop instead: coming back sooner than asked would only be refused again. */
export const LONGEST_ASKED_WAIT_MS = 5 * MINUTE_MS

const GIVE_UP: Step = { kind: 'give-up' }

/**
 * Decides after attempt number `attempt` (from 1) failed. `jitter` is in [0, 1): between half and all of the backoff is
 * waited, so that workers that failed together do not come back together. Never less than the vendor asked for.
 */
export const nextStep = (attempt: number, failure: Failure, jitter: number): Step => {
  if (!failure.retryable) return GIVE_UP
  const { attempts, baseMs } = patienceFor(failure.code)
  if (attempt >= attempts) return GIVE_UP
  const askedMs = failure.retryAfterMs ?? 0
  if (askedMs > LONGEST_ASKED_WAIT_MS) return GIVE_UP
  const backoffMs = Math.min(baseMs * 2 ** (attempt - 1), LONGEST_BACKOFF_MS)
  return { kind: 'wait', ms: Math.ceil(Math.max(askedMs, backoffMs * (0.5 + jitter / 2))) }
}

const patienceFor = (code: string): Patience => (SPECIAL as Record<string, Patience>)[code] ?? PATIENCE
