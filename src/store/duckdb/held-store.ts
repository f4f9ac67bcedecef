import { invariant } from '../../model/invariant.ts'
import type { RecordedState } from '../../model/recorded.ts'
import type { Store } from '../../ports.ts'
import { createHeldState } from '../held-state.ts'
import { createPublisher } from '../publisher.ts'
import { isLogged, raisesHead } from '../small-state.ts'
import type { StorePlace } from '../snapshot.ts'
import { sweepSpools } from '../spool-file.ts'
import { computeDelta } from '../sql/compute-delta.ts'
import { readAlerts, readCounts } from '../sql/history.ts'
import { readJournal, readRuns } from '../sql/journal.ts'
import { createSpools } from '../sql/spools.ts'
import { readState } from '../sql/state.ts'
import { applyWrites } from '../sql/writes.ts'
import { stateLogPath } from '../state-log.ts'
import { openStateLog } from '../state-log-writer.ts'
import { createTurns } from '../turns.ts'
import type { Connection } from './connection.ts'
import { countMembers, recountAll } from './ledger-counts.ts'
import { createListReader } from './lists.ts'
import { type LockTerms, takeLock } from './lock.ts'
import { matchLedger } from './match-ledger.ts'
import { readOverlaps } from './overlaps.ts'

/** Takes the lock on an open file and offers it as a store. Closing the store closes the file. */
export const holdStore = async (connection: Connection, options: StorePlace & LockTerms): Promise<Store> => {
  const { path, target } = options
  const spoolFolder = `${path}.spool`
  // Left behind by a process that was killed; nobody else can be using it while we hold the file.
  await sweepSpools(spoolFolder, options.clock.now())

  const state = createHeldState({
    readSizes: () => connection.transact(recountAll),
    readState: () =>
      connection.transact(async inner => {
        await recountAll(inner)
        return readState(inner)
      }),
  })
  const { storeId } = await state.read()
  invariant(storeId, 'a store that is open for writing has an id')
  const log = await openStateLog({
    path: stateLogPath(path),
    storeId,
    target,
    readState: state.readUncounted,
  })
  const held = await takeLock(connection, options)
  const inTurn = createTurns()
  let isHeld = true
  const readHeld = (): Promise<RecordedState> => inTurn(() => state.read(isHeld ? held.lock : undefined))
  const publisher = createPublisher(options, readHeld)
  await publisher.publish()

  const spools = createSpools({
    folder: spoolFolder,
    clock: options.clock,
    lists: createListReader(connection),
    transact: work => held.transact(work).finally(state.markUncounted),
    dropTables: names =>
      connection.transact(async inner => {
        for (const name of names) await inner.run(`DROP TABLE ${name}`)
      }),
    computeDelta: subject =>
      connection.transact(inner =>
        computeDelta(inner, subject, {
          matchLedger: comparison => matchLedger(inner, comparison),
          countMembers: () => countMembers(inner, subject.audience),
        }),
      ),
  })
  return {
    get lock() {
      return held.lock
    },
    ...(held.tookOverFrom ? { tookOverFrom: held.tookOverFrom } : {}),
    readState: readHeld,
    readJournal: limit => readJournal(connection, limit),
    readRuns: (limit, command) => readRuns(connection, limit, command),
    readCounts: (audience, limit) => readCounts(connection, audience, limit),
    readAlerts: () => readAlerts(connection),
    commit: async writes => {
      await inTurn(async () => {
        const head = await held
          .transact(inner => applyWrites(inner, writes, spools.openDeltas))
          .catch((error: unknown) => {
            state.forget()
            throw error
          })
        state.take({ head, writes })
        const logged = writes.filter(isLogged)
        if (logged.length > 0) await log.append({ head, writes: logged })
      })
      if (writes.some(write => raisesHead(write) || write.kind === 'run')) await publisher.publishWhenDue()
    },
    readOverlaps: () => readOverlaps(connection),
    openSpool: spools.open,
    close: async () => {
      try {
        // What was published under another lock is not ours to replace.
        if (!(await held.release())) return
        isHeld = false
        state.unlock()
        await publisher.publish()
      } finally {
        try {
          // As soon as the file is free, the spools may be those of another process.
          await sweepSpools(spoolFolder, options.clock.now())
        } finally {
          await connection.close()
          await log.close()
        }
      }
    },
  }
}
