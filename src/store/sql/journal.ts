import type { Address } from '../../model/plan.ts'
import type { JournalEntry, RunRecord } from '../../model/store-write.ts'
import type { Reads } from './statements.ts'

/** The last `limit` journal entries, oldest first. */
export const readJournal = async (inner: Reads, limit: number): Promise<JournalEntry[]> => {
  const rows = await inner.readRows('SELECT * FROM journal ORDER BY seq DESC LIMIT ?', [limit])
  // The casts are safe because only this module's neighbours write these columns, from the same types.
  return [...rows].reverse().map(row => ({
    runId: String(row.run_id),
    at: String(row.logged_at),
    address: row.address as Address,
    operation: String(row.operation),
    phase: row.phase as JournalEntry['phase'],
    ...(row.count === null ? {} : { count: Number(row.count) }),
    ...(row.detail === null ? {} : { detail: String(row.detail) }),
  }))
}

/** The last `limit` runs, of one command or of all, oldest first. */
export const readRuns = async (inner: Reads, limit: number, command?: string): Promise<RunRecord[]> => {
  const rows = await inner.readRows(
    `SELECT * FROM runs WHERE ${command === undefined ? 'true' : 'command = ?'}
     ORDER BY started_at DESC, ${inner.engine.arrival} DESC LIMIT ?`,
    [...(command === undefined ? [] : [command]), limit],
  )
  return [...rows].reverse().map(row => ({
    runId: String(row.run_id),
    command: String(row.command),
    startedAt: String(row.started_at),
    ...(row.finished_at === null ? {} : { finishedAt: String(row.finished_at) }),
    ...(row.outcome === null ? {} : { outcome: row.outcome as NonNullable<RunRecord['outcome']> }),
    ...(row.summary === null ? {} : { summary: String(row.summary) }),
  }))
}
