/** A moment as ISO 8601 in UTC with milliseconds, for example `2026-11-23T10:00:00.000Z`. Sorts as text. */
export type Instant = string

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

const UNIT_MS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS }

/** Milliseconds of a written duration (`90m`, `2h`, `7d`), or undefined when it is none. */
export const parseDurationMs = (written: string): number | undefined => {
  const match = /^([1-9][0-9]*)([mhd])$/.exec(written)
  if (!match?.[1] || !match[2]) return undefined
  const unitMs = UNIT_MS[match[2]]
  return unitMs === undefined ? undefined : Number(match[1]) * unitMs
}

/** The longest unit that states the duration exactly: 5400000 → `90m`, 604800000 → `7d`. Whole minutes only. */
export const formatDuration = (durationMs: number): string => {
  if (durationMs > 0 && durationMs % DAY_MS === 0) return `${durationMs / DAY_MS}d`
  if (durationMs > 0 && durationMs % HOUR_MS === 0) return `${durationMs / HOUR_MS}h`
  return `${Math.round(durationMs / MINUTE_MS)}m`
}

/** An age for people: `just now`, `12 min`, `5 h`, `3 d`. Whole units, rounded down. */
export const formatAge = (since: Instant, now: Instant): string => {
  const ageMs = Date.parse(now) - Date.parse(since)
  if (ageMs < MINUTE_MS) return 'just now'
  if (ageMs < HOUR_MS) return `${Math.floor(ageMs / MINUTE_MS)} min`
  if (ageMs < DAY_MS) return `${Math.floor(ageMs / HOUR_MS)} h`
  return `${Math.floor(ageMs / DAY_MS)} d`
}

/** The instant of an ISO text, or undefined when it is not one. A missing zone is refused: it would mean this machine's. */
export const parseInstant = (written: string): Instant | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(written))
    return undefined
  const ms = Date.parse(written)
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}
