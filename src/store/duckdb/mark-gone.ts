import type { NamedValues, Statements } from '../sql/statements.ts'

/** By person: the engine reads that one column of the ledger in no time. */
export const markGone = async (inner: Statements, missing: string, values: NamedValues): Promise<void> =>
  void (await inner.run(
    `UPDATE ledger SET leaving_since = $at::TIMESTAMP
     WHERE audience = $audience AND leaving_since IS NULL
       AND person IN (SELECT person FROM ${missing} m WHERE is_new)`,
    values,
  ))
