import { unreachable } from '../../model/invariant.ts'
import type { StoreWrite } from '../../ports.ts'
import type { Reads, Statements } from './connection.ts'

/** Ledger keys whose size a write may change. */
export const touchedKeys = (write: StoreWrite): readonly string[] => {
  switch (write.kind) {
    case 'member':
    case 'batch':
    case 'drop-ledger':
      return [write.audience]
    case 'move-ledger':
      return [write.from, write.to]
    case 'journal':
    case 'run':
    case 'object':
    case 'drop-object':
    case 'tombstone':
    case 'drop-tombstone':
    case 'unsettled':
    case 'rejected':
    case 'assertion':
    case 'evidence':
    case 'allowance':
    case 'drop-allowances':
    case 'doubt-all':
    case 'synced':
    case 'unsettled-batch':
      return []
    default:
      return unreachable(write)
  }
}

/** Marks ledger keys as changed, in the transaction that changes them. Counting waits until somebody asks. */
export const markUncounted = async (inner: Statements, keys: ReadonlySet<string>): Promise<void> => {
  if (keys.size === 0) return
  const columns = [[...keys]]
  await inner.runOnColumns('DELETE FROM ledger_counts WHERE audience IN (SELECT unnest($1))', columns)
  await inner.runOnColumns('INSERT INTO ledger_counts SELECT unnest($1), NULL', columns)
}

/** Distinct identifiers per ledger key. Only keys that changed since they were last counted are counted. */
export const readLedgerCounts = async (inner: Reads): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>()
  for (const { audience, members } of await inner.readRows('SELECT * FROM ledger_counts ORDER BY audience')) {
    const key = String(audience)
    const size = members === null ? await countKey(inner, key) : Number(members)
    if (size > 0) counts.set(key, size)
  }
  return counts
}

/** Counts what changed and writes it down, so that it is not counted again. Answers what it counted, zeros included. */
export const recount = async (inner: Statements): Promise<ReadonlyMap<string, number>> => {
  const counted = new Map<string, number>()
  const changed = await inner.readRows('SELECT audience FROM ledger_counts WHERE members IS NULL')
  for (const { audience } of changed) {
    const key = String(audience)
    const size = await countKey(inner, key)
    await inner.run('DELETE FROM ledger_counts WHERE audience = ?', [key])
    if (size > 0) await inner.run('INSERT INTO ledger_counts VALUES (?, ?)', [key, size])
    counted.set(key, size)
  }
  return counted
}

const countKey = async (inner: Reads, key: string): Promise<number> => {
  const [row] = await inner.readRows(
    'SELECT count(DISTINCT identifier)::INTEGER AS members FROM ledger WHERE audience = ?',
    [key],
  )
  return Number(row?.members ?? 0)
}
