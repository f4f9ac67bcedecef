import type { SyncReport } from '../model/outcome.ts'

/** One JSON object a line for each audience: the fields of `SyncResult`, and `failed` with a code when it failed. */
export const renderSyncJson = (reports: readonly SyncReport[]): string =>
  reports
    .map(({ result, failure, note }) => ({
      id: result.id,
      read: result.read,
      wanted: result.wanted,
      added: result.added,
      removed: result.removed,
      held: result.held,
      skipped: result.skipped,
      refused: result.refused,
      accepted: result.accepted,
      calls: result.calls,
      ...(failure ? { failed: failure.code } : {}),
      ...(note ? { note } : {}),
    }))
    .map(row => `${JSON.stringify(row)}\n`)
    .join('')
