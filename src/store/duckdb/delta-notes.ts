import type { MembershipRules } from '../../model/membership.ts'
import type { Instant } from '../../model/time.ts'
import type { NamedValues } from './bind.ts'
import type { Statements } from './connection.ts'
import type { DeltaTables } from './delta-tables.ts'
import { markUncounted } from './ledger-counts.ts'
import { enterRows, runBound } from './ledger-rows.ts'
import { hasReentryBar, toRuleValues } from './rule-sql.ts'

/** Whose delta, by which rules. */
export interface NotedDelta {
  readonly audience: string
  readonly tables: DeltaTables
  readonly rules: MembershipRules | undefined
}

/** Notes in the ledger who is gone and who is back, and forgets what no longer keeps anybody out. */
export const noteLeavers = async (
  inner: Statements,
  { audience, tables, rules }: NotedDelta,
  { at, isComplete }: { readonly at: Instant; readonly isComplete: boolean },
): Promise<void> => {
  const values = { audience, at, ...(rules ? toRuleValues(rules) : {}) }
  await runBound(
    inner,
    `UPDATE ledger SET leaving_since = NULL
     WHERE audience = $audience AND leaving_since IS NOT NULL
       AND person NOT IN (SELECT person FROM ${tables.missing})`,
    values,
  )
  if (isComplete && (await isAnyRow(inner, `${tables.missing} WHERE is_new`))) {
    await runBound(
      inner,
      `UPDATE ledger SET leaving_since = $at::TIMESTAMP
       WHERE audience = $audience AND leaving_since IS NULL
         AND person IN (SELECT person FROM ${tables.missing} WHERE is_new)`,
      values,
    )
  }
  if (rules) await forgetPast(inner, rules, values)
}

const forgetPast = async (inner: Statements, rules: MembershipRules, values: NamedValues): Promise<void> => {
  await runBound(
    inner,
    'DELETE FROM rejected WHERE audience = $audience AND rejected_at < $rejectedSince::TIMESTAMP',
    values,
  )
  if (!hasReentryBar(rules)) return
  await runBound(
    inner,
    'DELETE FROM departures WHERE audience = $audience AND removed_at <= $departedSince::TIMESTAMP',
    values,
  )
}

/** True when rows change hands without a call. */
export const hasQuietMoves = async (
  inner: Pick<Statements, 'readRows'>,
  { carried, handed }: DeltaTables,
): Promise<boolean> => (await isAnyRow(inner, carried)) || (await isAnyRow(inner, handed))

/** Does what needs no call. A row is taken over once: a batch that sends its identifier does not bring it again. */
export const carryRowsOver = async (
  inner: Statements,
  { audience, tables }: Pick<NotedDelta, 'audience' | 'tables'>,
  at: Instant,
): Promise<void> => {
  const values = { audience, at }
  const isOpen = 'identifier IN (SELECT identifier FROM unsettled WHERE audience = $audience)'
  const doubtful = await inner.readRows(`SELECT 1 FROM ${tables.carried} WHERE ${isOpen} LIMIT 1`, {
    audience,
  })
  await enterRows(inner, `SELECT * FROM ${tables.carried} WHERE NOT ${isOpen}`, values)
  await runBound(inner, `DELETE FROM ${tables.carried} WHERE NOT ${isOpen}`, values)
  await runBound(
    inner,
    `DELETE FROM ledger USING ${tables.handed} h
     WHERE ledger.audience = $audience AND ledger.person = h.person AND ledger.identifier = h.identifier`,
    values,
  )
  // Every identifier still has somebody who carries it, unless it came into doubt since it was compared.
  if (doubtful.length > 0) await markUncounted(inner, audience)
}

const isAnyRow = async (inner: Pick<Statements, 'readRows'>, from: string): Promise<boolean> =>
  (await inner.readRows(`SELECT 1 FROM ${from} LIMIT 1`)).length > 0
