import type { Lock } from '../../model/recorded.ts'
import type { Clock } from '../../ports.ts'
import { refuseNoLock, removeLock } from '../sql/lock-row.ts'
import { openForReading, type SessionOptions } from './open.ts'
import { type PlaceOptions, toSession } from './session.ts'

export interface UnlockOptions extends PlaceOptions {
  readonly clock: Pick<Clock, 'sleep'>
}

/**
 * Removes the lock of a run, and answers whose it was. Only the one with exactly that id: what was looked up a minute ago
 * may have been replaced since. A run that still goes on under it is refused whatever it writes next.
 */
export const unlockPostgresStore = (options: UnlockOptions, lockId: string): Promise<Lock> =>
  removePostgresLock({ ...options, ...toSession(options) }, lockId)

/** The same, over a session of the caller's choice. */
export const removePostgresLock = async (options: SessionOptions, lockId: string): Promise<Lock> => {
  const { name } = options
  const connection = (await openForReading(options)) ?? refuseNoLock(name)
  try {
    return await connection.transact(inner => removeLock(inner, name, lockId))
  } finally {
    await connection.close()
  }
}
