import { unreachable } from '../../model/invariant.ts'
import type { StoreWrite } from '../../ports.ts'
import type { Statements } from './connection.ts'
import { applyLedgerWrite } from './ledger-writes.ts'
import type { DeltaTables } from './spool.ts'

/** Applies one write inside a transaction that the caller opened. */
export const applyWrite = async (
  inner: Statements,
  write: StoreWrite,
  openDeltas: ReadonlyMap<string, DeltaTables>,
): Promise<void> => {
  switch (write.kind) {
    case 'journal': {
      const { entry } = write
      return inner.run(
        'INSERT INTO journal (run_id, logged_at, address, operation, phase, count, detail) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [
          entry.runId,
          entry.at,
          entry.address,
          entry.operation,
          entry.phase,
          entry.count ?? null,
          entry.detail ?? null,
        ],
      )
    }
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
    case 'object': {
      const { object } = write
      return inner.run('INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)', [
        object.address,
        object.kind,
        object.audience,
        JSON.stringify(object.attributes),
        object.remoteId ?? null,
        object.status,
        object.recordedAt,
      ])
    }
    case 'drop-object':
      return inner.run('DELETE FROM objects WHERE address = ?', [write.address])
    case 'tombstone': {
      const { name, address, retiredAt } = write.tombstone
      return inner.run('INSERT OR REPLACE INTO tombstones VALUES (?, ?, ?)', [name, address, retiredAt])
    }
    case 'member':
    case 'unsettled':
    case 'doubt-all':
    case 'synced':
    case 'unsettled-batch':
    case 'batch':
      return applyLedgerWrite(inner, write, openDeltas)
    default:
      return unreachable(write)
  }
}

/** True when a write changes what plans are made from. */
export const raisesHead = (write: StoreWrite): boolean =>
  write.kind === 'object' || write.kind === 'drop-object' || write.kind === 'tombstone'
