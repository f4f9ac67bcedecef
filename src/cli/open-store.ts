import type { Lock } from '../model/recorded.ts'
import type { Store } from '../ports.ts'
import type { CliContext } from './context.ts'
import { describeAccounts } from './make-plan.ts'
import { readStoreMemory } from './store-memory.ts'
import { readDatabaseUrl, spoolFolderOf } from './store-place.ts'
import type { LoadedWorkspace } from './workspace.ts'

/** What a command that holds the store is called, and the run it belongs to. */
export interface StoreHolder {
  readonly command: string
  readonly runId: string
  /** Is told when somebody else may hold the store while this run writes nothing. */
  readonly onLost?: (error: unknown) => void
}

/** The store, held by this run until it is closed. Its engine is loaded here: PostgreSQL needs none that is native. */
export const openStore = async (
  loaded: LoadedWorkspace,
  { onLost, ...holder }: StoreHolder,
  context: CliContext,
): Promise<Store> => {
  const { store: place } = loaded
  const terms = {
    target: describeAccounts(loaded),
    clock: context.clock,
    createId: context.createId,
    holder: { ...context.holder, ...holder },
  }
  if (place.kind === 'postgres') {
    const { openPostgresStore } = await import('../store/postgres/store.ts')
    const url = readDatabaseUrl(place, context)
    const options = { ...terms, url, schema: place.schema, spoolFolder: spoolFolderOf(context) }
    return openPostgresStore({ ...options, ...(onLost ? { onLost } : {}) })
  }
  const { openDuckdbStore } = await import('../store/duckdb/store.ts')
  const memory = readStoreMemory(context.variables.MUSTER_STORE_MEMORY)
  return openDuckdbStore({ ...terms, path: place.path, ...memory })
}

/** Removes the lock with this id, and answers whose it was. */
export const unlockStore = async (
  loaded: LoadedWorkspace,
  lockId: string,
  context: CliContext,
): Promise<Lock> => {
  const { store: place } = loaded
  const { clock, createId } = context
  const target = describeAccounts(loaded)
  if (place.kind === 'postgres') {
    const { unlockPostgresStore } = await import('../store/postgres/unlock.ts')
    const url = readDatabaseUrl(place, context)
    return unlockPostgresStore({ url, schema: place.schema, target, clock }, lockId)
  }
  const { unlockDuckdbStore } = await import('../store/duckdb/unlock.ts')
  return unlockDuckdbStore({ path: place.path, target, clock, createId }, lockId)
}
