import { join } from 'node:path'
import { invariant } from '../../model/invariant.ts'
import type { RecordedState } from '../../model/recorded.ts'
import type { StoreWrite } from '../../model/store-write.ts'
import type { Store } from '../../ports.ts'
import { createPublisher } from '../publisher.ts'
import { isLogged, raisesHead } from '../small-state.ts'
import type { StorePlace } from '../snapshot.ts'
import { removeSpool, resumablePath, sweepSpools } from '../spool-file.ts'
import { stateLogPath } from '../state-log.ts'
import { openStateLog } from '../state-log-writer.ts'
import { createTurns } from '../turns.ts'
import type { OpenDeltas } from './batch-writes.ts'
import type { Connection } from './connection.ts'
import type { OpenDelta } from './delta.ts'
import { createHeldState } from './held-state.ts'
import { readAlerts, readCounts } from './history.ts'
import { readJournal, readRuns } from './journal.ts'
import { type HeldLock, type LockTerms, takeLock } from './lock.ts'
import { readOverlaps } from './overlaps.ts'
import { openSpool } from './spool.ts'
import { raiseHead, readHead } from './state.ts'
import { applyWrites } from './writes.ts'

/** Takes the lock on an open file and offers it as a store. Closing the store closes the file. */
export const holdStore = async (connection: Connection, options: StorePlace & LockTerms): Promise<Store> => {
  const { path, target } = options
  const spoolFolder = `${path}.spool`
  // Left behind by a process that was killed; nobody else can be using it while we hold the file.
  await sweepSpools(spoolFolder, options.clock.now())

  const state = createHeldState(connection)
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
  const readState = (): Promise<RecordedState> => inTurn(() => state.read(isHeld ? held.lock : undefined))
  const publisher = createPublisher(options, readState)
  await publisher.publish()

  const deltas = new Map<string, OpenDelta>()
  let spools = 0
  return {
    get lock() {
      return held.lock
    },
    ...(held.tookOverFrom ? { tookOverFrom: held.tookOverFrom } : {}),
    readState,
    readJournal: limit => readJournal(connection, limit),
    readRuns: (limit, command) => readRuns(connection, limit, command),
    readCounts: (audience, limit) => readCounts(connection, audience, limit),
    readAlerts: () => readAlerts(connection),
    commit: async writes => {
      await inTurn(async () => {
        const head = await commitWrites(held, writes, deltas).catch((error: unknown) => {
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
    openSpool: async (audience, { resumeKey } = {}) => {
      spools += 1
      const resumable = resumablePath(spoolFolder, audience)
      if (resumeKey === undefined) await removeSpool(resumable)
      return openSpool({
        connection,
        held: { transact: work => held.transact(work).finally(state.markUncounted) },
        audience,
        number: spools,
        path: resumeKey === undefined ? join(spoolFolder, `${spools}.rows`) : resumable,
        resumeKey,
        clock: options.clock,
        onOpen: delta => deltas.set(audience, delta),
        onClose: () => deltas.delete(audience),
      })
    },
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

const commitWrites = (held: HeldLock, writes: readonly StoreWrite[], deltas: OpenDeltas): Promise<number> =>
  held.transact(async inner => {
    await applyWrites(inner, writes, deltas)
    if (writes.some(raisesHead)) await raiseHead(inner)
    return readHead(inner)
  })
