import { existsSync } from 'node:fs'
import { failureOf } from '../../model/failure.ts'
import { EMPTY_STATE, type RecordedState } from '../../model/recorded.ts'
import type { HistoryReader, StateReader, Store } from '../../ports.ts'
import { readSnapshot } from '../snapshot.ts'
import { readCounts } from '../sql/history.ts'
import { readState } from '../sql/state.ts'
import { holdStore } from './held-store.ts'
import type { LockTerms } from './lock.ts'
import { type FileOptions, openForReading, openForWriting } from './open.ts'

export type StoreOptions = FileOptions &
  LockTerms & { readonly clock: FileOptions['clock'] & LockTerms['clock'] }

/** Opens the store for writing: alone on its file until `close`. */
export const openDuckdbStore = async (options: StoreOptions): Promise<Store> => {
  const connection = await openForWriting(options)
  try {
    return await holdStore(connection, options)
  } catch (error) {
    await connection.close()
    throw error
  }
}

/**
 * Reads the small state without ever holding the file against a writer: from the store when it is free, else from
 * what its holder last published. A store that does not exist yet is an empty one, and is not created.
 */
export const createDuckdbStateReader = (options: FileOptions): StateReader => ({
  readState: async (): Promise<RecordedState> => {
    if (!existsSync(options.path)) return EMPTY_STATE
    try {
      const connection = await openForReading(options)
      try {
        return await connection.transact(readState)
      } finally {
        await connection.close()
      }
    } catch (error) {
      if (failureOf(error)?.code !== 'store/busy') throw error
      return readSnapshot(options)
    }
  },
})

/** Reads what syncs counted. While another process has the file, it rejects with `store/busy`: counts are not published. */
export const createDuckdbHistoryReader = (options: FileOptions): HistoryReader => ({
  readCounts: async (audience, limit) => {
    if (!existsSync(options.path)) return []
    const connection = await openForReading(options)
    try {
      return await readCounts(connection, audience, limit)
    } finally {
      await connection.close()
    }
  },
})
