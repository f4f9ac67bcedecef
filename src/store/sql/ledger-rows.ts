import type { NamedValues, Statements } from './statements.ts'

/**
 * Takes rows into the ledger: a query that gives `person`, `identifier`, `entered_at`, NULL of whoever enters at `$at`,
 * and `is_second`. What is empty in nearly all rows is NULL, so that an engine can skip it, or keep a small index of the others. Answers how
 * many rows it were.
 */
export const enterRows = (inner: Statements, query: string, values: NamedValues): Promise<number> =>
  inner.run(
    `INSERT INTO ledger (audience, person, identifier, entered_at, folded, is_second)
     SELECT $audience, person, identifier, coalesce(entered_at, $at::${inner.engine.time}),
            nullif(${inner.engine.fold('identifier')}, identifier), nullif(is_second, false)
     FROM (${query}) entering`,
    values,
  )
