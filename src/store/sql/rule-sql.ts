import { unreachable } from '../../model/invariant.ts'
import type { MembershipRules } from '../../model/membership.ts'
import type { Instant } from '../../model/time.ts'
import type { Comparison } from './comparison.ts'
import type { NamedValues } from './statements.ts'

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
const CANARY_TEXT = '$audience || chr(10) || person'
const HOLDOUT_TEXT = "'holdout' || chr(10) || $audience || chr(10) || person"

/**
 * Why a row with `person` and `identifier` is not let in at this stage, as an expression that is NULL when it is. Undefined:
 * everybody is.
 */
export const stageReason = (
  comparison: Pick<Comparison, 'engine' | 'rules' | 'tables'>,
): string | undefined => {
  const { rules } = comparison
  const conditions = rules ? listStageConditions(rules, comparison) : []
  if (conditions.length === 0) return undefined
  return `CASE ${conditions.map(({ when, reason }) => `WHEN ${when} THEN '${reason}'`).join(' ')} END`
}

const listStageConditions = (
  { stage, holdoutPercent }: MembershipRules,
  { engine, tables }: Pick<Comparison, 'engine' | 'tables'>,
) => {
  const draw = (text: string): string => engine.drawBucket(text, BUCKETS)
  const heldOut =
    holdoutPercent > 0 ? [{ when: `${draw(HOLDOUT_TEXT)} < $holdoutBelow`, reason: 'holdout' }] : []
  switch (stage.kind) {
    case 'paused':
      return [{ when: 'true', reason: 'stage' }]
    case 'qa':
      return [{ when: `identifier NOT IN (SELECT t.identifier FROM ${tables.testers} t)`, reason: 'stage' }]
    case 'canary':
      return [{ when: `${draw(CANARY_TEXT)} >= $canaryBelow`, reason: 'stage' }, ...heldOut]
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
export const chooseStay = ({ engine, rules }: Pick<Comparison, 'engine' | 'rules'>): Stay | undefined => {
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
            ? `first_entered_at > $heldSince::${engine.time}`
            : `coalesce(leaving_since > $heldSince::${engine.time}, true)`,
        reason: 'sticky',
      }
    default:
      return unreachable(exit)
  }
}
