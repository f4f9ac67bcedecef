import { bind, type NamedValues } from './bind.ts'
import type { Statements } from './connection.ts'
import { fold } from './fold.ts'

/** Runs one statement with those of the values that it names. */
export const runBound = (inner: Statements, sql: string, values: NamedValues): Promise<void> =>
  inner.run(sql, bind(sql, values))

/** The same, and answers how many rows it changed. */
export const changeRows = async (inner: Statements, sql: string, values: NamedValues): Promise<number> => {
  const [row] = await inner.readRows(sql, bind(sql, values))
  return Number(row?.Count ?? 0)
}

/**
 * Takes rows into the ledger: a query that gives `person`, `identifier`, `entered_at`, NULL of whoever enters at `$at`,
 * and `is_second`. What is empty in nearly all rows is NULL, so that the engine can skip it.
 */
export const enterRows = (inner: Statements, query: string, values: NamedValues): Promise<void> =>
  runBound(
    inner,
    `INSERT INTO ledger (audience, person, identifier, entered_at, folded, is_second)
     SELECT $audience, person, identifier, coalesce(entered_at, $at::TIMESTAMP),
            nullif(${fold('identifier')}, identifier), nullif(is_second, false)
     FROM (${query})`,
    values,
  )
