import type { DuckDBValue } from '@duckdb/node-api'

/** Values by name that a statement may use. */
export type NamedValues = Readonly<Record<string, DuckDBValue>>

/** Those of the values that the statement names: the engine refuses any other. */
export const bind = (sql: string, values: NamedValues): Record<string, DuckDBValue> =>
  Object.fromEntries(
    Object.entries(values).filter(([name]) => new RegExp(`\\$${name}(?![A-Za-z0-9_])`).test(sql)),
  )
