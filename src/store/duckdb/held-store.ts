import { rm } from 'node:fs/promises'
import { invariant } from '../../model/invariant.ts'
import type { RecordedState } from '../../model/recorded.ts'
import type { Store, StoreWrite } from '../../ports.ts'
import { isLogged, raisesHead } from '../small-state.ts'
import { publishSnapshot, type StorePlace } from '../snapshot.ts'
import { stateLogPath } from '../state-log.ts'
import { openStateLog } from '../state-log-writer.ts'
import { createTurns } from '../turns.ts'
import type { Connection } from './connection.ts'
import type { DeltaTables } from './delta.ts'
import { readJournal, readRuns } from './journal.ts'
import { markUncounted, recount, touchedKeys } from './ledger-counts.ts'
import { type HeldLock, type LockTerms, takeLock } from './lock.ts'
import { openSpool } from './spool.ts'
import { raiseHead, readHead, readState } from './state.ts'
import { applyWrite } from './writes.ts'

/** Takes the lock on an open file and offers it as a store. Closing the store closes the file. */
export const holdStore = async (connection: Connection, options: StorePlace & LockTerms): Promise<Store> => {
  const { path, target } = options
  const spoolFolder = `${path}.spool`
  // Left behind by a process that was killed; nobody else can be using it while we hold the file.
  await rm(spoolFolder, { recursive: true, force: true })

  const read = (): Promise<RecordedState> => readRecounted(connection)
  const { storeId } = await read()
  invariant(storeId, 'a store that is open for writing has an id')
  const log = await openStateLog({ path: stateLogPath(path), storeId, target, readState: read })
  const held = await takeLock(connection, options)
  const inTurn = createTurns()
  const publish = (): Promise<void> => inTurn(async () => publishSnapshot(options, await read()))
  await publish()

  const deltas = new Map<string, DeltaTables>()
  let spools = 0
  return {
    get lock() {
      return held.lock
    },
    ...(held.tookOverFrom ? { tookOverFrom: held.tookOverFrom } : {}),
    readState: read,
    readJournal: limit => readJournal(connection, limit),
    readRuns: limit => readRuns(connection, limit),
    commit: async writes => {
      const head = await commitWrites(held, writes, deltas)
      const logged = writes.filter(isLogged)
      if (logged.length > 0) await log.append({ head, writes: logged })
      if (writes.some(write => raisesHead(write) || write.kind === 'run')) await publish()
    },
    openSpool: audience => {
      spools += 1
      return openSpool({
        connection,
        held,
        audience,
        number: spools,
        path: `${spoolFolder}/${spools}.rows`,
        onOpen: tables => deltas.set(audience, tables),
        onClose: () => deltas.delete(audience),
      })
    },
    close: async () => {
      try {
        // What was published under another lock is not ours to replace.
        if (await held.release()) await publish()
      } finally {
        await connection.close()
        await log.close()
        await rm(spoolFolder, { recursive: true, force: true })
      }
    },
  }
}

const commitWrites = (
  held: HeldLock,
  writes: readonly StoreWrite[],
  deltas: ReadonlyMap<string, DeltaTables>,
): Promise<number> =>
  held.transact(async inner => {
    for (const write of writes) await applyWrite(inner, write, deltas)
    await markUncounted(inner, new Set(writes.flatMap(touchedKeys)))
    if (writes.some(raisesHead)) await raiseHead(inner)
    return readHead(inner)
  })

const readRecounted = (connection: Connection): Promise<RecordedState> =>
  connection.transact(async inner => {
    await recount(inner)
    return readState(inner)
  })
