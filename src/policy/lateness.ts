import type { Audience } from '../model/audience.ts'
import { formatDuration, MINUTE_MS } from '../model/time.ts'
import type { Workspace } from '../model/workspace.ts'
import type { Objection, Policy } from './policy.ts'
import { isSynced } from './reach.ts'
import { sayTime } from './sentence.ts'

/**
 * How long after the event that the segment waits for somebody may reach the cohort, at worst: the pause of the segment,
 * a sync that has just gone by, and a scheduler that is late.
 */
const worstLatenessMs = (
  { timing }: Pick<Audience, 'timing'>,
  { schedule }: Pick<Workspace, 'schedule'>,
): number => (timing.bufferMs ?? 0) + timing.syncEveryMs + schedule.lateByMs

/** The worst lateness of an audience and what it adds up from, in words. */
export const describeLateness = (audience: Audience, workspace: Workspace): string =>
  `at worst ${sayTime(worstLatenessMs(audience, workspace))}: ${describeSum(audience, workspace)}`

/** A window that is over before the sync comes is a promise that nobody can keep. */
export const latenessPolicy: Policy = {
  code: 'policy/lateness',
  summary: 'The sync is too slow for the window',
  recommendation:
    'Choose windows that segment, sync and scheduler together can keep; nothing here is real-time.',
  severity: 'error',
  judges: 'specs',
  judge: ({ workspace, audiences }) =>
    audiences.filter(isSynced).flatMap(audience => judgeTiming(audience, workspace)),
}

const judgeTiming = (audience: Audience, workspace: Workspace): readonly Objection[] => {
  const { windowMs } = audience.timing
  const latestMs = worstLatenessMs(audience, workspace)
  if (latestMs <= windowMs) return []
  const { lateByMs } = workspace.schedule
  // A late scheduler alone makes it late now and then, unless people come and go before it starts anything.
  const isSometimes = latestMs - lateByMs <= windowMs && audience.timing.syncEveryMs + lateByMs <= windowMs
  return [
    {
      ...(isSometimes ? { severity: 'warning' } : {}),
      detail: `${describeEffect(audience)} ${sayTime(latestMs)}${describeStart(audience)}, and the window is ${formatDuration(windowMs)}: ${describeSum(audience, workspace)}.`,
      hint: suggest(audience, workspace),
      audience: audience.id,
      path: ['timing', 'sync_every'],
    },
  ]
}

const describeEffect = ({ intent, channels }: Audience): string => {
  if (intent !== 'activation') return 'Whoever joins it may be missing for'
  return `A ${channels.moengage[0] === 'push' ? 'push' : 'message'} may come`
}

const describeStart = ({ intent }: Audience): string =>
  intent === 'activation' ? ' after the event it answers to' : ''

const describeSum = ({ timing }: Audience, { schedule }: Workspace): string => {
  const parts = [
    ...(timing.bufferMs === undefined ? [] : [`${sayTime(timing.bufferMs)} of buffer`]),
    `${sayTime(timing.syncEveryMs)} to the next sync`,
    `${sayTime(schedule.lateByMs)} for a scheduler that is late`,
  ]
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** Cadences that people choose, longest first. */
const CADENCES_MS = [720, 360, 240, 180, 120, 60, 30, 20, 15, 10, 5].map(minutes => minutes * MINUTE_MS)

const suggest = (audience: Audience, { schedule }: Workspace): string => {
  const roomMs = audience.timing.windowMs - (audience.timing.bufferMs ?? 0)
  const cadenceMs = CADENCES_MS.find(each => each + schedule.lateByMs <= roomMs)
  if (cadenceMs !== undefined) return `sync it every ${formatDuration(cadenceMs)}, or choose a wider window`
  const punctualMs = CADENCES_MS.find(each => each + 5 * MINUTE_MS <= roomMs)
  if (punctualMs === undefined || schedule.lateByMs <= 5 * MINUTE_MS)
    return 'choose a wider window; for an answer within minutes, build the message in Customer.io itself'
  return `choose a wider window, or start syncs by a punctual scheduler (schedule: { late_by: 5m }) every ${formatDuration(punctualMs)}`
}
