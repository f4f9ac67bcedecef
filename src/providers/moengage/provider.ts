import { type Failure, failureOf } from '../../model/failure.ts'
import { invariant } from '../../model/invariant.ts'
import type { MoengageConnection } from '../../model/workspace.ts'
import {
  type DestinationReader,
  type DestinationWriter,
  MOST_USERS_PER_LOOKUP,
  type UserLookup,
} from '../../ports.ts'
import { chooseBaseUrl, refuseConfig, requireKey } from '../connection.ts'
import type { ProviderCode } from '../failure-codes.ts'
import { type ClientOptions, openReadClient, openWriteClient, type Surroundings } from '../http.ts'
import { orMissing } from '../missing.ts'
import { isObject } from '../shape.ts'
import {
  createSegmentReads,
  createUserPace,
  createUserReads,
  createWrites,
  DATA_CENTERS,
  hostOf,
} from './api.ts'
import {
  encodeArchive,
  encodeCohortCall,
  encodeLookup,
  encodeSendable,
  encodeSendableUpdate,
  requireAccepted,
  sizeCohortCall,
  toCreatedId,
  toKnown,
  toSegments,
  toSendable,
} from './convert.ts'
import { describeMoengage } from './faults.ts'
import { refuseIdentifier } from './identifiers.ts'
import { requireName } from './names.ts'

export interface MoengageOptions extends Surroundings {
  readonly connection: MoengageConnection
  /** The value of the variable that `connection.dataKeyEnv` names. */
  readonly dataKey: string
}

export interface MoengageWriterOptions extends MoengageOptions {
  /** The workspace's constant that goes with every Cohort Sync call. */
  readonly partner: string
}

/** MoEngage as a destination to look at. Holds a client that cannot write. */
export const createMoengageReader = (options: MoengageOptions): DestinationReader => {
  const segments = createSegmentReads(openReadClient(toClientOptions(options)), options.clock)
  return {
    listSegments: async name => toSegments(await segments.list(name)),
    readSendable: async remoteId => {
      const answer = await orMissing(segments.get(remoteId))
      return answer && toSendable(answer, remoteId)
    },
    refusesIdentifier: refuseIdentifier,
  }
}

/** MoEngage's users, to be counted among those it knows. For sync only: looking is a POST. */
export const createMoengageUsers = (options: Omit<MoengageOptions, 'pace'>): UserLookup => {
  const pace = createUserPace(options.clock)
  const { post } = openWriteClient(toClientOptions({ ...options, pace }))
  const users = createUserReads({ post }, options.connection.workspaceId)
  return {
    countKnown: async identifiers => {
      invariant(identifiers.length > 0, 'a look-up needs users')
      invariant(identifiers.length <= MOST_USERS_PER_LOOKUP, 'a look-up of too many users')
      return toKnown(await users.get(encodeLookup(identifiers)), identifiers.length)
    },
  }
}

/** MoEngage as a destination to change. For apply and sync only. */
export const createMoengageWriter = (options: MoengageWriterOptions): DestinationWriter => {
  const { partner, connection, clock } = options
  const writes = createWrites(openWriteClient(toClientOptions(options)), clock, connection.dbName)
  return {
    sizeBatch: (cohort, direction) => sizeCohortCall({ partner, cohort, direction }),
    changeMembers: async (cohort, direction, identifiers) => {
      // What an empty list does is documented nowhere.
      invariant(identifiers.length > 0, 'a batch needs members')
      requireName(cohort.name)
      const body = encodeCohortCall({ partner, cohort, direction }, identifiers)
      requireAccepted(await writes.syncCohort(body, `cohort ${JSON.stringify(cohort.name)}`))
    },
    createSendable: async definition => {
      requireName(definition.name)
      const about = `segment ${JSON.stringify(definition.name)}`
      return { remoteId: toCreatedId(await writes.createSegment(encodeSendable(definition), about)) }
    },
    updateSendable: async (remoteId, definition) => {
      requireName(definition.name)
      await writes.patchSegment(remoteId, encodeSendableUpdate(definition))
    },
    retireSegment: async segment => {
      try {
        const { body } = await writes.archiveSegment(encodeArchive(segment), `segment ${segment.remoteId}`)
        return isObject(body) && body.success === false ? 'not-confirmed' : 'confirmed'
      } catch (error) {
        if (refusesThisSegment(failureOf(error))) return 'not-confirmed'
        throw error
      }
    },
  }
}

/** Codes of a 4xx that speak of us or of the moment, and say nothing about the segment. */
const NOT_ABOUT_THE_SEGMENT: ReadonlySet<string> = new Set<ProviderCode>([
  'provider/auth',
  'provider/blocked',
  'provider/rate-limit',
  'provider/timeout',
])

/** Segments made by Cohort Sync may not be archivable at all, and the documents disagree on how that is said. */
const refusesThisSegment = (failure: Failure | undefined): boolean =>
  failure?.status !== undefined &&
  failure.status >= 400 &&
  failure.status < 500 &&
  !NOT_ABOUT_THE_SEGMENT.has(failure.code)

const toClientOptions = ({ connection, dataKey, ...surroundings }: MoengageOptions): ClientOptions => {
  const { dataCenter, workspaceId, dataKeyEnv, baseUrl } = connection
  requireKey(dataKey, { origin: 'moengage', env: dataKeyEnv })
  if (!DATA_CENTERS.includes(dataCenter)) {
    refuseConfig('data_center is not one of MoEngage.', `use one of ${DATA_CENTERS.join(', ')}`)
  }
  if (!/^[\x21-\x39\x3b-\x7e]+$/.test(workspaceId)) {
    refuseConfig(
      'workspace_id holds a character that no workspace id has.',
      'copy it from Settings, Account, APIs',
    )
  }
  return {
    ...surroundings,
    vendor: describeMoengage(connection),
    baseUrl: chooseBaseUrl(hostOf(dataCenter), baseUrl),
    credentialHeaders: {
      authorization: `Basic ${Buffer.from(`${workspaceId}:${dataKey}`).toString('base64')}`,
      'moe-appkey': workspaceId,
    },
  }
}
