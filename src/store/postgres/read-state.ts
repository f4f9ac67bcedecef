import { EMPTY_STATE, type RecordedState } from '../../model/recorded.ts'
import type { Clock, HistoryReader, StateReader } from '../../ports.ts'
import { readCounts } from '../sql/history.ts'
import { readState } from '../sql/state.ts'
import { openForReading, type SessionOptions } from './open.ts'
import { type PlaceOptions, toSession } from './session.ts'

export interface StateReaderOptions extends PlaceOptions {
  readonly clock: Pick<Clock, 'sleep'>
}

/** Reads the small state, of one moment, whoever holds the store. One that does not exist yet is empty, and is not created. */
export const createPostgresStateReader = (options: StateReaderOptions): StateReader => ({
  readState: () => readPostgresState({ ...options, ...toSession(options) }),
})

/** The same, over a session of the caller's choice. */
export const readPostgresState = async (options: SessionOptions): Promise<RecordedState> => {
  const connection = await openForReading(options)
  if (!connection) return EMPTY_STATE
  try {
    return await connection.transactOnSnapshot(readState)
  } finally {
    await connection.close()
  }
}

/** Reads what syncs counted, whoever holds the store. */
export const createPostgresHistoryReader = (options: StateReaderOptions): HistoryReader => ({
  readCounts: async (audience, limit) => {
    const connection = await openForReading({ ...options, ...toSession(options) })
    if (!connection) return []
    try {
      return await readCounts(connection, audience, limit)
    } finally {
      await connection.close()
    }
  },
})
