import type { MembershipRules } from '../../model/membership.ts'
import type { Instant } from '../../model/time.ts'
import type { TableSet } from './delta-tables.ts'
import { enterRows } from './ledger-rows.ts'
import { lacks } from './presence.ts'
import { hasReentryBar, toRuleValues } from './rule-sql.ts'
import type { NamedValues, Reads, Statements } from './statements.ts'

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
    // Asked for with IN: one engine reads all of the ledger for EXISTS, another for NOT IN.
    const back = `SELECT person FROM ledger l WHERE ${isGone} AND ${lacks(tables.missing, 'l', 'person')}`
    await inner.run(`UPDATE ledger SET leaving_since = NULL WHERE ${isGone} AND person IN (${back})`, values)
  }
  if (isComplete && sizes.missing > 0 && (await isAnyRow(inner, `${tables.missing} m WHERE is_new`))) {
    await inner.run(
      `UPDATE ledger SET leaving_since = $at::${inner.engine.time}
       WHERE audience = $audience AND leaving_since IS NULL
         AND person IN (SELECT person FROM ${tables.missing} m WHERE is_new)`,
      values,
    )
  }
  if (rules) await forgetPast(inner, rules, values)
}

const forgetPast = async (inner: Statements, rules: MembershipRules, values: NamedValues): Promise<void> => {
  await inner.run(
    `DELETE FROM rejected WHERE audience = $audience AND rejected_at < $rejectedSince::${inner.engine.time}`,
    values,
  )
  if (!hasReentryBar(rules)) return
  await inner.run(
    `DELETE FROM departures WHERE audience = $audience AND removed_at <= $departedSince::${inner.engine.time}`,
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
  let pairs = 0
  let isAnyLeft = false
  if (sizes.carried > 0) {
    const isSettled =
      'NOT EXISTS (SELECT 1 FROM unsettled u WHERE u.audience = $audience AND u.identifier = c.identifier)'
    pairs += await enterRows(inner, `SELECT * FROM ${tables.carried} c WHERE ${isSettled}`, values)
    await inner.run(`DELETE FROM ${tables.carried} c WHERE ${isSettled}`, values)
    isAnyLeft = await isAnyRow(inner, `${tables.carried} c`)
  }
  if (sizes.handed > 0) {
    pairs -= await inner.run(
      `DELETE FROM ledger l USING ${tables.handed} h
       WHERE l.audience = $audience AND l.person = h.person AND l.identifier = h.identifier`,
      values,
    )
  }
  await inner.engine.changeSize(inner, audience, { pairs, members: 0 })
  // Every identifier still has somebody who carries it, unless it came into doubt since it was compared.
  if (isAnyLeft) await inner.engine.recount(inner, audience)
}

const isAnyRow = async (inner: Reads, from: string, values: NamedValues = {}): Promise<boolean> =>
  (await inner.readRows(`SELECT 1 FROM ${from} LIMIT 1`, values)).length > 0
