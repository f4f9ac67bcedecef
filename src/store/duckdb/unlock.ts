import { existsSync } from 'node:fs'
import type { Lock } from '../../model/recorded.ts'
import { publishSnapshot } from '../snapshot.ts'
import { refuseNoLock, removeLock } from '../sql/lock-row.ts'
import { readState } from '../sql/state.ts'
import { openForWriting, type WritingOptions } from './open.ts'

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
