import { join } from 'node:path'
import { invariant } from '../../model/invariant.ts'
import type { Clock, Store } from '../../ports.ts'
import { raisesHead } from '../small-state.ts'
import { removeSpool, resumablePath, sweepSpools } from '../spool-file.ts'
import type { Connection } from './connection.ts'
import type { OpenDelta } from './delta.ts'
import { readAlerts, readCounts } from './history.ts'
import { readStoreId } from './identity.ts'
import { readJournal, readRuns } from './journal.ts'
import { keepLease } from './keep-lease.ts'
import { type LockTerms, takeLock } from './lock.ts'
import { readOverlaps } from './overlaps.ts'
import { openSpool } from './spool.ts'
import { raiseHead, readState } from './state.ts'
import { applyWrites } from './writes.ts'

export interface HoldOptions extends LockTerms {
  /** Where read people wait on this machine. Holds a folder for each store. */
  readonly spoolFolder: string
  readonly clock: Pick<Clock, 'now' | 'sleep'>
}

/** Takes the lock on an open session and offers it as a store. Closing the store ends the session. */
export const holdStore = async (connection: Connection, options: HoldOptions): Promise<Store> => {
  const { clock } = options
  const held = await takeLock(connection, options)
  const storeId = await readStoreId(connection)
  invariant(storeId, 'a store that is open for writing has an id')
  // Only who holds the store uses it.
  const spoolFolder = join(options.spoolFolder, storeId)
  // Left behind by a process that was killed.
  await sweepSpools(spoolFolder, clock.now())
  const lease = keepLease(held)

  const deltas = new Map<string, OpenDelta>()
  let spools = 0
  return {
    get lock() {
      return held.lock
    },
    ...(held.tookOverFrom ? { tookOverFrom: held.tookOverFrom } : {}),
    readState: () => connection.transactOnSnapshot(readState),
    readJournal: limit => readJournal(connection, limit),
    readRuns: (limit, command) => readRuns(connection, limit, command),
    readCounts: (audience, limit) => readCounts(connection, audience, limit),
    readAlerts: () => readAlerts(connection),
    commit: writes =>
      held.transact(async inner => {
        await applyWrites(inner, writes, deltas)
        if (writes.some(raisesHead)) await raiseHead(inner)
      }),
    readOverlaps: () => readOverlaps(connection),
    openSpool: async (audience, { resumeKey } = {}) => {
      spools += 1
      const resumable = resumablePath(spoolFolder, audience)
      if (resumeKey === undefined) await removeSpool(resumable)
      return openSpool({
        connection,
        held,
        audience,
        number: spools,
        path: resumeKey === undefined ? join(spoolFolder, `${spools}.rows`) : resumable,
        resumeKey,
        clock,
        onOpen: delta => deltas.set(audience, delta),
        onClose: () => deltas.delete(audience),
      })
    },
    close: async () => {
      await lease.stop()
      try {
        // As soon as the lock is gone, the spools may be those of another process.
        await held.release(() => sweepSpools(spoolFolder, clock.now()))
      } finally {
        await connection.close()
      }
    },
  }
}
