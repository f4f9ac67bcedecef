import type { CustomerioConnection } from '../../model/workspace.ts'
import type { ProviderCode } from '../failure-codes.ts'
import { pickKnown, pickReference } from '../redact.ts'
import type { Fault, Refusal, Vendor } from '../refusal.ts'
import { isObject, type JsonObject } from '../shape.ts'

/** Codes of the App API that are words, not prose. */
const KNOWN_CODES: ReadonlySet<string> = new Set(['invalid_credentials'])

/** Customer.io's App API as the shared HTTP code knows it. */
export const describeCustomerio = (connection: CustomerioConnection): Vendor => ({
  origin: 'customerio',
  title: 'Customer.io',
  readFault: (refusal, statusCode) => {
    const code = chooseCode(refusal, statusCode)
    return { ...readError(refusal.body), code, hint: hintFor(code, connection) }
  },
})

/** Customer.io's Track API. Its 429 names no wait, ever, so that is no sign of a quota. */
export const describeTrack = (
  region: CustomerioConnection['region'],
  { siteIdEnv, apiKeyEnv }: NonNullable<CustomerioConnection['track']>,
): Vendor => {
  const hints: Partial<Record<ProviderCode, string>> = {
    'provider/auth': `check ${siteIdEnv} and ${apiKeyEnv}, a Site ID and an API key of the Track API, and region: keys of another region than "${region}" fail like this`,
    'provider/forbidden': "check the workspace's IP allow list",
    'provider/bad-request': 'see whether the segment is still there: only manual ones take people',
    'provider/unexpected-status': 'check base_url: this is not an answer of the Track API',
  }
  return {
    origin: 'customerio',
    title: 'Customer.io',
    readFault: (refusal, code) => ({ ...readError(refusal.body), code, hint: hints[code] }),
  }
}

/** A rate limit names a wait; the daily quota does not. */
const chooseCode = ({ askedWaitMs }: Refusal, code: ProviderCode): ProviderCode =>
  code === 'provider/rate-limit' && askedWaitMs === undefined ? 'provider/quota' : code

/** All envelopes: `{errors: [{code, detail}]}`, `{meta: {error}}` and `{meta: {errors: [text]}}`. */
const readError = (body: unknown): Fault => {
  if (!isObject(body)) return {}
  const first: unknown = Array.isArray(body.errors) ? body.errors[0] : undefined
  const error: JsonObject = isObject(first) ? first : {}
  const meta: JsonObject = isObject(body.meta) ? body.meta : {}
  const prose: unknown = Array.isArray(meta.errors) ? meta.errors[0] : meta.error
  return {
    type: pickKnown(error.code, KNOWN_CODES),
    reference: findReference(error.detail) ?? findReference(prose),
  }
}

/** The only part of the prose that may be shown: `… (reference a1b2c3)`. */
const findReference = (prose: unknown): string | undefined =>
  typeof prose === 'string' ? pickReference(/\(reference ([^()\s]+)\)\s*$/.exec(prose)?.[1]) : undefined

const hintFor = (code: ProviderCode, { region, appKeyEnv }: CustomerioConnection): string | undefined => {
  switch (code) {
    case 'provider/auth':
      return `check ${appKeyEnv}, an App API key, and region: a key of another region than "${region}" fails like this`
    case 'provider/forbidden':
      return `give the key in ${appKeyEnv} the scope for segments, and check the workspace's IP allow list`
    case 'provider/conflict':
      return 'something in Customer.io still uses it: take it out there first'
    case 'provider/rate-limit':
      return 'lower rate.customerio_per_second: the limit is shared with everything else that uses the workspace'
    case 'provider/quota':
      return 'a daily quota has no end time: run again tomorrow, or ask Customer.io for more'
    case 'provider/unexpected-status':
      return 'check base_url: this is not an answer of the App API'
    default:
      return undefined
  }
}
