import type { Audience } from '../model/audience.ts'
import type { MembershipRules } from '../model/membership.ts'
import { DAY_MS, type Instant, MINUTE_MS } from '../model/time.ts'

/**
 * An identifier that MoEngage refused by itself is left out for so long. Nothing tells us when it would be taken, so it
 * is tried again with the first sync after that: once a week costs a bisection, for ever would cost the person.
 */
export const REJECTED_FOR_MS = 7 * DAY_MS

/**
 * A call without an answer may still be on its way, or wait in MoEngage's queue, and a contrary one sent meanwhile could
 * overtake it. How long that can take is documented nowhere. Counted from the end of the last attempt, 15 minutes is the
 * shortest cadence at which a partner is known to send contrary calls for the same person.
 * Source: MoEngage fact sheet, sections 7 (Mixpanel's cadence) and 8 (ordering of adds and removes).
 */
export const UNSETTLED_FOR_MS = 15 * MINUTE_MS

/** What decides who belongs to an audience's cohort at this moment. `testers`: the workspace's own people. */
export const rulesOf = (
  { exit, rollout }: Pick<Audience, 'exit' | 'rollout'>,
  { testers, now }: { readonly testers: readonly string[]; readonly now: Instant },
): MembershipRules => ({
  exit,
  stage: rollout.stage,
  holdoutPercent: rollout.holdoutPercent,
  testers,
  now,
  rejectedSince: before(now, REJECTED_FOR_MS),
  unsettledSince: before(now, UNSETTLED_FOR_MS),
})

const before = (now: Instant, ms: number): Instant => new Date(Date.parse(now) - ms).toISOString()
