import { invariant } from '../model/invariant.ts'
import type { Clock } from '../ports.ts'

/** Lets calls start no faster than a vendor allows. One pace is one budget: share it between all who spend it. */
export interface Pace {
  /** Resolves when the caller may start, first come first served. Rejects with the signal's reason when aborted. */
  take(signal?: AbortSignal): Promise<void>
  /** Nobody starts for so long: for the moment after a vendor said "too many". */
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

/**
 * Two rules at once. The window is the promise: never more than `limit` starts in `intervalMs`, wherever the window
 * is laid. The spacing is the manners: after a burst, starts keep even distances. A bucket alone would allow burst
 * plus limit in its first window; a window alone would spend a minute's budget in a second and then stand still.
 */
export const createPace = ({ limit, intervalMs, clock, burst = Math.ceil(limit / 4) }: PaceOptions): Pace => {
  invariant(Number.isInteger(limit) && limit >= 1, `a pace needs a whole limit of at least 1, not ${limit}`)
  invariant(intervalMs > 0, `a pace needs an interval, not ${intervalMs} ms`)
  invariant(burst >= 1 && burst <= limit, `a burst of ${burst} does not fit a limit of ${limit}`)

  const spacingMs = intervalMs / limit
  /** The latest starts, oldest first, never more than `limit` of them. */
  const starts: number[] = []
  let pausedUntilMs = Number.NEGATIVE_INFINITY
  /** When the next start would fall due if all starts kept their distance; a burst runs ahead of it. */
  let dueMs = Number.NEGATIVE_INFINITY
  let lastTurn: Promise<void> = Promise.resolve()

  const opensAtMs = (): number => {
    const windowOpensMs = (starts.length < limit ? undefined : starts[0]) ?? Number.NEGATIVE_INFINITY
    return Math.max(pausedUntilMs, windowOpensMs + intervalMs, dueMs - (burst - 1) * spacingMs)
  }

  const recordStart = (nowMs: number): void => {
    starts.push(nowMs)
    if (starts.length > limit) starts.shift()
    dueMs = Math.max(dueMs, nowMs) + spacingMs
  }

  const waitForTurn = async (signal?: AbortSignal): Promise<void> => {
    for (;;) {
      signal?.throwIfAborted()
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
      pausedUntilMs = Math.max(pausedUntilMs, clock.monotonicMs() + ms)
    },
  }
}
