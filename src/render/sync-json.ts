import type { SyncResult } from '../model/membership.ts'
import type { SyncReport } from '../model/outcome.ts'

/**
 * One JSON object a line for each audience: the fields scripts rely on, what else is to be told, `failed` with a code,
 * `stopped` when another failure ended the run before it, and `note` where nothing was to be done.
 */
export const renderSyncJson = (reports: readonly SyncReport[]): string =>
  reports
    .map(({ result, failure, wasStopped, note }) => ({
      ...writeSyncResult(result),
      ...(failure ? { failed: failure.code } : {}),
      ...(wasStopped ? { stopped: true } : {}),
      ...(note ? { note } : {}),
    }))
    .map(row => `${JSON.stringify(row)}\n`)
    .join('')

/** A result as it is written down: for scripts, and in the record of the run. New fields come after those of the contract. */
export const writeSyncResult = ({
  heldBy,
  keptOut,
  again,
  againReason,
  rejected,
  matchRate,
  timings,
  ...contract
}: SyncResult): Readonly<Record<string, unknown>> => ({
  id: contract.id,
  read: contract.read,
  wanted: contract.wanted,
  added: contract.added,
  removed: contract.removed,
  held: contract.held,
  skipped: contract.skipped,
  refused: contract.refused,
  accepted: contract.accepted,
  calls: contract.calls,
  ...(heldBy && { held_by: heldBy }),
  ...(keptOut && { kept_out: keptOut }),
  ...(againReason && { again, again_reason: againReason }),
  ...(rejected !== undefined && { rejected }),
  ...(matchRate !== undefined && { match_rate: matchRate }),
  ...(timings && {
    timings: { read_ms: timings.readMs, diff_ms: timings.diffMs, push_ms: timings.pushMs },
  }),
})
