import type { SizeChange } from '../sql/engine.ts'
import type { Reads, Statements } from '../sql/statements.ts'

/** Marks the size of a ledger as not known, in the transaction that changes it. Counting waits until somebody asks. */
export const markUncounted = async (inner: Statements, audience: string): Promise<void> => {
  await inner.run('DELETE FROM ledger_counts WHERE audience = ?', [audience])
  await inner.run('INSERT INTO ledger_counts VALUES (?, NULL)', [audience])
}

/** Keeps the size of a ledger that is counted, in the transaction that changes it. */
export const changeSize = async (
  inner: Statements,
  audience: string,
  { members }: SizeChange,
): Promise<void> => {
  const values = { audience, members }
  const change = 'UPDATE ledger_counts SET members = members + $members WHERE audience = $audience'
  if (members === 0 || (await inner.run(change, values)) > 0) return
  await inner.run('INSERT INTO ledger_counts VALUES ($audience, $members)', values)
}

/** Distinct identifiers per ledger key. Only keys of which that is not known are counted. */
export const readLedgerCounts = async (inner: Reads): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>()
  for (const { audience, members } of await inner.readRows('SELECT * FROM ledger_counts ORDER BY audience')) {
    const key = String(audience)
    const size = members === null ? await countKey(inner, key) : Number(members)
    if (size > 0) counts.set(key, size)
  }
  return counts
}

/** The same, and writes down what it counted, so that it is not counted again. */
export const recountAll = async (inner: Statements): Promise<ReadonlyMap<string, number>> => {
  const changed = await inner.readRows('SELECT audience FROM ledger_counts WHERE members IS NULL')
  for (const { audience } of changed) await recountKey(inner, String(audience))
  return readLedgerCounts(inner)
}

/** How many distinct identifiers one ledger has. */
export const countMembers = async (inner: Statements, key: string): Promise<number> => {
  const [row] = await inner.readRows('SELECT members FROM ledger_counts WHERE audience = ?', [key])
  return row?.members === null ? recountKey(inner, key) : Number(row?.members ?? 0)
}

const recountKey = async (inner: Statements, key: string): Promise<number> => {
  const size = await countKey(inner, key)
  await inner.run('DELETE FROM ledger_counts WHERE audience = ?', [key])
  if (size > 0) await inner.run('INSERT INTO ledger_counts VALUES (?, ?)', [key, size])
  return size
}

const countKey = async (inner: Reads, key: string): Promise<number> => {
  const [row] = await inner.readRows(
    'SELECT count(DISTINCT identifier)::INTEGER AS members FROM ledger WHERE audience = ?',
    [key],
  )
  return Number(row?.members ?? 0)
}
