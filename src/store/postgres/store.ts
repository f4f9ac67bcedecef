import type { Clock, Store } from '../../ports.ts'
import type { Holder } from '../holder.ts'
import { holdStore } from './held-store.ts'
import type { LeaseTerms } from './keep-lease.ts'
import { openForWriting } from './open.ts'
import { type PlaceOptions, toSession } from './session.ts'

export interface PostgresStoreOptions extends PlaceOptions, Pick<LeaseTerms, 'onLost'> {
  readonly clock: Pick<Clock, 'now' | 'sleep'>
  /** A text that nobody else makes: the id of a new store, and of a lock. */
  readonly createId: () => string
  readonly holder: Holder
  /** Where read people wait on this machine until they are compared. Holds a folder for each store. */
  readonly spoolFolder: string
}

/** Opens the store for writing: held under its lock until `close`. */
export const openPostgresStore = async (options: PostgresStoreOptions): Promise<Store> => {
  const terms = { ...options, ...toSession(options) }
  const connection = await openForWriting(terms)
  try {
    return await holdStore(connection, terms)
  } catch (error) {
    await connection.close()
    throw error
  }
}
