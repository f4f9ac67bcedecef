import { formatAge, formatDuration } from '../model/time.ts'
import { type AudienceCheck, latestOf } from './watched.ts'

/** One sync may be missed. */
const CADENCES = 2

/** The declared cadence is a promise to whoever sends to the cohort. */
export const checkStaleness: AudienceCheck = watched => {
  const { audience, now, schedule, syncedAt, recordedAt } = watched
  const { id, timing } = audience
  const since = syncedAt ?? recordedAt
  const ageMs = Date.parse(now) - Date.parse(since)
  if (ageMs <= CADENCES * timing.syncEveryMs + schedule.lateByMs) return undefined
  const last = syncedAt === undefined ? 'never synced to its end, recorded' : 'last synced to its end'
  return {
    code: 'monitor/stale',
    audience: id,
    summary: 'Not synced for too long',
    detail: `${id}: ${last} ${formatAge(since, now)} ago; declared is every ${formatDuration(timing.syncEveryMs)}. ${describeTries(latestOf(watched)?.ended)}`,
    hint: `look at the runs of muster sync; to catch up: muster sync --only ${id}`,
  }
}

const describeTries = (ended: 'done' | 'stopped' | 'failed' | undefined): string =>
  ended === 'stopped' ? 'A guard stopped the last one.' : 'Whoever joined or left since is not in line.'
