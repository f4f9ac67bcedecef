import type { SizeChange } from '../sql/engine.ts'
import type { Reads, Statements } from '../sql/statements.ts'

/** Keeps the size of a ledger, in the transaction that changes it: counting ten million rows takes seconds. */
export const changeSize = async (
  inner: Statements,
  audience: string,
  { pairs, members }: SizeChange,
): Promise<void> => {
  if (pairs === 0 && members === 0) return
  await inner.run(
    `INSERT INTO ledger_counts (audience, pairs, members) VALUES ($audience, $pairs, $members)
     ON CONFLICT (audience) DO UPDATE SET
       pairs = ledger_counts.pairs + EXCLUDED.pairs, members = ledger_counts.members + EXCLUDED.members`,
    { audience, pairs, members },
  )
}

/** Counts the identifiers of one ledger anew. */
export const recount = async (inner: Statements, audience: string): Promise<void> =>
  void (await inner.run(
    `UPDATE ledger_counts
     SET members = (SELECT count(DISTINCT identifier) FROM ledger WHERE audience = $audience)
     WHERE audience = $audience`,
    { audience },
  ))

/** How many rows, and how many distinct identifiers, a ledger has. */
export const readSize = async (inner: Reads, audience: string): Promise<SizeChange> => {
  const [row] = await inner.readRows('SELECT pairs, members FROM ledger_counts WHERE audience = ?', [
    audience,
  ])
  return { pairs: Number(row?.pairs ?? 0), members: Number(row?.members ?? 0) }
}

/** Distinct identifiers per ledger key. */
export const readLedgerCounts = async (inner: Reads): Promise<ReadonlyMap<string, number>> => {
  const rows = await inner.readRows(
    'SELECT audience, members FROM ledger_counts WHERE members > 0 ORDER BY audience',
  )
  return new Map(rows.map(({ audience, members }) => [String(audience), Number(members)]))
}
