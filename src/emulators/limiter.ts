/** At most `max` units in any `seconds` in a row. */
export interface RateWindow {
  max: number
  seconds: number
}

/** The answer to one request: taken or not, and the tightest window's figures for the headers. */
export interface RateVerdict {
  allowed: boolean
  window: RateWindow
  remaining: number
  /** Milliseconds until the window has room again (or, when it has, until its oldest unit leaves). */
  resetMs: number
}

/** Counts units against sliding windows. */
export interface Limiter {
  take(units?: number): RateVerdict
}

/** Sliding windows over the given time; a refused request does not count. */
export const createLimiter = (windows: readonly RateWindow[], nowMs: () => number): Limiter => {
  const longestMs = Math.max(...windows.map(window => window.seconds)) * 1000
  let taken: { atMs: number; units: number }[] = []
  const judge = (window: RateWindow, now: number, units: number): RateVerdict => {
    const sinceMs = now - window.seconds * 1000
    const inside = taken.filter(entry => entry.atMs > sinceMs)
    const used = inside.reduce((sum, entry) => sum + entry.units, 0)
    const oldestMs = inside[0]?.atMs ?? now
    const remaining = window.max - used - units
    return { allowed: remaining >= 0, window, remaining: Math.max(0, remaining), resetMs: oldestMs - sinceMs }
  }
  return {
    take: (units = 1) => {
      const now = nowMs()
      taken = taken.filter(entry => entry.atMs > now - longestMs)
      const verdicts = windows.map(window => judge(window, now, units))
      const refused = verdicts.filter(verdict => !verdict.allowed)
      const tightest = (refused.length > 0 ? refused : verdicts).reduce((a, b) => {
        if (refused.length > 0) return b.resetMs > a.resetMs ? b : a
        return b.remaining < a.remaining ? b : a
      })
      if (tightest.allowed) taken.push({ atMs: now, units })
      return tightest
    },
  }
}
