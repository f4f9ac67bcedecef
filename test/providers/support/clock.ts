import type { Clock } from '../../../src/ports.ts'

export interface InstantClock extends Clock {
  /** Every wait that was asked for, in milliseconds. */
  readonly waits: readonly number[]
  advance(ms: number): void
}

/** A clock on which waiting takes no time: a sleep moves it and is over. */
export const createInstantClock = (): InstantClock => {
  let elapsedMs = 0
  const waits: number[] = []
  return {
    waits,
    now: () => new Date(Date.UTC(2026, 10, 23, 10) + elapsedMs).toISOString(),
    monotonicMs: () => elapsedMs,
    advance: ms => {
      elapsedMs += ms
    },
    sleep: async (ms, signal) => {
      if (signal?.aborted) return
      waits.push(ms)
      elapsedMs += ms
    },
  }
}
