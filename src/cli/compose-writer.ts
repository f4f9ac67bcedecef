import { fail } from '../model/failure.ts'
import type { Writer } from '../ports.ts'
import { createCustomerioWriter } from '../providers/customerio/provider.ts'
import { createMoengageWriter } from '../providers/moengage/provider.ts'
import { type Paces, requireVariable, surround } from './compose-reader.ts'
import type { CliContext } from './context.ts'
import type { LoadedWorkspace } from './workspace.ts'

/** Both vendors as things to change. Only commands that write import this module; a test holds it. */
export const composeWriter = (loaded: LoadedWorkspace, paces: Paces, context: CliContext): Writer => {
  const { customerio, moengage } = loaded.environment
  return {
    destination: createMoengageWriter({
      ...surround(paces.moengage, context),
      connection: moengage,
      dataKey: requireVariable(moengage.dataKeyEnv, 'the Data API key of MoEngage', context),
      partner: loaded.workspace.partner,
    }),
    source: createCustomerioWriter({
      ...surround(paces.customerio, context),
      connection: customerio,
      appKey: requireVariable(customerio.appKeyEnv, 'an App API key of Customer.io', context),
      trackKeys: () => readTrackKeys(loaded, context),
    }),
  }
}

/** Asked for when the first person is put into a manual segment: most programmes have none. */
const readTrackKeys = ({ environment }: LoadedWorkspace, context: CliContext) => {
  const { track } = environment.customerio
  if (!track) {
    return fail({
      origin: 'config',
      code: 'config/no-key',
      detail: `The environment "${environment.name}" names no Track keys; manual segments are filled with them.`,
      hint: 'add track_site_id_env and track_api_key_env to its customerio',
      retryable: false,
    })
  }
  return {
    siteId: requireVariable(track.siteIdEnv, 'the Track site id of Customer.io', context),
    apiKey: requireVariable(track.apiKeyEnv, 'the Track API key of Customer.io', context),
  }
}
