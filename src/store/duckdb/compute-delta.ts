import type { DeltaCounts } from '../../model/membership.ts'
import type { CompareOptions } from '../../ports.ts'
import { beginComparison, type ReadSource } from './comparison.ts'
import type { Connection } from './connection.ts'
import { countDelta } from './count-delta.ts'
import { createTableSet, type TableSet } from './delta-tables.ts'
import { judgePeople } from './judge-people.ts'
import { countMembers } from './ledger-counts.ts'
import { listMoves } from './list-moves.ts'
import { matchLedger } from './match-ledger.ts'

/** Whose ledger is compared with what. */
export interface DeltaSubject {
  readonly audience: string
  readonly source: ReadSource
  /** Unique in the process: temporary tables are named after it. */
  readonly number: number
}

/** What a comparison found. */
export interface ComputedDelta {
  readonly set: TableSet
  readonly counts: DeltaCounts
  readonly people: number
}

/**
 * Compares what was read with the ledger, in the engine: no row of either ever gets here. One transaction, so that all
 * of it is of one moment of the ledger.
 */
export const computeDelta = (
  connection: Connection,
  { audience, source, number }: DeltaSubject,
  { rules, again = false }: CompareOptions,
): Promise<ComputedDelta> =>
  connection.transact(async inner => {
    const set = createTableSet(number)
    if (rules?.stage.kind === 'qa' && rules.testers.length > 0) {
      await inner.runOnColumns(
        `CREATE TEMP TABLE ${set.nameOf('testers')} AS SELECT unnest($1) AS identifier`,
        [rules.testers],
      )
      set.grow('testers', rules.testers.length)
    }
    const comparison = beginComparison(inner, { audience, source, rules, again, set })
    const matched = await matchLedger(comparison)
    const keptOut = await judgePeople(comparison)
    await listMoves(comparison, matched)
    const counts = { ...(await countDelta(comparison, await countMembers(inner, audience))), keptOut }
    for (const table of set.takeWork()) await inner.run(`DROP TABLE ${table}`)
    return { set, counts, people: matched.people }
  })
