import { unreachable } from '../../model/invariant.ts'
import type { StoreWrite } from '../../model/store-write.ts'
import type { Statements } from './statements.ts'

type NoteWrite = Extract<StoreWrite, { kind: 'run' | 'evidence' | 'allowance' | 'drop-allowances' }>

/** Applies a write about what was done, inside a transaction that the caller opened. */
export const applyNoteWrite = async (inner: Statements, write: NoteWrite): Promise<void> => {
  switch (write.kind) {
    case 'run': {
      const { run } = write
      await inner.run(WRITE_RUN, [
        run.runId,
        run.command,
        run.startedAt,
        run.finishedAt ?? null,
        run.outcome ?? null,
        run.summary ?? null,
      ])
      return
    }
    case 'evidence': {
      const { evidence } = write
      await inner.run('DELETE FROM evidence WHERE audience = ?', [evidence.audience])
      await inner.run('INSERT INTO evidence VALUES (?, ?)', [evidence.audience, JSON.stringify(evidence)])
      return
    }
    case 'allowance': {
      const { allowance } = write
      const key = [allowance.audience, allowance.guard]
      await inner.run('DELETE FROM allowances WHERE audience = ? AND guard = ?', key)
      await inner.run('INSERT INTO allowances VALUES (?, ?, ?)', [...key, JSON.stringify(allowance)])
      return
    }
    case 'drop-allowances':
      await inner.run('DELETE FROM allowances WHERE audience = ?', [write.audience])
      return
    default:
      return unreachable(write)
  }
}

const WRITE_RUN = `
  INSERT INTO runs (run_id, command, started_at, finished_at, outcome, summary) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (run_id) DO UPDATE SET
    (command, started_at, finished_at, outcome, summary) =
    (EXCLUDED.command, EXCLUDED.started_at, EXCLUDED.finished_at, EXCLUDED.outcome, EXCLUDED.summary)`
