import { existsSync } from 'node:fs'
import { fail } from '../../model/failure.ts'
import type { Lock } from '../../model/recorded.ts'
import { describeHolder } from '../holder.ts'
import { publishSnapshot } from '../snapshot.ts'
import type { Statements } from './connection.ts'
import { dropLock, readLock } from './lock.ts'
import { openForWriting, type WritingOptions } from './open.ts'
import { readState } from './state.ts'

/**
 * Removes the lock of a run that never let go, and answers whose it was. Only the one with exactly that id: what was
 * looked up a minute ago may have been replaced since.
 */
export const unlockDuckdbStore = async (options: WritingOptions, lockId: string): Promise<Lock> => {
  if (!existsSync(options.path)) return refuseNoLock(options.path)
  const connection = await openForWriting(options)
  try {
    const lock = await connection.transact(inner => removeLock(inner, options.path, lockId))
    await publishSnapshot(options, await connection.transact(readState))
    return lock
  } finally {
    await connection.close()
  }
}

const removeLock = async (inner: Statements, path: string, lockId: string): Promise<Lock> => {
  const lock = (await readLock(inner)) ?? refuseNoLock(path)
  if (lock.id !== lockId) {
    fail({
      origin: 'store',
      code: 'store/other-lock',
      detail: `"${path}" is locked under ${lock.id}, by ${describeHolder(lock)}.`,
      hint: `if that run has ended, muster state unlock ${lock.id}`,
      retryable: false,
    })
  }
  await dropLock(inner)
  return lock
}

const refuseNoLock = (path: string): never =>
  fail({
    origin: 'store',
    code: 'store/no-such-lock',
    detail: `Nobody has a lock on "${path}".`,
    hint: 'nothing is to be done: the next command can write',
    retryable: false,
  })
