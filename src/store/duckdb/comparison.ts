import type { AudienceId } from '../../model/audience.ts'
import type { MembershipRules } from '../../model/membership.ts'
import { bind, type NamedValues } from './bind.ts'
import type { Statements } from './connection.ts'
import type { DeltaTables, WorkTables } from './delta-tables.ts'
import { toRuleValues } from './rule-sql.ts'

/** What was read: rows of a file, and ledgers that were appended as a whole. */
export interface ReadSource {
  readonly path: string
  readonly rows: number
  readonly recordedKeys: readonly string[]
}

/** One comparison of what was read with a ledger, under way inside one transaction. */
export interface Comparison {
  readonly inner: Pick<Statements, 'run'>
  readonly audience: AudienceId
  readonly source: ReadSource
  readonly rules: MembershipRules | undefined
  readonly again: boolean
  readonly tables: DeltaTables & WorkTables
  /** Makes a temporary table from a query, which may name any value of the rules. */
  fill(table: string, query: string): Promise<void>
  /** Adds rows to it. */
  add(table: string, query: string): Promise<void>
  /** Reads one row of counts. */
  count<Name extends string>(counts: Readonly<Record<Name, string>>): Promise<Record<Name, number>>
}

/** Readies a comparison. Its statements see one moment of the ledger as long as the transaction goes on. */
export const beginComparison = (
  inner: Statements,
  given: Pick<Comparison, 'audience' | 'source' | 'rules' | 'again' | 'tables'>,
): Comparison => {
  const { audience, source, rules } = given
  const values: NamedValues = {
    audience,
    path: source.path,
    ...(rules ? toRuleValues(rules) : {}),
  }
  const run = (sql: string): Promise<void> => inner.run(sql, bind(sql, values))
  return {
    ...given,
    inner,
    fill: (table, query) => run(`CREATE TEMP TABLE ${table} AS ${query}`),
    add: (table, query) => run(`INSERT INTO ${table} ${query}`),
    count: async counts => {
      const entries = Object.entries<string>(counts)
      const sql = `SELECT ${entries.map(([name, query]) => `(${query})::INTEGER AS ${name}`).join(', ')}`
      const [row] = await inner.readRows(sql, bind(sql, values))
      const found = entries.map(([name]) => [name, Number(row?.[name] ?? 0)])
      // The row has a column for each of the names.
      return Object.fromEntries(found) as Record<keyof typeof counts, number>
    },
  }
}
