import type { Assertion, AssertionReason } from '../model/recorded.ts'
import type { Instant } from '../model/time.ts'

export interface AssertionFacts {
  /** How far the latest one came. Absent: there was none yet. */
  readonly assertion?: Assertion
  /** When the cohort was recorded: who was sent since then needs no repetition yet. */
  readonly recordedAt: Instant
  readonly now: Instant
  readonly everyMs: number
  /** A person wants it now. */
  readonly isAsked: boolean
}

/**
 * Why all members of a cohort are sent again now, or undefined when they are not. Merged and deleted users, and archived
 * cohorts, lose members without a word; nothing but sending them again brings them back.
 */
export const chooseAssertion = ({
  assertion,
  recordedAt,
  now,
  everyMs,
  isAsked,
}: AssertionFacts): AssertionReason | undefined => {
  if (isAsked) return 'asked'
  if (assertion?.startedAt !== undefined) return assertion.reason ?? 'interval'
  const since = assertion?.completedAt ?? recordedAt
  return Date.parse(now) - Date.parse(since) >= everyMs ? 'interval' : undefined
}

/**
 * Whether it goes on where an earlier run left it. What a person asks for begins anew, unless it was asked for before
 * and not finished.
 */
export const isUnderWay = (assertion: Assertion | undefined, reason: AssertionReason): boolean =>
  assertion?.startedAt !== undefined && (reason !== 'asked' || assertion.reason === 'asked')
