import { setTimeout as wait } from 'node:timers/promises'
import { MINUTE_MS } from '../../model/time.ts'
import type { HeldLock } from './lock.ts'

/** Three times before a lease runs out. */
const RENEW_EVERY_MS = 3 * MINUTE_MS

export interface LeaseTerms {
  readonly everyMs?: number
  /** Is told of the failure at which it was lost. */
  readonly onLost?: (error: unknown) => void
}

/**
 * Moves the end of a lease while nothing is written, as in a read that waits hours for an export. Stops when it is told,
 * and at the first failure: whatever is written next meets the same one. Real time, whatever the user set the clock to:
 * the server's goes on.
 */
export const keepLease = (
  held: Pick<HeldLock, 'transact'>,
  { everyMs = RENEW_EVERY_MS, onLost }: LeaseTerms = {},
): { stop(): Promise<void> } => {
  const stopping = new AbortController()
  const renewing = renew(held, everyMs, stopping.signal).catch((error: unknown) => {
    if (!stopping.signal.aborted) onLost?.(error)
  })
  return {
    stop: () => {
      stopping.abort()
      return renewing
    },
  }
}

const renew = async (
  held: Pick<HeldLock, 'transact'>,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> => {
  for (;;) {
    await wait(everyMs, undefined, { signal, ref: false })
    await held.transact(async () => undefined)
  }
}
