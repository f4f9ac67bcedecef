import { failureOf } from '../model/failure.ts'
import { MINUTE_MS } from '../model/time.ts'
import type { CliContext } from './context.ts'

const PAUSE_MS = 30_000
const LONGEST_WAIT_MS = 5 * MINUTE_MS

/**
 * Runs what opens the store, again and again while somebody else holds it: a sync takes minutes as a rule, and whoever
 * comes by on a schedule of its own should not fail over it.
 */
export const awaitStore = async <T>(
  open: () => Promise<T>,
  { clock, signal, warn }: Pick<CliContext, 'clock' | 'signal' | 'warn'>,
): Promise<T> => {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      return await open()
    } catch (error) {
      const isBusy = failureOf(error)?.code === 'store/busy'
      if (!isBusy || waitedMs >= LONGEST_WAIT_MS || signal.aborted) throw error
      if (waitedMs === 0) warn('note: the store is in use; waiting for up to five minutes.\n')
      await clock.sleep(PAUSE_MS, signal)
    }
  }
}
