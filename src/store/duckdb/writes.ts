import { unreachable } from '../../model/invariant.ts'
import type { RecordedObject, Tombstone } from '../../model/recorded.ts'
import type { StoreWrite } from '../../ports.ts'
import type { Statements } from './connection.ts'
import type { DeltaTables } from './delta.ts'
import { applyKeyWrite } from './ledger-keys.ts'
import { applyLedgerWrite } from './ledger-writes.ts'

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
    case 'object':
      return writeObject(inner, write.object)
    case 'drop-object':
      return inner.run('DELETE FROM objects WHERE address = ?', [write.address])
    case 'tombstone':
      return writeTombstone(inner, write.tombstone)
    case 'drop-tombstone':
      return inner.run('DELETE FROM tombstones WHERE name = ?', [write.name])
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
    default:
      return unreachable(write)
  }
}

const writeObject = (inner: Statements, object: RecordedObject): Promise<void> =>
  inner.run(
    `INSERT OR REPLACE INTO objects
       (address, kind, audience, attributes, remote_id, status, recorded_at, origin, hints, carries_from)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      object.address,
      object.kind,
      object.audience,
      JSON.stringify(object.attributes),
      object.remoteId ?? null,
      object.status,
      object.recordedAt,
      object.origin,
      object.hints ? JSON.stringify(object.hints) : null,
      object.carriesFrom ?? null,
    ],
  )

const writeTombstone = (inner: Statements, tombstone: Tombstone): Promise<void> =>
  inner.run(
    `INSERT OR REPLACE INTO tombstones (name, address, retired_at, reason, cohort_id)
     VALUES (?, ?, ?, ?, ?)`,
    [tombstone.name, tombstone.address, tombstone.retiredAt, tombstone.reason, tombstone.cohortId ?? null],
  )
