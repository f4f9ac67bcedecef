import type { CustomerioConnection } from '../../model/workspace.ts'
import type { Answer } from '../answer.ts'
import type { ReadClient } from '../http.ts'

/** The App API's hosts. A key works in its own region only; the other one answers 401, without a redirect. */
export const APP_HOSTS: Readonly<Record<CustomerioConnection['region'], string>> = {
  us: 'https://api.customer.io',
  eu: 'https://api-eu.customer.io',
}

/** The most people that one membership page may hold. */
export const MAX_PAGE = 30_000

/** The four reads of the App API that muster needs. */
export interface AppApi {
  listSegments(): Promise<Answer>
  getSegment(segmentId: number): Promise<Answer>
  getCustomerCount(segmentId: number): Promise<Answer>
  getMembership(segmentId: number, page: { readonly start?: string; readonly limit: number }): Promise<Answer>
}

/** Speaks the App API over a client. */
export const createAppApi = (client: ReadClient): AppApi => {
  const readSegmentRoute = (path: string, segmentId: number, query = {}): Promise<Answer> =>
    client.get({
      route: `/v1/segments/{segment}${path}`,
      params: { segment: String(segmentId) },
      query,
      about: `segment ${segmentId}`,
    })

  return {
    listSegments: () => client.get({ route: '/v1/segments' }),
    getSegment: segmentId => readSegmentRoute('', segmentId),
    getCustomerCount: segmentId => readSegmentRoute('/customer_count', segmentId),
    getMembership: (segmentId, { start, limit }) =>
      readSegmentRoute('/membership', segmentId, { limit: String(Math.min(limit, MAX_PAGE)), start }),
  }
}
