import { alertKey, type RecordedAlert } from '../../model/alert.ts'
import type { SyncCount } from '../../model/history.ts'
import { unreachable } from '../../model/invariant.ts'
import type { StoreWrite } from '../../model/store-write.ts'
import type { Reads, Statements } from './statements.ts'

type HistoryWrite = Extract<StoreWrite, { kind: 'count' | 'alert' | 'drop-alert' }>

/** Applies a write about what a monitor looks at, inside a transaction that the caller opened. */
export const applyHistoryWrite = async (inner: Statements, write: HistoryWrite): Promise<void> => {
  switch (write.kind) {
    case 'count': {
      const { count } = write
      const key = [count.runId, count.audience]
      await inner.run('DELETE FROM sync_counts WHERE run_id = ? AND audience = ?', key)
      await inner.run('INSERT INTO sync_counts (run_id, audience, content) VALUES (?, ?, ?)', [
        ...key,
        JSON.stringify(count),
      ])
      return
    }
    case 'alert': {
      const key = alertKey(write.alert)
      await inner.run('DELETE FROM alerts WHERE key = ?', [key])
      await inner.run('INSERT INTO alerts VALUES (?, ?)', [key, JSON.stringify(write.alert)])
      return
    }
    case 'drop-alert':
      await inner.run('DELETE FROM alerts WHERE key = ?', [write.key])
      return
    default:
      return unreachable(write)
  }
}

// The casts below are safe because only this module writes these columns, from the same types.

/** The last `limit` counts of an audience, oldest first. */
export const readCounts = async (
  inner: Reads,
  audience: string,
  limit: number,
): Promise<readonly SyncCount[]> => {
  const rows = await inner.readRows(
    'SELECT content FROM sync_counts WHERE audience = ? ORDER BY seq DESC LIMIT ?',
    [audience, limit],
  )
  return [...rows].reverse().map(row => JSON.parse(String(row.content)) as SyncCount)
}

/** Every alert that is kept, by its key. */
export const readAlerts = async (inner: Reads): Promise<ReadonlyMap<string, RecordedAlert>> => {
  const rows = await inner.readRows('SELECT key, content FROM alerts ORDER BY key')
  return new Map(rows.map(row => [String(row.key), JSON.parse(String(row.content)) as RecordedAlert]))
}
