import type { SyncReport } from '../model/outcome.ts'

/** One JSON object a line for each audience: the fields scripts rely on, what else is to be told, `failed` with a code,
 * `stopped` when another failure ended the run before it, and `note` where nothing was to be done. */
export const renderSyncJson = (reports: readonly SyncReport[]): string =>
  reports
    .map(({ result, failure, wasStopped, note }) => ({
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
      ...(result.heldBy ? { held_by: result.heldBy } : {}),
      ...(result.keptOut ? { kept_out: result.keptOut } : {}),
      ...(failure ? { failed: failure.code } : {}),
      ...(wasStopped ? { stopped: true } : {}),
      ...(note ? { note } : {}),
    }))
    .map(row => `${JSON.stringify(row)}\n`)
    .join('')
