import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/time.ts'

/** How many are named before the rest is counted. */
const MOST_NAMED = 5

/** `"vip"`, `"vip" and "winback"`, or `"a", "b", "c", "d", "e" and 7 more`. */
export const nameAll = (names: readonly string[]): string => {
  // In the place of "1 more" a name fits as well.
  const told = names
    .slice(0, names.length === MOST_NAMED + 1 ? undefined : MOST_NAMED)
    .map(name => `"${name}"`)
  const hidden = names.length - told.length
  const parts = hidden === 0 ? told : [...told, `${hidden} more`]
  if (parts.length < 2) return parts.join('')
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** A time as people say it: `35 min`, `2 h 5 min`, `3 d`. */
export const sayTime = (durationMs: number): string => {
  const days = Math.floor(durationMs / DAY_MS)
  const hours = Math.floor((durationMs % DAY_MS) / HOUR_MS)
  const minutes = Math.round((durationMs % HOUR_MS) / MINUTE_MS)
  const parts = [
    ...(days > 0 ? [`${days} d`] : []),
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(minutes > 0 ? [`${minutes} min`] : []),
  ]
  return parts.join(' ') || '0 min'
}

/** `20%`, `0.5%`. */
export const sayShare = (ratio: number): string => `${Number((ratio * 100).toFixed(1))}%`

/** `1,240`: with commas on every machine. */
export const sayCount = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
