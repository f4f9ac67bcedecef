import { invariant, unreachable } from '../../model/invariant.ts'
import type { StoreWrite } from '../../ports.ts'
import type { Statements } from './connection.ts'

type KeyWrite = Extract<StoreWrite, { kind: 'move-ledger' | 'drop-ledger' }>

/** Everything that is kept under a ledger key. */
const TABLES = [
  'ledger',
  'unsettled',
  'departures',
  'rejected',
  'assertions',
  'synced',
  'ledger_counts',
] as const

/** Moves or forgets all that is kept under a ledger key, inside a transaction that the caller opened. */
export const applyKeyWrite = async (inner: Statements, write: KeyWrite): Promise<void> => {
  switch (write.kind) {
    case 'move-ledger':
      // A key may have been counted, and found empty.
      await inner.run('DELETE FROM ledger_counts WHERE audience = ? AND members = 0', [write.to])
      for (const table of TABLES) await moveRows(inner, table, write)
      return
    case 'drop-ledger':
      for (const table of TABLES) await inner.run(`DELETE FROM ${table} WHERE audience = ?`, [write.audience])
      return
    default:
      return unreachable(write)
  }
}

type MoveWrite = Extract<StoreWrite, { kind: 'move-ledger' }>

/** Two ledgers in one would take the members of both for the members of either. */
const moveRows = async (
  inner: Statements,
  table: (typeof TABLES)[number],
  { from, to }: MoveWrite,
): Promise<void> => {
  const there = await inner.readRows(`SELECT 1 FROM ${table} WHERE audience = ? LIMIT 1`, [to])
  invariant(there.length === 0, `the ledger of ${to} is not empty`)
  await inner.run(`UPDATE ${table} SET audience = ? WHERE audience = ?`, [to, from])
}
