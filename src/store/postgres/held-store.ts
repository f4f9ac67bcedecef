import { join } from 'node:path'
import { invariant } from '../../model/invariant.ts'
import type { Clock, Store } from '../../ports.ts'
import { createHeldState } from '../held-state.ts'
import { sweepSpools } from '../spool-file.ts'
import { readAlerts, readCounts } from '../sql/history.ts'
import { readStoreId } from '../sql/identity.ts'
import { readJournal, readRuns } from '../sql/journal.ts'
import { createSpools } from '../sql/spools.ts'
import { readState } from '../sql/state.ts'
import { applyWrites } from '../sql/writes.ts'
import { createTurns } from '../turns.ts'
import { compareOnServer } from './compare-on-server.ts'
import type { Connection } from './connection.ts'
import { keepLease, type LeaseTerms } from './keep-lease.ts'
import { readLedgerCounts } from './ledger-counts.ts'
import { createListReader } from './lists.ts'
import { type LockTerms, takeLock } from './lock.ts'
import { readOverlaps } from './overlaps.ts'

export interface HoldOptions extends LockTerms, Pick<LeaseTerms, 'onLost'> {
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
  const lease = keepLease(held, options)

  const inTurn = createTurns()
  const state = createHeldState({
    readState: () => connection.transactOnSnapshot(readState),
    readSizes: () => connection.transactOnSnapshot(readLedgerCounts),
  })
  const spools = createSpools({
    folder: spoolFolder,
    clock,
    lists: createListReader(connection),
    transact: work => held.transact(work).finally(state.markUncounted),
    dropTables: async names => {
      if (names.length === 0) return
      await connection.transact(inner => inner.run(`DROP TABLE ${names.join(', ')}`))
    },
    computeDelta: subject => compareOnServer(connection, subject),
  })
  return {
    get lock() {
      return held.lock
    },
    ...(held.tookOverFrom ? { tookOverFrom: held.tookOverFrom } : {}),
    readState: () => inTurn(() => state.read(held.lock)),
    readJournal: limit => readJournal(connection, limit),
    readRuns: (limit, command) => readRuns(connection, limit, command),
    readCounts: (audience, limit) => readCounts(connection, audience, limit),
    readAlerts: () => readAlerts(connection),
    commit: writes =>
      inTurn(async () => {
        const head = await held
          .transact(inner => applyWrites(inner, writes, spools.openDeltas))
          .catch((error: unknown) => {
            state.forget()
            throw error
          })
        state.take({ head, writes })
      }),
    readOverlaps: () => readOverlaps(connection),
    openSpool: spools.open,
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
