import type { ExitRule } from '../model/audience.ts'
import { unreachable } from '../model/invariant.ts'
import type { HoldReason } from '../model/membership.ts'
import type { Instant } from '../model/time.ts'

/** What is known of a member whom the source no longer has. */
export interface LeaverFacts {
  /** When they entered the cohort: the earliest of their rows in the ledger. */
  readonly enteredAt: Instant
  /** The first complete read that no longer had them. Absent: it is the one that is being judged. */
  readonly leavingSince?: Instant
}

/** Why a leaver stays, and until when. */
export interface Retention {
  readonly reason: Extract<HoldReason, 'sticky' | 'keep'>
  /** The first moment at which they no longer stay. Absent: they stay for good. */
  readonly heldUntil?: Instant
}

/**
 * Says whether a member stays whom the source no longer has. Undefined: they leave. The limit itself is outside: who is
 * held for a day from noon on leaves at noon. The engine of each store says the same for all members at once.
 */
export const retainMember = (exit: ExitRule, leaver: LeaverFacts, now: Instant): Retention | undefined => {
  switch (exit.kind) {
    case 'remove':
      return undefined
    case 'keep':
      return { reason: 'keep' }
    case 'sticky': {
      const since = exit.from === 'entry' ? leaver.enteredAt : (leaver.leavingSince ?? now)
      const heldUntil = addDuration(since, exit.forMs)
      return heldUntil > now ? { reason: 'sticky', heldUntil } : undefined
    }
    default:
      return unreachable(exit)
  }
}

/** That somebody left too short a time ago. */
export interface ReentryBar {
  readonly reason: 'no-reentry'
  /** The first moment at which they may come back. */
  readonly until: Instant
}

/**
 * Says whether a person who has no row in the ledger is kept out for now. Undefined: they may come in. `removedAt` is when
 * they were last removed from the cohort; absent when they never were, as far as is remembered.
 */
export const barReentry = (
  exit: ExitRule,
  removedAt: Instant | undefined,
  now: Instant,
): ReentryBar | undefined => {
  if (exit.kind !== 'sticky' || exit.noReentryForMs === undefined || removedAt === undefined) return undefined
  const until = addDuration(removedAt, exit.noReentryForMs)
  return until > now ? { reason: 'no-reentry', until } : undefined
}

/** Later instants than this one would no longer sort as text. */
const END_OF_TIME_MS = Date.parse('9999-12-31T23:59:59.999Z')

const addDuration = (from: Instant, durationMs: number): Instant =>
  new Date(Math.min(Date.parse(from) + durationMs, END_OF_TIME_MS)).toISOString()
