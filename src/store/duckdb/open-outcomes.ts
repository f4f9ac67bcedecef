import type { Direction } from '../../model/membership.ts'
import type { NamedValues } from './bind.ts'
import type { Statements } from './connection.ts'
import { runBound } from './ledger-rows.ts'

/** A query that gives distinct identifiers, with its values by name. */
export interface Identifiers {
  readonly query: string
  readonly values: NamedValues
}

/** Attempts of one call: which way, and when it was about to be made. */
export interface Attempt {
  readonly audience: string
  readonly direction: Direction
  readonly at: string
}

/** Writes down that a call is about to be made. */
export const openAttempts = (
  inner: Statements,
  attempt: Attempt,
  { query, values }: Identifiers,
): Promise<void> =>
  runBound(
    inner,
    `INSERT INTO unsettled (audience, identifier, direction, attempted_at)
     SELECT $audience, *, $direction, $at::TIMESTAMP FROM (${query})`,
    { ...values, ...attempt },
  )

/** A refusal answers its own attempt only: another one may have been taken. */
export const withdrawAttempts = (
  inner: Statements,
  attempt: Attempt,
  { query, values }: Identifiers,
): Promise<void> =>
  runBound(
    inner,
    `DELETE FROM unsettled WHERE rowid IN (
       SELECT max(rowid) FROM unsettled
       WHERE audience = $audience AND direction = $direction AND attempted_at = $at::TIMESTAMP
         AND identifier IN (${query})
       GROUP BY identifier
     )`,
    { ...values, ...attempt },
  )

/** An acceptance answers every open attempt. */
export const closeAttempts = (
  inner: Statements,
  audience: string,
  { query, values }: Identifiers,
): Promise<void> =>
  runBound(inner, `DELETE FROM unsettled WHERE audience = $audience AND identifier IN (${query})`, {
    ...values,
    audience,
  })

/** Doubt is no call on its way: it holds nothing back, so it is as old as can be. */
export const doubtAll = (inner: Statements, audience: string): Promise<void> =>
  runBound(
    inner,
    `INSERT INTO unsettled (audience, identifier, direction, attempted_at)
     SELECT DISTINCT $audience, identifier, 'add', TIMESTAMP '1970-01-01'
     FROM ledger WHERE audience = $audience ORDER BY identifier`,
    { audience },
  )
