import type { CustomerioConnection } from '../../model/workspace.ts'
import { chooseBaseUrl, requireKey } from '../connection.ts'
import type { ClientOptions, Surroundings } from '../http.ts'
import { APP_HOSTS } from './api.ts'
import { describeCustomerio } from './faults.ts'

/** What a client of the App API is made from. */
export interface CustomerioOptions extends Surroundings {
  readonly connection: CustomerioConnection
  /** The value of the variable that `connection.appKeyEnv` names. */
  readonly appKey: string
}

/** A client's options for the App API of one account. */
export const toAppOptions = ({ connection, appKey, ...surroundings }: CustomerioOptions): ClientOptions => {
  requireKey(appKey, { origin: 'customerio', env: connection.appKeyEnv })
  return {
    ...surroundings,
    vendor: describeCustomerio(connection),
    baseUrl: chooseBaseUrl(APP_HOSTS[connection.region], connection.baseUrl),
    credentialHeaders: { authorization: `Bearer ${appKey}` },
  }
}
