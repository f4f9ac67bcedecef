import type { Direction } from '../../model/membership.ts'
import type { NamedValues, Statements } from './statements.ts'

/** A query that gives distinct identifiers as `identifier`, with its values by name. */
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
  { audience, direction, at }: Attempt,
  { query, values }: Identifiers,
): Promise<number> =>
  inner.run(
    `INSERT INTO unsettled (audience, identifier, direction, attempted_at)
     SELECT $audience, identifier, $direction, $at::${inner.engine.time} FROM (${query}) i`,
    { ...values, audience, direction, at },
  )

/** A refusal answers its own attempt only: another one may have been taken. */
export const withdrawAttempts = (
  inner: Statements,
  { audience, direction, at }: Attempt,
  { query, values }: Identifiers,
): Promise<number> =>
  inner.run(
    `DELETE FROM unsettled WHERE ${inner.engine.arrival} IN (
       SELECT max(u.${inner.engine.arrival}) FROM unsettled u JOIN (${query}) i ON i.identifier = u.identifier
       WHERE u.audience = $audience AND u.direction = $direction AND u.attempted_at = $at::${inner.engine.time}
       GROUP BY u.identifier
     )`,
    { ...values, audience, direction, at },
  )

/** An acceptance answers every open attempt. */
export const closeAttempts = (
  inner: Statements,
  audience: string,
  { query, values }: Identifiers,
): Promise<number> =>
  inner.run(
    `DELETE FROM unsettled u USING (${query}) i WHERE u.audience = $audience AND u.identifier = i.identifier`,
    { ...values, audience },
  )

/** Doubt is no call on its way: it holds nothing back, so it is as old as can be. */
export const doubtAll = (inner: Statements, audience: string): Promise<number> =>
  inner.run(
    `INSERT INTO unsettled (audience, identifier, direction, attempted_at)
     SELECT DISTINCT $audience, identifier, 'add', '1970-01-01T00:00:00.000Z'::${inner.engine.time}
     FROM ledger WHERE audience = $audience ORDER BY identifier`,
    { audience },
  )
