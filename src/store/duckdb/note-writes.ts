import { unreachable } from '../../model/invariant.ts'
import type { StoreWrite } from '../../model/store-write.ts'
import type { Statements } from './connection.ts'

type NoteWrite = Extract<StoreWrite, { kind: 'run' | 'evidence' | 'allowance' | 'drop-allowances' }>

/** Applies a write about what was done, inside a transaction that the caller opened. */
export const applyNoteWrite = async (inner: Statements, write: NoteWrite): Promise<void> => {
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
    case 'evidence': {
      const { evidence } = write
      await inner.run('DELETE FROM evidence WHERE audience = ?', [evidence.audience])
      return inner.run('INSERT INTO evidence VALUES (?, ?)', [evidence.audience, JSON.stringify(evidence)])
    }
    case 'allowance': {
      const { allowance } = write
      const key = [allowance.audience, allowance.guard]
      await inner.run('DELETE FROM allowances WHERE audience = ? AND guard = ?', key)
      return inner.run('INSERT INTO allowances VALUES (?, ?, ?)', [...key, JSON.stringify(allowance)])
    }
    case 'drop-allowances':
      return inner.run('DELETE FROM allowances WHERE audience = ?', [write.audience])
    default:
      return unreachable(write)
  }
}
