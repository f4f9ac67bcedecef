import type { MoengageConnection } from '../../model/workspace.ts'
import type { ProviderCode } from '../failure-codes.ts'
import { pickExactName, pickKnown, pickName, pickReference } from '../redact.ts'
import type { Fault, Refusal, Vendor } from '../refusal.ts'
import { isObject, type JsonObject } from '../shape.ts'
import { COHORT_SYNC_ROUTE, USERS_ROUTE } from './api.ts'

const BLOCKED: ReadonlySet<string> = new Set([
  'BlockedClient',
  'Account Suspended',
  'Account Temporarily Suspended',
])

/** "Request Error" is a 400 that says the workspace id is not known. */
const UNKNOWN_CALLER: ReadonlySet<string> = new Set([
  'Authentication required',
  'Authentication Mismatch',
  'Request Error',
])

const TOO_COMPLEX: ReadonlySet<string> = new Set([
  'Cyclic Entity',
  'Query has too many nesting levels',
  'Too many segments in a query',
  'Query length limit exceeded',
])

/** All words that may be shown: `error.type` of Cohort Sync, `error.code` of v3, `title` of v2. */
const KNOWN_WORDS: ReadonlySet<string> = new Set([
  ...BLOCKED,
  ...UNKNOWN_CALLER,
  ...TOO_COMPLEX,
  'LimitBreached',
  'MissingAttributeError',
  'Malformed JSON',
  'Payload too large',
  'Unsupported media type',
  'Rate Limits Exceeded',
  'Server Error',
  'Invalid request',
  'Invalid Request',
  'Forbidden operation',
  'Entity Not Found',
  'Resource not created',
  'Too Many Requests',
  'Internal Server Error',
])

/** MoEngage as the shared HTTP code knows it. */
export const describeMoengage = (connection: MoengageConnection): Vendor => ({
  origin: 'moengage',
  title: 'MoEngage',
  readFault: (refusal, statusCode) => {
    const body: JsonObject = isObject(refusal.body) ? refusal.body : {}
    const error: JsonObject = isObject(body.error) ? body.error : {}
    const word = pickKnown(error.type ?? error.code ?? body.title, KNOWN_WORDS)
    const code = chooseCode({ refusal, error, word }, statusCode)
    return {
      code,
      type: word,
      reference: pickReference(error.request_id) ?? pickReference(body.response_id),
      note: describeNumbers(code, error),
      hint: hintFor(code, refusal, connection),
      conflict: code === 'provider/same-filters' ? readConflict(error) : undefined,
    }
  },
})

interface ErrorFacts {
  readonly refusal: Refusal
  readonly error: JsonObject
  readonly word: string | undefined
}

const chooseCode = (facts: ErrorFacts, statusCode: ProviderCode): ProviderCode => {
  const { refusal, error, word = '' } = facts
  if (refusal.status >= 500) return statusCode
  if (BLOCKED.has(word)) return 'provider/blocked'
  if (UNKNOWN_CALLER.has(word)) return 'provider/auth'
  if (TOO_COMPLEX.has(word)) return 'provider/too-complex'
  // A 403 about one segment, unlike the others: the next call may well succeed.
  if (word === 'Forbidden operation') return 'provider/segment-frozen'
  if (statusCode === 'provider/conflict') return chooseConflict(facts)
  if (statusCode === 'provider/rate-limit' && isSegmentLimit(refusal, error)) return 'provider/segment-limit'
  return statusCode
}

/** A 409 has three meanings and only the body tells them apart. */
const chooseConflict = ({ refusal, error, word }: ErrorFacts): ProviderCode => {
  // The Data family answers 409 when key and workspace do not belong together; it knows no names that could clash.
  if (refusal.route === COHORT_SYNC_ROUTE || error.type !== undefined) return 'provider/auth'
  if (error.existing_cs_id !== undefined) return 'provider/same-filters'
  return word === 'Resource not created' ? 'provider/name-taken' : 'provider/conflict'
}

/** Reads do not make segments: with them, the same two numbers can only mean calls. */
const isSegmentLimit = ({ method }: Refusal, error: JsonObject): boolean =>
  method !== 'GET' && Number.isInteger(error.actual_count) && Number.isInteger(error.limit)

const describeNumbers = (code: ProviderCode, error: JsonObject): string | undefined => {
  if (code === 'provider/segment-limit') {
    return `It counts ${Number(error.actual_count)} active segments and allows ${Number(error.limit)}.`
  }
  if (code === 'provider/same-filters') {
    const name = pickName(error.existing_cs_name)
    const id = pickReference(error.existing_cs_id) ?? 'of an unknown id'
    return `Segment ${id}${name === undefined ? '' : ` (${JSON.stringify(name)})`} has these filters already.`
  }
  return undefined
}

/** Whose filters they are, so that a segment of the wanted name can be taken for the one that was wanted. */
const readConflict = (error: JsonObject): Fault['conflict'] => {
  const remoteId = pickReference(error.existing_cs_id)
  const name = pickExactName(error.existing_cs_name)
  return remoteId === undefined ? undefined : { remoteId, ...(name !== undefined && { name }) }
}

const hintFor = (
  code: ProviderCode,
  { route }: Refusal,
  { dataCenter, dataKeyEnv, workspaceId }: MoengageConnection,
): string | undefined => {
  switch (code) {
    case 'provider/auth':
      return `check ${dataKeyEnv}, and that workspace ${workspaceId} lives in data center ${dataCenter}: another one may be right`
    case 'provider/forbidden':
      return `check the scope of ${dataKeyEnv} and the API firewall's rules for "${firewallCategory(route)}"`
    case 'provider/blocked':
      return 'MoEngage has suspended the account: ask its support, with the reference'
    case 'provider/rate-limit':
      if (route === USERS_ROUTE) return 'other programs look up users with this workspace, too'
      return 'lower rate.moengage_per_minute: the limit is shared with every partner that syncs into the workspace'
    case 'provider/segment-limit':
      return 'archive segments that nobody uses, or ask MoEngage to raise the limit'
    case 'provider/segment-frozen':
      return 'it is archived, or of a kind that MoEngage does not let anybody change: take a new name'
    case 'provider/name-taken':
      return 'choose another name: MoEngage never frees one, not even of an archived segment'
    case 'provider/unexpected-status':
      return 'check data_center and base_url: this is not an answer of the API'
    default:
      return undefined
  }
}

/** A machine may be let in for one category and kept out of the next. */
const firewallCategory = (route: string): string => {
  if (route === USERS_ROUTE) return 'Data'
  return route === COHORT_SYNC_ROUTE ? 'Partner Integration' : 'Segmentation'
}
