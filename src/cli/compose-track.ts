import { fail } from '../model/failure.ts'
import type { TrackReader } from '../ports.ts'
import { createTrackReader, type TrackKeys } from '../providers/customerio/provider.ts'
import { type Paces, requireKeyOf, surround } from './compose-reader.ts'
import type { CliContext } from './context.ts'
import type { LoadedWorkspace } from './workspace.ts'

/** The Track keys as something to ask whose they are. */
export const composeTrack = (loaded: LoadedWorkspace, paces: Paces, context: CliContext): TrackReader => {
  const { customerio } = loaded.environment
  return createTrackReader(
    {
      ...surround(paces.customerio, context),
      connection: customerio,
      appKey: requireKeyOf(customerio, customerio.appKeyEnv, 'an App API key of Customer.io', context),
    },
    readTrackKeys(loaded, context),
  )
}

/** The values of the variables that the workspace names. Most workspaces have no Track keys, and need none. */
export const readTrackKeys = (
  { environment }: Pick<LoadedWorkspace, 'environment'>,
  context: CliContext,
): TrackKeys => {
  const { customerio } = environment
  const { track } = customerio
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
    siteId: requireKeyOf(customerio, track.siteIdEnv, 'the Track site id of Customer.io', context),
    apiKey: requireKeyOf(customerio, track.apiKeyEnv, 'the Track API key of Customer.io', context),
  }
}
