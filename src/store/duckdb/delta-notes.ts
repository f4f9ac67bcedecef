import type { MembershipRules } from '../../model/membership.ts'
import type { Instant } from '../../model/time.ts'
import type { NamedValues } from './bind.ts'
import type { Statements } from './connection.ts'
import type { TableSet } from './delta-tables.ts'
import { markUncounted } from './ledger-counts.ts'
import { enterRows, runBound } from './ledger-rows.ts'
import { hasReentryBar, toRuleValues } from './rule-sql.ts'

/** Whose delta, by which rules. */
export interface NotedDelta extends Pick<TableSet, 'tables' | 'sizes'> {
  readonly audience: string
  readonly rules: MembershipRules | undefined
}

/** Notes in the ledger who is gone and who is back, and forgets what no longer keeps anybody out. */
export const noteLeavers = async (
  inner: Statements,
  { audience, tables, sizes, rules }: NotedDelta,
  { at, isComplete }: { readonly at: Instant; readonly isComplete: boolean },
): Promise<void> => {
  const values = { audience, at, ...(rules ? toRuleValues(rules) : {}) }
  const isGone = 'audience = $audience AND leaving_since IS NOT NULL'
  if (await isAnyRow(inner, `ledger WHERE ${isGone}`, { audience })) {
    await runBound(
      inner,
      `UPDATE ledger SET leaving_since = NULL
       WHERE ${isGone} AND person NOT IN (SELECT person FROM ${tables.missing})`,
      values,
    )
  }
  if (isComplete && sizes.missing > 0 && (await isAnyRow(inner, `${tables.missing} WHERE is_new`))) {
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

/** Does what needs no call. A row is taken over once: a batch that sends its identifier does not bring it again. */
export const carryRowsOver = async (
  inner: Statements,
  { audience, tables, sizes }: Omit<NotedDelta, 'rules'>,
  at: Instant,
): Promise<void> => {
  const values = { audience, at }
  if (sizes.carried > 0) {
    const isOpen = 'identifier IN (SELECT identifier FROM unsettled WHERE audience = $audience)'
    await enterRows(inner, `SELECT * FROM ${tables.carried} WHERE NOT ${isOpen}`, values)
    await runBound(inner, `DELETE FROM ${tables.carried} WHERE NOT ${isOpen}`, values)
    // Every identifier still has somebody who carries it, unless it came into doubt since it was compared.
    if (await isAnyRow(inner, tables.carried)) await markUncounted(inner, audience)
  }
  if (sizes.handed === 0) return
  await runBound(
    inner,
    `DELETE FROM ledger USING ${tables.handed} h
     WHERE ledger.audience = $audience AND ledger.person = h.person AND ledger.identifier = h.identifier`,
    values,
  )
}

const isAnyRow = async (
  inner: Pick<Statements, 'readRows'>,
  from: string,
  values: Record<string, string> = {},
): Promise<boolean> => (await inner.readRows(`SELECT 1 FROM ${from} LIMIT 1`, values)).length > 0
