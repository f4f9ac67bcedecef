import { invariant } from '../../model/invariant.ts'
import { MOST_IDS_PER_CALL, type SourceReader, type SourceWriter, type TrackReader } from '../../ports.ts'
import { chooseBaseUrl, requireKey } from '../connection.ts'
import { type ClientOptions, openReadClient, openWriteClient } from '../http.ts'
import { orMissing } from '../missing.ts'
import {
  createAppApi,
  createAppWrites,
  createTrackReads,
  createTrackWrites,
  MAX_PAGE,
  TRACK_HOSTS,
  type TrackWrites,
} from './api.ts'
import { type CustomerioOptions, toAppOptions } from './app-options.ts'
import {
  encodePeople,
  encodeSegment,
  requireTaken,
  toCreatedId,
  toOneSegment,
  toPeopleCount,
  toPeoplePage,
  toSegments,
  toSegmentUse,
  toTrackAccount,
} from './convert.ts'
import { describeTrack } from './faults.ts'

/** The values of the variables that `connection.track` names. */
export interface TrackKeys {
  readonly siteId: string
  readonly apiKey: string
}

export interface CustomerioWriterOptions extends CustomerioOptions {
  /** Asked when people are first changed and not before: most workspaces have no Track keys, and need none. */
  readonly trackKeys: () => TrackKeys
}

/** Customer.io as a source. Holds a client that cannot write. */
export const createCustomerioReader = (options: CustomerioOptions): SourceReader => {
  const api = createAppApi(openReadClient(toAppOptions(options)))
  return {
    listSegments: async () => toSegments(await api.listSegments()),
    readSegment: async segmentId => {
      const answer = await orMissing(api.getSegment(segmentId))
      return answer && toOneSegment(answer)
    },
    countPeople: async segmentId => toPeopleCount(await api.getCustomerCount(segmentId)),
    readPeoplePage: async (segmentId, { key, start, limit = MAX_PAGE }) =>
      toPeoplePage(await api.getMembership(segmentId, { start, limit }), key),
    readSegmentUse: async segmentId => {
      const answer = await orMissing(api.getUsedBy(segmentId))
      return answer && toSegmentUse(answer)
    },
  }
}

/** The Track keys as something to ask whose they are. Holds a client that cannot write. */
export const createTrackReader = (options: CustomerioOptions, keys: TrackKeys): TrackReader => {
  const track = createTrackReads(openReadClient(toTrackOptions(options, keys)))
  return { readAccount: async () => toTrackAccount(await track.getAccount()) }
}

/** Customer.io's manual segments as things to make, fill and delete. For apply only. */
export const createCustomerioWriter = ({ trackKeys, ...options }: CustomerioWriterOptions): SourceWriter => {
  const app = createAppWrites(openWriteClient(toAppOptions(options)))
  let track: TrackWrites | undefined

  return {
    createSegment: async definition => {
      const about = `segment ${JSON.stringify(definition.name)}`
      return { segmentId: toCreatedId(await app.createSegment(encodeSegment(definition), about)) }
    },
    changePeople: async (segmentId, direction, ids) => {
      invariant(
        ids.length > 0 && ids.length <= MOST_IDS_PER_CALL,
        `a call takes 1 to ${MOST_IDS_PER_CALL} ids`,
      )
      track ??= createTrackWrites(openWriteClient(toTrackOptions(options, trackKeys())))
      requireTaken(await track.changePeople(segmentId, direction, encodePeople(ids)))
    },
    deleteSegment: async segmentId => {
      const answer = await orMissing(app.deleteSegment(segmentId))
      if (answer) requireTaken(answer)
    },
  }
}

const toTrackOptions = (
  { connection, appKey: _, ...surroundings }: CustomerioOptions,
  { siteId, apiKey }: TrackKeys,
): ClientOptions => {
  const { region, baseUrl, track } = connection
  invariant(track, 'there are Track keys, so the workspace names their variables')
  requireKey(siteId, { origin: 'customerio', env: track.siteIdEnv })
  requireKey(apiKey, { origin: 'customerio', env: track.apiKeyEnv })
  return {
    ...surroundings,
    vendor: describeTrack(region, track),
    baseUrl: chooseBaseUrl(TRACK_HOSTS[region], baseUrl),
    credentialHeaders: { authorization: `Basic ${Buffer.from(`${siteId}:${apiKey}`).toString('base64')}` },
  }
}
