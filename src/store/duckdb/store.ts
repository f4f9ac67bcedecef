import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { failureOf } from '../../model/failure.ts'
import { EMPTY_STATE, type RecordedState } from '../../model/recorded.ts'
import type { Clock, StateReader, Store, StoreWrite } from '../../ports.ts'
import { publishSnapshot, readSnapshot } from '../snapshot.ts'
import type { Connection } from './connection.ts'
import { openConnection } from './open.ts'
import { type DeltaTables, openSpool } from './spool.ts'
import { readJournal, readRuns, readState } from './state.ts'
import { applyWrite, raisesHead } from './writes.ts'

export interface StoreOptions {
  /** The store's file. Its folder is made when missing. */
  readonly path: string
  /** Which accounts it belongs to, in words: see `describeAccounts`. */
  readonly target: string
  readonly clock: Pick<Clock, 'sleep'>
  readonly memoryLimit?: string
}

/** Where the small state is published for readers while the file itself is held. */
const snapshotPath = (path: string): string => `${path}.state.json`
const spoolFolder = (path: string): string => `${path}.spool`

/** Opens the store for writing: alone on its file until `close`. */
export const openDuckdbStore = async (options: StoreOptions): Promise<Store> => {
  const connection = await openConnection({ ...options, access: 'write' })
  // Left behind by a process that was killed; nobody else can be using it while we hold the file.
  await rm(spoolFolder(options.path), { recursive: true, force: true })
  const deltas = new Map<string, DeltaTables>()
  let spools = 0
  const publish = async (): Promise<void> =>
    publishSnapshot(snapshotPath(options.path), await readState(connection))
  await publish()
  return {
    readState: () => readState(connection),
    readJournal: limit => readJournal(connection, limit),
    readRuns: limit => readRuns(connection, limit),
    commit: async writes => {
      await commitWrites(connection, writes, deltas)
      if (writes.some(write => raisesHead(write) || write.kind === 'run')) await publish()
    },
    openSpool: audience => {
      spools += 1
      return openSpool({
        connection,
        audience,
        number: spools,
        path: `${spoolFolder(options.path)}/${spools}.rows`,
        onOpen: tables => deltas.set(audience, tables),
        onClose: () => deltas.delete(audience),
      })
    },
    close: async () => {
      try {
        await publish()
      } finally {
        await connection.close()
        await rm(spoolFolder(options.path), { recursive: true, force: true })
      }
    },
  }
}

const commitWrites = (
  connection: Connection,
  writes: readonly StoreWrite[],
  deltas: ReadonlyMap<string, DeltaTables>,
): Promise<void> =>
  connection.transact(async inner => {
    for (const write of writes) await applyWrite(inner, write, deltas)
    if (writes.some(raisesHead)) await inner.run('UPDATE head SET value = value + 1')
  })

/**
 * Reads the small state without ever holding the file against a writer: from the store when it is free, else from
 * what its holder last published. A store that does not exist yet is an empty one, and is not created.
 */
export const createDuckdbStateReader = (options: StoreOptions): StateReader => ({
  readState: async (): Promise<RecordedState> => {
    if (!existsSync(options.path)) return EMPTY_STATE
    try {
      const connection = await openConnection({ ...options, access: 'read' })
      try {
        return await readState(connection)
      } finally {
        await connection.close()
      }
    } catch (error) {
      if (failureOf(error)?.code !== 'store/busy') throw error
      return readSnapshot(snapshotPath(options.path))
    }
  },
})
