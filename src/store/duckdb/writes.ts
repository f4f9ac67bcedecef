import { unreachable } from '../../model/invariant.ts'
import type { StoreWrite } from '../../ports.ts'
import { applyBulkWrites, type BulkWrite, isBulkWrite } from './bulk-writes.ts'
import type { Statements } from './connection.ts'
import type { DeltaTables } from './delta.ts'
import { applyKeyWrite } from './ledger-keys.ts'
import { applyLedgerWrite } from './ledger-writes.ts'

/** Applies the writes of a commit inside a transaction that the caller opened. */
export const applyWrites = async (
  inner: Statements,
  writes: readonly StoreWrite[],
  openDeltas: ReadonlyMap<string, DeltaTables>,
): Promise<void> => {
  await applyBulkWrites(inner, writes.filter(isBulkWrite))
  for (const write of writes) if (!isBulkWrite(write)) await applyWrite(inner, write, openDeltas)
}

const applyWrite = async (
  inner: Statements,
  write: Exclude<StoreWrite, BulkWrite>,
  openDeltas: ReadonlyMap<string, DeltaTables>,
): Promise<void> => {
  switch (write.kind) {
    case 'run': {
      const { run } = write
      return inner.run('INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?)', [
        run.runId,
        run.command,
        run.startedAt,
        run.finishedAt ?? null,
        run.outcome ?? null,
        run.summary ?? null,
      ])
    }
    case 'move-ledger':
    case 'drop-ledger':
      return applyKeyWrite(inner, write)
    case 'member':
    case 'unsettled':
    case 'doubt-all':
    case 'synced':
    case 'unsettled-batch':
    case 'batch':
      return applyLedgerWrite(inner, write, openDeltas)
    case 'rejected':
    case 'assertion':
    case 'evidence':
    case 'allowance':
    case 'drop-allowances':
      return
    default:
      return unreachable(write)
  }
}
