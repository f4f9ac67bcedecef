import type { Writer } from '../ports.ts'
import { createCustomerioWriter } from '../providers/customerio/provider.ts'
import { createMoengageWriter } from '../providers/moengage/provider.ts'
import { type Paces, requireKeyOf, surround } from './compose-reader.ts'
import { readTrackKeys } from './compose-track.ts'
import type { CliContext } from './context.ts'
import type { LoadedWorkspace } from './workspace.ts'

/** Both vendors as things to change. Only commands that write import this module; a test holds it. */
export const composeWriter = (loaded: LoadedWorkspace, paces: Paces, context: CliContext): Writer => {
  const { customerio, moengage } = loaded.environment
  return {
    destination: createMoengageWriter({
      ...surround(paces.moengage, context),
      connection: moengage,
      dataKey: requireKeyOf(moengage, moengage.dataKeyEnv, 'the Data API key of MoEngage', context),
      partner: loaded.workspace.partner,
    }),
    source: createCustomerioWriter({
      ...surround(paces.customerio, context),
      connection: customerio,
      appKey: requireKeyOf(customerio, customerio.appKeyEnv, 'an App API key of Customer.io', context),
      trackKeys: () => readTrackKeys(loaded, context),
    }),
  }
}
