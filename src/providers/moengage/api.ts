import { createPace, type Pace } from '../../engine/pace.ts'
import { MINUTE_MS } from '../../model/time.ts'
import type { Clock } from '../../ports.ts'
import type { Answer } from '../answer.ts'
import type { ReadClient, WriteClient } from '../http.ts'

/** Data centers that the documents list. A closed list: the number becomes part of the host that gets the key. */
export const DATA_CENTERS: readonly string[] = ['01', '02', '03', '04', '05', '06', '101']

export const COHORT_SYNC_ROUTE = '/v1/integrations/cohortsync'
export const USERS_ROUTE = '/v1/customers/export'
const SEGMENTS_ROUTE = '/v3/custom-segments'
const SEGMENT_ROUTE = '/v3/custom-segments/{segment}'
const ARCHIVE_ROUTE = '/v2/custom-segments/archive'

/** The host of a data center. */
export const hostOf = (dataCenter: string): string => `https://api-${dataCenter}.moengage.com`

/** Four fifths of what a route allows a minute. Such calls are few, so they need not keep distances. */
const createRoutePace = (vendorLimit: number, clock: Clock): Pace => {
  const limit = Math.floor(vendorLimit * 0.8)
  return createPace({ limit, burst: limit, intervalMs: MINUTE_MS, clock })
}

/** The reads of the Segments API. Nothing there lists members. */
export interface SegmentReads {
  /** All, or those of exactly this name. */
  list(name?: string): Promise<Answer>
  get(remoteId: string): Promise<Answer>
}

/** Speaks the reading half over a client that can only read. */
export const createSegmentReads = (client: ReadClient, clock: Clock): SegmentReads => {
  const listPace = createRoutePace(50, clock)
  const getPace = createRoutePace(100, clock)
  return {
    list: name => client.get({ route: SEGMENTS_ROUTE, query: { name }, pace: listPace }),
    get: remoteId =>
      client.get({
        route: SEGMENT_ROUTE,
        params: { segment: remoteId },
        about: `segment ${remoteId}`,
        pace: getPace,
      }),
  }
}

/** Get User: reads by POST. */
export interface UserReads {
  get(body: Uint8Array): Promise<Answer>
}

/** Users are asked for as `app_id`, which is the workspace's id. */
export const createUserReads = (client: Pick<WriteClient, 'post'>, workspaceId: string): UserReads => ({
  get: body => client.post({ route: USERS_ROUTE, query: { app_id: workspaceId }, body, idempotent: true }),
})

/**
 * Calls of 20 users that Get User allows a minute, and how many may follow each other at once: 1,000 users a minute.
 * It is a limit of its own, which Cohort Sync calls have no part in. Source: MoEngage Data API, Get User, rate limit.
 */
export const createUserPace = (clock: Clock): Pace =>
  createPace({ limit: 50, burst: 10, intervalMs: MINUTE_MS, clock })

/** All writes. Bodies come encoded: what was measured is what is sent. */
export interface Writes {
  syncCohort(body: Uint8Array, about: string): Promise<Answer>
  createSegment(body: Uint8Array, about: string): Promise<Answer>
  patchSegment(remoteId: string, body: Uint8Array): Promise<Answer>
  archiveSegment(body: Uint8Array, about: string): Promise<Answer>
}

/** Speaks the writing half. `dbName` is asked for by some editions of the archive call only. */
export const createWrites = (client: WriteClient, clock: Clock, dbName?: string): Writes => {
  const segmentPace = createRoutePace(50, clock)
  return {
    // Members are a set: the same batch twice leaves the same cohort.
    syncCohort: (body, about) => client.post({ route: COHORT_SYNC_ROUTE, body, about, idempotent: true }),
    createSegment: (body, about) =>
      client.post({ route: SEGMENTS_ROUTE, body, about, idempotent: false, pace: segmentPace }),
    patchSegment: (remoteId, body) =>
      client.patch({
        route: SEGMENT_ROUTE,
        params: { segment: remoteId },
        body,
        about: `segment ${remoteId}`,
        idempotent: true,
        pace: segmentPace,
      }),
    archiveSegment: (body, about) =>
      client.patch({
        route: ARCHIVE_ROUTE,
        body,
        about,
        idempotent: true,
        pace: segmentPace,
        ...(dbName !== undefined && { headers: { 'moe-dbname': dbName } }),
      }),
  }
}
