import { fail } from '../../model/failure.ts'
import type { Lock } from '../../model/recorded.ts'
import type { Clock } from '../../ports.ts'
import { describeHolder } from '../holder.ts'
import type { Statements } from './connection.ts'
import { dropLock, readLock } from './lock.ts'
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

const removeLock = async (inner: Statements, name: string, lockId: string): Promise<Lock> => {
  const lock = (await readLock(inner)) ?? refuseNoLock(name)
  if (lock.id !== lockId) {
    fail({
      origin: 'store',
      code: 'store/other-lock',
      detail: `"${name}" is locked under ${lock.id}, by ${describeHolder(lock)}.`,
      hint: `if that run has ended, muster state unlock ${lock.id}`,
      retryable: false,
    })
  }
  await dropLock(inner)
  return lock
}

const refuseNoLock = (name: string): never =>
  fail({
    origin: 'store',
    code: 'store/no-such-lock',
    detail: `Nobody has a lock on "${name}".`,
    hint: 'nothing is to be done: the next command can write',
    retryable: false,
  })
