import type { Store, Writer } from '../ports.ts'
import { createMoengageWriter } from '../providers/moengage/provider.ts'
import { type Paces, requireVariable, surround } from './compose-reader.ts'
import type { CliContext } from './context.ts'
import { describeAccounts } from './make-plan.ts'
import type { LoadedWorkspace } from './workspace.ts'

/** MoEngage as a thing to change. Only apply and sync import this module; a test holds it. */
export const composeWriter = (loaded: LoadedWorkspace, paces: Paces, context: CliContext): Writer => {
  const { moengage } = loaded.environment
  return createMoengageWriter({
    ...surround(paces.moengage, context),
    connection: moengage,
    dataKey: requireVariable(moengage.dataKeyEnv, 'the Data API key of MoEngage', context),
    partner: loaded.workspace.partner,
  })
}

/** The store, alone on its file until it is closed. */
export const openStore = async (loaded: LoadedWorkspace, context: CliContext): Promise<Store> => {
  const { openDuckdbStore } = await import('../store/duckdb/store.ts')
  return openDuckdbStore({ path: loaded.storePath, target: describeAccounts(loaded), clock: context.clock })
}
