import { unreachable } from '../../model/invariant.ts'
import type { MembershipRules } from '../../model/membership.ts'
import type { Instant } from '../../model/time.ts'
import type { NamedValues } from './bind.ts'

/** What rules come to as values of statements. Limits in time are turned into the moment that they reach back to. */
export const toRuleValues = ({ exit, stage, ...rules }: MembershipRules): NamedValues => ({
  rejectedSince: rules.rejectedSince,
  unsettledSince: rules.unsettledSince,
  canaryBelow: stage.kind === 'canary' ? stage.percent * BUCKETS_PER_PERCENT : BUCKETS,
  holdoutBelow: rules.holdoutPercent * BUCKETS_PER_PERCENT,
  ...(exit.kind === 'sticky' ? { heldSince: goBack(rules.now, exit.forMs) } : {}),
  ...(exit.kind === 'sticky' && exit.noReentryForMs !== undefined
    ? { departedSince: goBack(rules.now, exit.noReentryForMs) }
    : {}),
})

/** True of rules that keep out whoever left lately. */
export const hasReentryBar = (rules: MembershipRules | undefined): boolean =>
  rules?.exit.kind === 'sticky' && rules.exit.noReentryForMs !== undefined

/** Nothing is as old as the epoch, so that a stay without an end needs no earlier moment. */
const goBack = (now: Instant, ms: number): Instant =>
  new Date(Math.max(0, Date.parse(now) - ms)).toISOString()

const BUCKETS_PER_PERCENT = 100
const BUCKETS = 100 * BUCKETS_PER_PERCENT

/** 0 to 9,999, drawn for each person: see `membership/stage.ts`, whose fixed vectors hold here too. */
const drawBucket = (text: string): string =>
  `('x' || left(encode(sha256(convert_to(${text}, 'UTF8')), 'hex'), 8))::bit(32)::bigint % ${BUCKETS}`
const CANARY_BUCKET = drawBucket('$audience || chr(10) || person')
const HOLDOUT_BUCKET = drawBucket("'holdout' || chr(10) || $audience || chr(10) || person")

/**
 * Why a row with `person` and `identifier` is not let in at this stage, as an expression that is NULL when it is. Undefined:
 * everybody is. `testers` is their table.
 */
export const stageReason = (rules: MembershipRules | undefined, testers: string): string | undefined => {
  const conditions = rules ? listStageConditions(rules, testers) : []
  if (conditions.length === 0) return undefined
  return `CASE ${conditions.map(({ when, reason }) => `WHEN ${when} THEN '${reason}'`).join(' ')} END`
}

const listStageConditions = ({ stage, holdoutPercent }: MembershipRules, testers: string) => {
  const heldOut = holdoutPercent > 0 ? [{ when: `${HOLDOUT_BUCKET} < $holdoutBelow`, reason: 'holdout' }] : []
  switch (stage.kind) {
    case 'paused':
      return [{ when: 'true', reason: 'stage' }]
    case 'qa':
      return [{ when: `identifier NOT IN (SELECT t.identifier FROM ${testers} t)`, reason: 'stage' }]
    case 'canary':
      return [{ when: `${CANARY_BUCKET} >= $canaryBelow`, reason: 'stage' }, ...heldOut]
    case 'live':
      return heldOut
    default:
      return unreachable(stage)
  }
}

/** Which rows of people whom the source no longer has stay, and by which rule. */
export interface Stay {
  /** A condition on a ledger row, and on `first_entered_at`: when its person entered. */
  readonly condition: string
  readonly reason: 'sticky' | 'keep'
}

/** What the exit rule says of leavers. Undefined: all of them leave. */
export const chooseStay = (rules: MembershipRules | undefined): Stay | undefined => {
  if (!rules) return undefined
  const { exit } = rules
  switch (exit.kind) {
    case 'remove':
      return undefined
    case 'keep':
      return { condition: 'true', reason: 'keep' }
    case 'sticky':
      return {
        condition:
          exit.from === 'entry'
            ? 'first_entered_at > $heldSince::timestamptz'
            : 'coalesce(leaving_since > $heldSince::timestamptz, true)',
        reason: 'sticky',
      }
    default:
      return unreachable(exit)
  }
}
