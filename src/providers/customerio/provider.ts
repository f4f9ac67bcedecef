import type { CustomerioConnection } from '../../model/workspace.ts'
import type { SourceReader } from '../../ports.ts'
import { chooseBaseUrl, requireKey } from '../connection.ts'
import { openReadClient, type Surroundings } from '../http.ts'
import { orMissing } from '../missing.ts'
import { APP_HOSTS, createAppApi, MAX_PAGE } from './api.ts'
import { toOneSegment, toPeopleCount, toPeoplePage, toSegments } from './convert.ts'
import { describeCustomerio } from './faults.ts'

export interface CustomerioOptions extends Surroundings {
  readonly connection: CustomerioConnection
  /** The value of the variable that `connection.appKeyEnv` names. */
  readonly appKey: string
}

/** Customer.io as a source. Holds a client that cannot write. */
export const createCustomerioReader = (options: CustomerioOptions): SourceReader => {
  const { connection, appKey, ...surroundings } = options
  requireKey(appKey, { origin: 'customerio', env: connection.appKeyEnv })
  const api = createAppApi(
    openReadClient({
      ...surroundings,
      vendor: describeCustomerio(connection),
      baseUrl: chooseBaseUrl(APP_HOSTS[connection.region], connection.baseUrl),
      credentialHeaders: { authorization: `Bearer ${appKey}` },
    }),
  )

  return {
    listSegments: async () => toSegments(await api.listSegments()),
    readSegment: async segmentId => {
      const answer = await orMissing(api.getSegment(segmentId))
      return answer && toOneSegment(answer)
    },
    countPeople: async segmentId => toPeopleCount(await api.getCustomerCount(segmentId)),
    readPeoplePage: async (segmentId, start, limit = MAX_PAGE) =>
      toPeoplePage(await api.getMembership(segmentId, { limit, ...(start !== undefined && { start }) })),
  }
}
