import { invariant } from '../model/invariant.ts'
import type { Clock } from '../ports.ts'

/** Lets calls start no faster than a vendor allows. One pace is one budget: share it between all who spend it. */
export interface Pace {
  /** Resolves when the caller may start, first come first served. Rejects with the signal's reason when aborted. */
  take(signal?: AbortSignal): Promise<void>
  /**
   * A vendor said "too many": nobody starts for so long, and from then on fewer do, because somebody else spends the
   * same limit. The pace comes back to its own by and by.
   */
  pauseFor(ms: number): void
}

export interface PaceOptions {
  /** Starts allowed in any window of `intervalMs`. */
  readonly limit: number
  readonly intervalMs: number
  readonly clock: Clock
  /** Starts that may follow each other at once after a quiet time. A quarter of the limit unless told otherwise. */
  readonly burst?: number
}

/** What is left of the pace after the vendor said "too many", once for all calls that hear it together. */
const SLOWED_TO = 0.5

/** How much of the limit is won back in one interval without hearing it again. */
const WON_BACK = 0.1

/** How much of a burst is left while the pace is slowed: those who waited for the pause to end may go together. */
const SLOW_BURST = 1 / 16

/** However often it is said: so much of the limit is always tried, or nobody would notice that it is free again. */
const LEAST = 1 / 16

/**
 * Two rules at once. The window is the promise: never more than `limit` starts in `intervalMs`, wherever the window
 * is laid. The spacing is the manners: after a burst, starts keep even distances. A bucket alone would allow burst
 * plus limit in its first window; a window alone would spend a minute's budget in a second and then stand still.
 *
 * A refusal halves the rate, which then grows by even steps: so two who share a limit without knowing of each other both
 * find a share of it. While it is slowed, bursts are short.
 */
export const createPace = ({ limit, intervalMs, clock, burst = Math.ceil(limit / 4) }: PaceOptions): Pace => {
  invariant(Number.isInteger(limit) && limit >= 1, `a pace needs a whole limit of at least 1, not ${limit}`)
  invariant(intervalMs > 0, `a pace needs an interval, not ${intervalMs} ms`)
  invariant(burst >= 1 && burst <= limit, `a burst of ${burst} does not fit a limit of ${limit}`)

  const slowBurst = Math.ceil(burst * SLOW_BURST)
  /** The latest starts, oldest first, never more than `limit` of them. */
  const starts: number[] = []
  let pausedUntilMs = Number.NEGATIVE_INFINITY
  /** When the next start would fall due if all starts kept their distance; a burst runs ahead of it. */
  let dueMs = Number.NEGATIVE_INFINITY
  /** The rate it was slowed to, in starts an interval, and since when it grows again. */
  let slowed: { readonly rate: number; readonly sinceMs: number } | undefined
  let lastTurn: Promise<void> = Promise.resolve()

  const rateAt = (nowMs: number): number => {
    if (!slowed) return limit
    const intervals = Math.max(0, nowMs - slowed.sinceMs) / intervalMs
    return Math.min(limit, slowed.rate + intervals * WON_BACK * limit)
  }

  const recover = (nowMs: number): void => {
    if (!slowed || rateAt(nowMs) < limit) return
    slowed = undefined
    // Back at its own pace, not at the beginning: the rest of the burst counts as spent, and is earned by a quiet time.
    dueMs += (burst - slowBurst) * (intervalMs / limit)
  }

  const opensAtMs = (): number => {
    const windowOpensMs = (starts.length < limit ? undefined : starts[0]) ?? Number.NEGATIVE_INFINITY
    const nowMs = clock.monotonicMs()
    const aheadMs = ((slowed ? slowBurst : burst) - 1) * (intervalMs / rateAt(nowMs))
    return Math.max(pausedUntilMs, windowOpensMs + intervalMs, dueMs - aheadMs)
  }

  const recordStart = (nowMs: number): void => {
    starts.push(nowMs)
    if (starts.length > limit) starts.shift()
    dueMs = Math.max(dueMs, nowMs) + intervalMs / rateAt(nowMs)
  }

  const waitForTurn = async (signal?: AbortSignal): Promise<void> => {
    for (;;) {
      signal?.throwIfAborted()
      recover(clock.monotonicMs())
      const waitMs = opensAtMs() - clock.monotonicMs()
      if (waitMs <= 0) return recordStart(clock.monotonicMs())
      // Asked again after each sleep: timers fire early, and a pause may have been called meanwhile.
      await clock.sleep(Math.ceil(waitMs), signal)
    }
  }

  return {
    take: signal => {
      const turn = lastTurn.then(() => waitForTurn(signal))
      // An abort belongs to the caller whose turn it was; those behind go on.
      lastTurn = turn.catch(() => {})
      return turn
    },
    pauseFor: ms => {
      const nowMs = clock.monotonicMs()
      // Calls that were under way together hear it together: that is one refusal, not several.
      const isNews = nowMs >= pausedUntilMs
      const rate = Math.max(limit * LEAST, rateAt(nowMs) * SLOWED_TO)
      pausedUntilMs = Math.max(pausedUntilMs, nowMs + ms)
      // Another short burst is earned by a quiet time, not by a refusal.
      dueMs = slowed ? Math.max(dueMs, pausedUntilMs) : pausedUntilMs
      slowed = { rate: isNews || !slowed ? rate : slowed.rate, sinceMs: pausedUntilMs }
    },
  }
}
