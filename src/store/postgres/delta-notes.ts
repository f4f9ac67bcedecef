import type { MembershipRules } from '../../model/membership.ts'
import type { Instant } from '../../model/time.ts'
import type { NamedValues } from './bind.ts'
import type { Statements } from './connection.ts'
import type { KeptTables, TableSet } from './delta-tables.ts'
import { changeSize, recount } from './ledger-counts.ts'
import { enterRows } from './ledger-rows.ts'
import { has, lacks } from './presence.ts'
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
  await inner.run(
    `UPDATE ledger l SET leaving_since = NULL
     WHERE audience = $audience AND leaving_since IS NOT NULL AND ${lacks(tables.missing, 'l', 'person')}`,
    values,
  )
  if (isComplete && sizes.missing > 0) await markGone(inner, tables, values)
  if (rules) await forgetPast(inner, rules, values)
}

const markGone = async (inner: Statements, { missing }: KeptTables, values: NamedValues): Promise<void> => {
  const [counted] = await inner.readRows(`SELECT count(*) AS rows FROM ${missing} m WHERE is_new`)
  const rows = Number(counted?.rows)
  if (rows === 0) return
  const mark = 'UPDATE ledger l SET leaving_since = $at::timestamptz'
  const isUnmarked = 'l.audience = $audience AND l.leaving_since IS NULL'
  const gone = `(SELECT person, place FROM ${missing} m WHERE is_new)`
  const marked = await inner.run(
    `${mark} FROM ${gone} g WHERE l.ctid = g.place AND l.person = g.person AND ${isUnmarked}`,
    values,
  )
  // Rows have moved, or came since.
  if (marked < rows) await inner.run(`${mark} WHERE ${isUnmarked} AND ${has(gone, 'l', 'person')}`, values)
}

const forgetPast = async (inner: Statements, rules: MembershipRules, values: NamedValues): Promise<void> => {
  await inner.run(
    'DELETE FROM rejected WHERE audience = $audience AND rejected_at < $rejectedSince::timestamptz',
    values,
  )
  if (!hasReentryBar(rules)) return
  await inner.run(
    'DELETE FROM departures WHERE audience = $audience AND removed_at <= $departedSince::timestamptz',
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
    isAnyLeft = (await inner.readRows(`SELECT 1 FROM ${tables.carried} c LIMIT 1`)).length > 0
  }
  if (sizes.handed > 0) {
    pairs -= await inner.run(
      `DELETE FROM ledger l USING ${tables.handed} h
       WHERE l.audience = $audience AND l.person = h.person AND l.identifier = h.identifier`,
      values,
    )
  }
  await changeSize(inner, audience, { pairs, members: 0 })
  // Every identifier still has somebody who carries it, unless it came into doubt since it was compared.
  if (isAnyLeft) await recount(inner, audience)
}
