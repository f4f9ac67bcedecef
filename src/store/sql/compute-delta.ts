import type { DeltaCounts, MembershipRules } from '../../model/membership.ts'
import { beginComparison, type Comparison, type ReadSource } from './comparison.ts'
import { countDelta } from './count-delta.ts'
import { createTableSet, type TableSet } from './delta-tables.ts'
import { judgePeople } from './judge-people.ts'
import { listMoves } from './list-moves.ts'
import type { Statements } from './statements.ts'

/** Whose ledger is compared with what, and how. */
export interface DeltaSubject {
  readonly audience: string
  readonly source: ReadSource
  readonly rules: MembershipRules | undefined
  readonly again: boolean
  /** Unique in the session: temporary tables are named after it. */
  readonly number: number
}

/** How much was compared. */
export interface Matched {
  /** Rows of the ledger about which nothing has to be decided: their pair is wanted, and certain. */
  readonly settledRows: number
  /** Distinct people of the source. */
  readonly people: number
}

/** What of a comparison is each engine's own: the one join that meets everybody. */
export interface Matcher {
  matchLedger(comparison: Comparison): Promise<Matched>
  /** Distinct identifiers of a ledger. */
  countMembers(): Promise<number>
  /** Told of every table that got rows. */
  readonly onGrown?: (name: string, rows: number) => Promise<void>
}

/** What a comparison found. */
export interface ComputedDelta {
  readonly set: TableSet
  readonly counts: DeltaCounts
  readonly people: number
}

/**
 * Compares what was read with the ledger, in the engine: no row of either ever gets here. Inside one transaction, so
 * that all of it is of one moment of the ledger. It changes no table but its own.
 */
export const computeDelta = async (
  inner: Statements,
  { audience, source, rules, again, number }: DeltaSubject,
  matcher: Matcher,
): Promise<ComputedDelta> => {
  const set = createTableSet(inner.engine, number)
  if (rules?.stage.kind === 'qa' && rules.testers.length > 0) {
    await createTable(inner, set, 'testers')
    await inner.runOnColumns(`INSERT INTO ${set.nameOf('testers')} SELECT unnest($1)`, [rules.testers])
    set.grow('testers', rules.testers.length)
  }
  const { onGrown } = matcher
  const terms = { audience, source, rules, again, set, ...(onGrown ? { onGrown } : {}) }
  const comparison = beginComparison(inner, terms)
  const { settledRows, people } = await matcher.matchLedger(comparison)
  const keptOut = await judgePeople(comparison)
  await listMoves(comparison, settledRows)
  const counts = { ...(await countDelta(comparison, await matcher.countMembers())), keptOut }
  for (const table of set.takeWork()) await inner.run(`DROP TABLE ${table}`)
  if (set.sizes.adds + set.sizes.removes > 0) await createTable(inner, set, 'taken')
  return { set, counts, people }
}

/** Makes a table that rows are written to one by one. */
const createTable = async (inner: Statements, set: TableSet, table: 'testers' | 'taken'): Promise<void> => {
  await inner.run(`CREATE TEMP TABLE ${set.nameOf(table)} (${set.columnsOf(table)})`)
  set.grow(table, 0)
}
