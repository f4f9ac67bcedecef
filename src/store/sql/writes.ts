import { unreachable } from '../../model/invariant.ts'
import type { StoreWrite } from '../../model/store-write.ts'
import { raisesHead } from '../small-state.ts'
import type { OpenDeltas } from './batch-writes.ts'
import { applyBulkWrites, type BulkWrite, isBulkWrite } from './bulk-writes.ts'
import { applyHistoryWrite } from './history.ts'
import { applyKeyWrite } from './ledger-keys.ts'
import { applyLedgerWrite } from './ledger-writes.ts'
import { applyNoteWrite } from './note-writes.ts'
import { raiseHead, readHead } from './state.ts'
import type { Statements } from './statements.ts'

/** Applies the writes of a commit inside a transaction that the caller opened, and answers the head after it. */
export const applyWrites = async (
  inner: Statements,
  writes: readonly StoreWrite[],
  openDeltas: OpenDeltas,
): Promise<number> => {
  await applyBulkWrites(inner, writes.filter(isBulkWrite))
  for (const write of writes) if (!isBulkWrite(write)) await applyWrite(inner, write, openDeltas)
  if (writes.some(raisesHead)) await raiseHead(inner)
  return readHead(inner)
}

const applyWrite = async (
  inner: Statements,
  write: Exclude<StoreWrite, BulkWrite>,
  openDeltas: OpenDeltas,
): Promise<void> => {
  switch (write.kind) {
    case 'move-ledger':
    case 'drop-ledger':
    case 'copy-barred':
    case 'carry-times':
      return applyKeyWrite(inner, write)
    case 'member':
    case 'unsettled':
    case 'doubt-all':
    case 'synced':
    case 'unsettled-batch':
    case 'batch':
    case 'rejected':
    case 'assertion':
      return applyLedgerWrite(inner, write, openDeltas)
    case 'run':
    case 'evidence':
    case 'allowance':
    case 'drop-allowances':
      return applyNoteWrite(inner, write)
    case 'count':
    case 'alert':
    case 'drop-alert':
      return applyHistoryWrite(inner, write)
    default:
      return unreachable(write)
  }
}
