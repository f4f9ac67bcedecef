import type { DeltaCounts } from '../../model/membership.ts'
import type { CompareOptions } from '../../ports.ts'
import { beginComparison, type ReadSource } from './comparison.ts'
import type { Connection, Statements } from './connection.ts'
import { countDelta } from './count-delta.ts'
import { createTableSet, type TableSet } from './delta-tables.ts'
import { judgePeople } from './judge-people.ts'
import { readSize } from './ledger-counts.ts'
import { listMoves } from './list-moves.ts'
import { matchLedger } from './match-ledger.ts'

/** Whose ledger is compared with what. */
export interface DeltaSubject {
  readonly audience: string
  readonly source: ReadSource
  /** Unique in the session: temporary tables are named after it. */
  readonly number: number
}

/** What a comparison found. */
export interface ComputedDelta {
  readonly set: TableSet
  readonly counts: DeltaCounts
  readonly people: number
}

/** For sorting and joining; what needs more goes to the server's disk. Of ten million people half a gigabyte would not be faster. */
const WORK_MEMORY = '256MB'

/**
 * Compares what was read with the ledger, on the server: no row of either comes back here. One transaction, so that all
 * of it is of one moment of the ledger. It changes no table but its own, so it needs no lock.
 */
export const computeDelta = (
  connection: Connection,
  { audience, source, number }: DeltaSubject,
  { rules, again = false }: CompareOptions,
): Promise<ComputedDelta> =>
  connection.transactOnSnapshot(async inner => {
    const set = createTableSet(number)
    await inner.run(`SET LOCAL work_mem TO '${WORK_MEMORY}'`)
    if (rules?.stage.kind === 'qa' && rules.testers.length > 0) {
      await inner.run(`CREATE TEMP TABLE ${set.nameOf('testers')} (${set.columnsOf('testers')})`)
      await inner.runOnColumns(`INSERT INTO ${set.nameOf('testers')} SELECT unnest($1)`, [rules.testers])
      set.grow('testers', rules.testers.length)
    }
    const comparison = beginComparison(inner, { audience, source, rules, again, set })
    const size = await readSize(inner, audience)
    const matched = await matchLedger(comparison, size.pairs)
    const keptOut = await judgePeople(comparison)
    await listMoves(comparison, matched)
    const counts = { ...(await countDelta(comparison, size.members)), keptOut }
    const work = set.takeWork()
    if (work.length > 0) await inner.run(`DROP TABLE ${work.join(', ')}`)
    await readyLists(inner, set)
    return { set, counts, people: matched.people }
  })

/** From so many rows on it is dearer to read a list than to look up where a batch of it lies. */
const WORTH_AN_INDEX = 20_000

/** Lists lie in the order of their positions, so that an index of a few kilobytes finds any of them. */
const readyLists = async (inner: Statements, set: TableSet): Promise<void> => {
  for (const list of ['adds', 'removes', 'again'] as const) {
    if (set.sizes[list] < WORTH_AN_INDEX) continue
    await inner.run(`CREATE INDEX ON ${set.nameOf(list)} USING brin (position) WITH (pages_per_range = 8)`)
  }
  if (set.sizes.adds + set.sizes.removes === 0) return
  await inner.run(`CREATE TEMP TABLE ${set.nameOf('taken')} (${set.columnsOf('taken')})`)
  set.grow('taken', 0)
}
