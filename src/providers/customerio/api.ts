import type { Direction } from '../../model/membership.ts'
import type { CustomerioConnection } from '../../model/workspace.ts'
import type { Answer } from '../answer.ts'
import type { ReadClient, WriteClient } from '../http.ts'

type Hosts = Readonly<Record<CustomerioConnection['region'], string>>

/** The App API's hosts. A key works in its own region only; the other one answers 401, without a redirect. */
export const APP_HOSTS: Hosts = {
  us: 'https://api.customer.io',
  eu: 'https://api-eu.customer.io',
}

/** The Track API's hosts. The wrong one may pass people on through the other region's servers, so it is never tried. */
export const TRACK_HOSTS: Hosts = {
  us: 'https://track.customer.io',
  eu: 'https://track-eu.customer.io',
}

/** The most people that one membership page may hold. */
export const MAX_PAGE = 30_000

const SEGMENTS_ROUTE = '/v1/segments'
const SEGMENT_ROUTE = '/v1/segments/{segment}'

const CHANGE_ROUTES: Readonly<Record<Direction, string>> = {
  add: '/api/v1/segments/{segment}/add_customers',
  remove: '/api/v1/segments/{segment}/remove_customers',
}

/** Names a segment by its number: in a route, and in messages about the call. */
const address = (segmentId: number) => ({
  params: { segment: String(segmentId) },
  about: `segment ${segmentId}`,
})

/** A page of a segment's membership by its cursor; the first one without. */
export interface MembershipPage {
  readonly start?: string | undefined
  readonly limit: number
}

/** The five reads of the App API that muster needs. */
export interface AppApi {
  listSegments(): Promise<Answer>
  getSegment(segmentId: number): Promise<Answer>
  getCustomerCount(segmentId: number): Promise<Answer>
  getMembership(segmentId: number, page: MembershipPage): Promise<Answer>
  getUsedBy(segmentId: number): Promise<Answer>
}

/** Speaks the reading half of the App API over a client that can only read. */
export const createAppApi = (client: ReadClient): AppApi => {
  const readSegmentRoute = (path: string, segmentId: number, query = {}): Promise<Answer> =>
    client.get({ route: SEGMENT_ROUTE + path, query, ...address(segmentId) })

  return {
    listSegments: () => client.get({ route: SEGMENTS_ROUTE }),
    getSegment: segmentId => readSegmentRoute('', segmentId),
    getCustomerCount: segmentId => readSegmentRoute('/customer_count', segmentId),
    getMembership: (segmentId, { start, limit }) =>
      readSegmentRoute('/membership', segmentId, { limit: String(Math.min(limit, MAX_PAGE)), start }),
    getUsedBy: segmentId => readSegmentRoute('/used_by', segmentId),
  }
}

/** The writes of the App API. Manual segments alone. */
export interface AppWrites {
  createSegment(body: Uint8Array, about: string): Promise<Answer>
  deleteSegment(segmentId: number): Promise<Answer>
}

/** Speaks the writing half of the App API. */
export const createAppWrites = (client: WriteClient): AppWrites => ({
  // There is no idempotency key: the same call twice makes two segments of one name.
  createSegment: (body, about) => client.post({ route: SEGMENTS_ROUTE, body, about, idempotent: false }),
  deleteSegment: segmentId =>
    client.delete({ route: SEGMENT_ROUTE, idempotent: true, ...address(segmentId) }),
})

/** The one read of the Track API: where its keys belong. */
export const createTrackReads = (client: ReadClient) => ({
  getAccount: (): Promise<Answer> => client.get({ route: '/api/v1/accounts/region' }),
})

/** The writes of the Track API: who is in a manual segment. */
export interface TrackWrites {
  changePeople(segmentId: number, direction: Direction, body: Uint8Array): Promise<Answer>
}

/** Speaks the Track API. `id` is the only kind of identifier that all its pages agree on. */
export const createTrackWrites = (client: WriteClient): TrackWrites => ({
  // People are a set: the same call twice leaves the same segment.
  changePeople: (segmentId, direction, body) =>
    client.post({
      route: CHANGE_ROUTES[direction],
      query: { id_type: 'id' },
      body,
      idempotent: true,
      ...address(segmentId),
    }),
})

/** People exports. Made by a POST, so not part of what only reads. */
export interface ExportApi {
  listExports(): Promise<Answer>
  createExport(body: Uint8Array, about: string): Promise<Answer>
  getExport(exportId: number): Promise<Answer>
  getDownload(exportId: number): Promise<Answer>
}

/** Speaks the exports of the App API. */
export const createExportApi = (client: Pick<WriteClient, 'get' | 'post'>): ExportApi => {
  const readExportRoute = (path: string, exportId: number): Promise<Answer> =>
    client.get({
      route: `/v1/exports/{export}${path}`,
      params: { export: String(exportId) },
      about: `export ${exportId}`,
    })

  return {
    listExports: () => client.get({ route: '/v1/exports' }),
    // The same call twice makes two exports.
    createExport: (body, about) =>
      client.post({ route: '/v1/exports/customers', body, about, idempotent: false }),
    getExport: exportId => readExportRoute('', exportId),
    getDownload: exportId => readExportRoute('/download', exportId),
  }
}
