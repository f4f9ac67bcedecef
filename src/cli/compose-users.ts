import type { UserLookup } from '../ports.ts'
import { createMoengageUsers } from '../providers/moengage/provider.ts'
import { type Paces, requireKeyOf, surround } from './compose-reader.ts'
import type { CliContext } from './context.ts'
import type { LoadedWorkspace } from './workspace.ts'

/** MoEngage as users to be counted. Looking is a POST, so planning must not have it; a test holds it. */
export const composeUsers = (
  { environment: { moengage } }: LoadedWorkspace,
  paces: Paces,
  context: CliContext,
): UserLookup =>
  createMoengageUsers({
    ...surround(paces.moengage, context),
    connection: moengage,
    dataKey: requireKeyOf(moengage, moengage.dataKeyEnv, 'the Data API key of MoEngage', context),
  })
