import type { SyncCount } from '../model/history.ts'
import { DAY_MS, HOUR_MS } from '../model/time.ts'
import { sayCount, sayMoment, sayPercent } from './sentence.ts'
import { type AudienceCheck, earlierThan, latestOf, meanOf, type Watched } from './watched.ts'

/** A sync of about this time yesterday; schedules are late now and then, and some days have none. */
const YESTERDAY = { fromMs: 20 * HOUR_MS, toMs: 2 * DAY_MS }

/** What is measured: a change of the segment shows before exit rules let anybody go. */
const MEASURES = [
  { of: (count: SyncCount): number => count.members, words: 'members' },
  { of: (count: SyncCount): number => count.read, words: 'people in the segment' },
] as const

interface Swing {
  readonly size: number
  readonly usual: number
  readonly words: string
  readonly beside: string
}

/**
 * Guards judge one sync. What they let pass again and again, and what an exit rule hides, shows beside yesterday and
 * beside the mean of the last runs.
 */
export const checkSizeSwing: AudienceCheck = watched => {
  const latest = latestOf(watched)
  if (!latest) return undefined
  const swing = listSwings(latest, watched).find(each => isSwing(each, watched))
  if (!swing) return undefined
  const { id } = watched.audience
  return {
    code: 'monitor/size-swing',
    audience: id,
    summary: 'Size has changed a lot',
    detail: `${id}: ${describeSwing(swing, watched)}, at ${sayMoment(latest.at)}.`,
    hint: `muster state history ${id}; if it should be so, do nothing: after a day it is usual`,
  }
}

const listSwings = (latest: SyncCount, watched: Watched): readonly Swing[] => {
  const earlier = earlierThan(latest, watched)
  const yesterday = earlier.findLast(({ at }) => isYesterday(at, latest.at))
  return MEASURES.flatMap(({ of, words }) => {
    const mean = meanOf(earlier.map(of))
    const size = of(latest)
    return [
      ...(yesterday ? [{ size, usual: of(yesterday), words, beside: 'a day before' }] : []),
      ...(mean === undefined ? [] : [{ size, usual: mean, words, beside: 'in the mean of the last runs' }]),
    ]
  })
}

const isYesterday = (at: string, latest: string): boolean => {
  const ageMs = Date.parse(latest) - Date.parse(at)
  return ageMs >= YESTERDAY.fromMs && ageMs <= YESTERDAY.toMs
}

/** Below the floor nothing is a percentage. */
const isSwing = ({ size, usual }: Swing, { audience, rules }: Watched): boolean => {
  const moved = Math.abs(size - usual)
  if (rules.swingPeople !== undefined && moved > rules.swingPeople) return true
  return moved >= audience.limits.floor && moved > usual * rules.swing
}

const describeSwing = ({ size, usual, words, beside }: Swing, { rules }: Watched): string => {
  const people = rules.swingPeople === undefined ? '' : ` or ${sayCount(rules.swingPeople)} people`
  return `${sayCount(size)} ${words}, ${sayCount(usual)} ${beside} (${sayChange(size, usual)}, limit ${sayPercent(rules.swing)}${people})`
}

const sayChange = (size: number, usual: number): string => {
  const sign = size < usual ? '-' : '+'
  if (usual === 0) return `+${sayCount(size)}`
  return `${sign}${sayPercent(Math.abs(size - usual) / usual)}`
}
