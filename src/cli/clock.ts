import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import type { Instant } from '../model/time.ts'
import type { Clock } from '../ports.ts'

/** The machine's clock. With `fixedNow`, `now` stands still there, while waiting and measuring go on as ever. */
export const createClock = (fixedNow?: Instant): Clock => ({
  now: () => fixedNow ?? new Date().toISOString(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await wait(ms, undefined, signal ? { signal } : {})
    } catch (error) {
      if (!signal?.aborted) throw error
    }
  },
})
