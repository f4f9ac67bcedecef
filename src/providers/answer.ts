import type { Failure } from '../model/failure.ts'
import { decodeText } from './decode-text.ts'
import type { Exchanged } from './exchange.ts'
import type { ProviderCode } from './failure-codes.ts'
import { buildFailure } from './provider-failure.ts'
import { readAskedWaitMs } from './rate-headers.ts'
import { nameCall, type RefusalContext, toFailure } from './refusal.ts'
import type { Answered } from './shape.ts'
import type { TransportFault } from './transport-fault.ts'

/** A success. `body` is parsed JSON; undefined only after a write that was answered with nothing. */
export interface Answer extends Answered {
  readonly status: number
  readonly body: unknown
}

/** An exchange, judged. */
export type ReadExchange =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** Judges an exchange: its status, then its body. */
export const readExchange = (exchanged: Exchanged, context: RefusalContext): ReadExchange => {
  if (exchanged.kind === 'broken')
    return { kind: 'failed', failure: toTransportFailure(exchanged.fault, context) }
  const { vendor, name, idempotent } = context
  const { status, headers } = exchanged
  const body = readBody(exchanged.body)
  const isWrite = idempotent !== undefined

  if (status < 200 || status > 299) {
    const refusal = {
      method: name.method,
      route: name.route,
      status,
      body: body.kind === 'json' ? body.value : undefined,
      isPage: body.kind === 'page' && looksLikeHtml(exchanged.body),
      askedWaitMs: readAskedWaitMs(headers),
    }
    return { kind: 'failed', failure: toFailure(refusal, context) }
  }
  if (body.kind === 'page' || (body.value === undefined && !isWrite)) {
    const failure = toTransportFailure({ code: 'provider/not-json', mayHaveArrived: true }, context)
    return { kind: 'failed', failure: { ...failure, status } }
  }
  const { origin, title } = vendor
  return {
    kind: 'answer',
    answer: { origin, title, call: nameCall(name), isWrite, status, body: body.value },
  }
}

const looksLikeHtml = (bytes: Buffer): boolean => /^\s*</.test(bytes.subarray(0, 64).toString('latin1'))

/** A body as JSON, undefined when it is empty. `page` is any body that is not JSON. */
type ReadBody = { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'page' }

const readBody = (bytes: Buffer): ReadBody => {
  if (bytes.length === 0) return { kind: 'json', value: undefined }
  const text = decodeText(bytes)
  if (text === undefined) return { kind: 'page' }
  try {
    return { kind: 'json', value: JSON.parse(text) }
  } catch {
    // The error quotes the body, so it may not travel on.
    return { kind: 'page' }
  }
}

/** Turns a call that brought no readable answer into a failure. */
export const toTransportFailure = (
  { code, token, mayHaveArrived }: TransportFault,
  { vendor, name, idempotent }: RefusalContext,
): Failure => {
  const outcomeUnknown = idempotent !== undefined && mayHaveArrived
  return buildFailure({
    origin: vendor.origin,
    code,
    detail: `${vendor.title}, ${nameCall(name)}: ${SENTENCES[code] ?? 'no answer'}${token ? ` (${token})` : ''}.`,
    hint: HINTS[code],
    outcomeUnknown,
    mayRepeat: !outcomeUnknown || idempotent === true,
  })
}

const SENTENCES: Partial<Record<ProviderCode, string>> = {
  'provider/network': 'the connection failed',
  'provider/timeout': 'no complete answer in the time allowed',
  'provider/tls': 'the host could not prove who it is',
  'provider/truncated': 'the answer broke off',
  'provider/not-json': 'the answer is not JSON',
  'provider/answer-too-large': 'the answer is larger than this program takes',
  'provider/cancelled': 'stopped',
}

const HINTS: Partial<Record<ProviderCode, string>> = {
  'provider/network': 'check the network, and base_url if one is set',
  'provider/tls': 'check base_url, and any proxy between this machine and the vendor',
  'provider/not-json': 'a proxy may have answered in its place; check base_url if one is set',
}
