import type { Lock } from '../model/recorded.ts'
import type { Store } from '../ports.ts'
import type { CliContext } from './context.ts'
import { describeAccounts } from './make-plan.ts'
import { readStoreMemory } from './store-memory.ts'
import type { LoadedWorkspace } from './workspace.ts'

/** What a command that holds the store is called, and the run it belongs to. */
export interface StoreHolder {
  readonly command: string
  readonly runId: string
}

/** The store, held by this run until it is closed. */
export const openStore = async (
  loaded: LoadedWorkspace,
  holder: StoreHolder,
  context: CliContext,
): Promise<Store> => {
  const { openDuckdbStore } = await import('../store/duckdb/store.ts')
  return openDuckdbStore({
    path: loaded.storePath,
    target: describeAccounts(loaded),
    clock: context.clock,
    createId: context.createId,
    holder: { ...context.holder, ...holder },
    ...readStoreMemory(context.variables.MUSTER_STORE_MEMORY),
  })
}

/** Removes the lock with this id, and answers whose it was. */
export const unlockStore = async (
  loaded: LoadedWorkspace,
  lockId: string,
  { clock, createId }: CliContext,
): Promise<Lock> => {
  const { unlockDuckdbStore } = await import('../store/duckdb/unlock.ts')
  return unlockDuckdbStore(
    { path: loaded.storePath, target: describeAccounts(loaded), clock, createId },
    lockId,
  )
}
