import type { Audience } from '../model/audience.ts'
import type { SyncCount } from '../model/history.ts'
import type { SyncReport } from '../model/outcome.ts'
import type { Instant } from '../model/time.ts'

/** Which sync counted. */
export interface CountedRun {
  readonly runId: string
  readonly now: Instant
}

/** What is kept of a sync's reports: one line for each audience whose people were read. */
export const countSyncs = (
  reports: readonly SyncReport[],
  audiences: readonly Audience[],
  { runId, now }: CountedRun,
): readonly SyncCount[] =>
  reports.flatMap(report => {
    const { result } = report
    const audience = audiences.find(({ id }) => id === result.id)
    if (!audience || result.timings === undefined) return []
    const { read, wanted, accepted, added, removed, held, skipped, refused } = result
    const counted = { read, wanted, members: accepted, added, removed, held, skipped, refused }
    return [
      { audience: result.id, at: now, runId, stage: sayStage(audience), ended: judgeEnd(report), ...counted },
    ]
  })

const sayStage = ({ rollout: { stage } }: Audience): string =>
  stage.kind === 'canary' ? `canary ${stage.percent}%` : stage.kind

const judgeEnd = ({ failure, wasStopped, result }: SyncReport): SyncCount['ended'] => {
  if (failure || wasStopped) return 'failed'
  return result.refused.length > 0 ? 'stopped' : 'done'
}
