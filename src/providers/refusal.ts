import type { Failure, FailureOrigin } from '../model/failure.ts'
import { formatDuration } from '../model/time.ts'
import type { ProviderCode } from './failure-codes.ts'
import { buildFailure } from './provider-failure.ts'
import { LONGEST_ASKED_WAIT_MS } from './retry.ts'

/** A call as messages name it: the route's template, never the URL. */
export interface CallName {
  readonly method: string
  readonly route: string
  /** What it was about, when that is no person: `segment 14`. */
  readonly about?: string | undefined
}

/** An answer with a status that is not a success. `body` is undefined when it is not JSON. */
export interface Refusal {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly body: unknown
  /** It is an HTML page: some proxy's or firewall's, or of a wrong host, but not the API's. */
  readonly isPage: boolean
  readonly askedWaitMs?: number | undefined
}

/** What a vendor's error body adds to its status. Every part has passed `redact.ts`. */
export interface Fault {
  readonly code?: ProviderCode | undefined
  readonly type?: string | undefined
  readonly reference?: string | undefined
  /** One sentence of ours with the vendor's numbers. */
  readonly note?: string | undefined
  readonly hint?: string | undefined
  readonly conflict?: Failure['conflict'] | undefined
}

/** A vendor as the shared code knows it. */
export interface Vendor {
  readonly origin: Extract<FailureOrigin, 'customerio' | 'moengage'>
  readonly title: string
  readonly readFault: (refusal: Refusal, code: ProviderCode) => Fault
}

export interface RefusalContext {
  readonly vendor: Vendor
  readonly name: CallName
  /** Set for writes: whether the same call may safely be sent twice. */
  readonly idempotent?: boolean | undefined
}

/** Turns a refusal into a failure. For writes, a 5xx or 408 leaves open whether the call was taken. */
export const toFailure = (refusal: Refusal, { vendor, name, idempotent }: RefusalContext): Failure => {
  const { status } = refusal
  const fault = vendor.readFault(refusal, codeOfStatus(refusal))
  const code = fault.code ?? codeOfStatus(refusal)
  const outcomeUnknown =
    idempotent !== undefined && (code === 'provider/unavailable' || code === 'provider/timeout')
  return buildFailure({
    origin: vendor.origin,
    code,
    detail: [
      `${vendor.title} answered ${status} to ${nameCall(name)}${describeFault(fault)}.`,
      fault.note,
      describeLongWait(refusal),
    ]
      .filter(Boolean)
      .join(' '),
    hint: fault.hint,
    status,
    retryAfterMs: refusal.askedWaitMs,
    outcomeUnknown,
    conflict: fault.conflict,
    mayRepeat: !outcomeUnknown || idempotent === true,
  })
}

/** `GET /v1/segments/{segment} for segment 14` */
export const nameCall = ({ method, route, about }: CallName): string =>
  `${method} ${route}${about ? ` for ${about}` : ''}`

const describeFault = ({ type, reference }: Fault): string => {
  const parts = [type, reference && `reference ${reference}`].filter(Boolean)
  return parts.length > 0 ? ` (${parts.join(', ')})` : ''
}

const describeLongWait = ({ askedWaitMs = 0 }: Refusal): string | undefined =>
  askedWaitMs > LONGEST_ASKED_WAIT_MS ? `It asks to wait ${formatDuration(askedWaitMs)}.` : undefined

const BY_STATUS: Readonly<Record<number, ProviderCode>> = {
  401: 'provider/auth',
  403: 'provider/forbidden',
  404: 'provider/not-found',
  408: 'provider/timeout',
  409: 'provider/conflict',
  413: 'provider/too-large',
  429: 'provider/rate-limit',
}

const codeOfStatus = ({ status, isPage }: Refusal): ProviderCode => {
  // A page that says 404 is a wrong address. Read as "no such object" it would pass for the truth.
  if (status === 404 && isPage) return 'provider/unexpected-status'
  // Nor is a page's 400 the vendor's word on what was sent.
  if ((status === 400 || status === 422) && isPage) return 'provider/unexpected-status'
  if (status >= 500) return 'provider/unavailable'
  if (status < 400) return 'provider/unexpected-status'
  return BY_STATUS[status] ?? 'provider/bad-request'
}
