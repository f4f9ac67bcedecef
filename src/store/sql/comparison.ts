import type { AudienceId } from '../../model/audience.ts'
import type { MembershipRules } from '../../model/membership.ts'
import type { DeltaTable, TableSet, Tables } from './delta-tables.ts'
import type { Engine } from './engine.ts'
import { toRuleValues } from './rule-sql.ts'
import type { NamedValues, Statements } from './statements.ts'

/** What was read: rows of a file, and ledgers that were appended as a whole. */
export interface ReadSource {
  readonly path: string
  readonly rows: number
  readonly recordedKeys: readonly string[]
}

/** True where somebody may be wanted under several identifiers: both were accepted under another key. */
export const isEveryPairWanted = ({ recordedKeys }: ReadSource): boolean => recordedKeys.length > 0

/** True when nothing was appended at all. */
export const isNobody = ({ rows, recordedKeys }: ReadSource): boolean => rows + recordedKeys.length === 0

/** One comparison of what was read with a ledger, under way inside one transaction. */
export interface Comparison {
  readonly engine: Engine
  readonly source: ReadSource
  readonly rules: MembershipRules | undefined
  readonly again: boolean
  readonly tables: Tables<DeltaTable>
  /** Rows of each table so far. What follows from nobody is not asked for. */
  readonly sizes: Readonly<Record<DeltaTable, number>>
  /** Puts the rows of a query into a table. The query may name any value of the rules. */
  fill(table: DeltaTable, query: string): Promise<void>
  /** Lets a query stand for a table that would only repeat others. Nothing can be filled in after it. */
  stand(table: DeltaTable, query: string, rows: number): void
  /** Runs queries that give one number each. */
  count<Name extends string>(queries: Readonly<Record<Name, string>>): Promise<Record<Name, number>>
  /** Runs a query that gives names and numbers. */
  countEach(query: string): Promise<Readonly<Record<string, number>>>
}

/** Whose ledger is compared with what, and how. */
export interface ComparisonTerms extends Pick<Comparison, 'source' | 'rules' | 'again'> {
  readonly audience: AudienceId
  readonly set: TableSet
  /** Told of every table that got rows. */
  readonly onGrown?: (name: string, rows: number) => Promise<void>
}

/** Readies a comparison. Its statements see one moment of the ledger as long as the transaction goes on. */
export const beginComparison = (inner: Statements, terms: ComparisonTerms): Comparison => {
  const { audience, source, rules, again, set } = terms
  const values: NamedValues = {
    audience,
    path: source.path,
    recordedKeys: source.recordedKeys,
    ...(rules ? toRuleValues(rules) : {}),
  }
  const countEach = async (query: string): Promise<Readonly<Record<string, number>>> => {
    const rows = await inner.readRows(`SELECT name, number FROM (${query}) numbers(name, number)`, values)
    return Object.fromEntries(rows.map(({ name, number }) => [String(name), Number(number)]))
  }
  return {
    engine: inner.engine,
    source,
    rules,
    again,
    tables: set.tables,
    sizes: set.sizes,
    fill: async (table, query) => {
      const name = set.nameOf(table)
      const rows = await inner.run(
        set.has(table) ? `INSERT INTO ${name} ${query}` : `CREATE TEMP TABLE ${name} AS ${query}`,
        values,
      )
      set.grow(table, rows)
      await terms.onGrown?.(name, rows)
    },
    stand: set.stand,
    count: async queries => {
      const named = Object.entries<string>(queries).map(([name, query]) => `SELECT '${name}', (${query})`)
      // Each query has its name and gives a number.
      return (await countEach(named.join(' UNION ALL '))) as Record<keyof typeof queries, number>
    },
    countEach,
  }
}
