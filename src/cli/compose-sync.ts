import { limitLookups, MOST_LOOKUPS } from '../engine/match-rate.ts'
import type { PeopleExports, UserLookup } from '../ports.ts'
import { createCustomerioExports } from '../providers/customerio/exports.ts'
import { type Paces, requireKeyOf, surround } from './compose-reader.ts'
import { composeUsers } from './compose-users.ts'
import type { CliContext } from './context.ts'
import type { LoadedWorkspace } from './workspace.ts'

/** What reads people by calls that planning must not have. */
export interface PeopleParts {
  readonly exports: PeopleExports
  readonly users: UserLookup
}

/** Both vendors as ways to people. Only commands that sync or apply import this module; a test holds it. */
export const composePeople = (loaded: LoadedWorkspace, paces: Paces, context: CliContext): PeopleParts => {
  const { customerio } = loaded.environment
  return {
    exports: createCustomerioExports({
      ...surround(paces.customerio, context),
      connection: customerio,
      appKey: requireKeyOf(customerio, customerio.appKeyEnv, 'an App API key of Customer.io', context),
    }),
    users: limitLookups(composeUsers(loaded, paces, context), MOST_LOOKUPS),
  }
}
