import type { AlertFinding } from '../model/alert.ts'
import type { Audience } from '../model/audience.ts'
import type { SyncCount } from '../model/history.ts'
import type { Instant } from '../model/time.ts'
import type { AlertRules, Workspace } from '../model/workspace.ts'

/** One audience that is synced, and what is remembered of its syncs. */
export interface Watched {
  readonly audience: Audience
  readonly now: Instant
  readonly rules: AlertRules
  readonly schedule: Workspace['schedule']
  /** Since when there is a cohort to sync to. */
  readonly recordedAt: Instant
  /** When it was last synced to its end. */
  readonly syncedAt?: Instant
  /** Oldest first. */
  readonly counts: readonly SyncCount[]
}

/** Looks at one thing of one audience. Pure: it sees what was counted, and no vendor. */
export type AudienceCheck = (watched: Watched) => AlertFinding | undefined

/** The last count that came to an end: what a failed sync counted is no size. */
export const latestOf = ({ counts }: Pick<Watched, 'counts'>): SyncCount | undefined =>
  counts.findLast(({ ended }) => ended !== 'failed')

/** Whole syncs before the latest count, under the same stage: what it may be compared with. */
export const earlierThan = (latest: SyncCount, { counts }: Pick<Watched, 'counts'>): readonly SyncCount[] =>
  counts
    .slice(0, counts.lastIndexOf(latest))
    .filter(({ ended, stage }) => ended === 'done' && stage === latest.stage)

/** How many of the last syncs make a mean, and the fewest that do. */
const LAST_RUNS = 7
const FEWEST_RUNS = 3

/** The mean of the last runs, or nothing when there were too few to mean anything. */
export const meanOf = (values: readonly number[]): number | undefined => {
  const last = values.slice(-LAST_RUNS)
  if (last.length < FEWEST_RUNS) return undefined
  return last.reduce((sum, value) => sum + value, 0) / last.length
}
