import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Pool } from 'undici'
import { firstOf, type HeaderBag } from './rate-headers.ts'
import { describeTransportError, type TransportFault } from './transport-fault.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** How long each part of a call may take. `bodyMs` is the longest silence between two pieces of a body. */
export interface Timeouts {
  readonly connectMs: number
  readonly headersMs: number
  readonly bodyMs: number
}

export interface WireRequest {
  readonly method: Method
  /** Path and query, below the base URL. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  readonly signal?: AbortSignal
}

/** A complete answer, whatever its status, or the reason why there is none. */
export type Exchanged =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: HeaderBag; readonly body: Buffer }
  | { readonly kind: 'broken'; readonly fault: TransportFault }

export type Exchange = (request: WireRequest) => Promise<Exchanged>

export interface ExchangeOptions {
  readonly baseUrl: URL
  readonly timeouts: Timeouts
  readonly maxResponseBytes: number
  readonly connections: number
}

const unzip = promisify(gunzip)

/** Opens a pool of connections to one host. One call is one request: no redirects, no retries, no errors by status. */
export const openExchange = ({
  baseUrl,
  timeouts,
  maxResponseBytes,
  connections,
}: ExchangeOptions): Exchange => {
  const pool = new Pool(baseUrl.origin, {
    connections,
    connect: { timeout: timeouts.connectMs },
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.bodyMs,
    maxResponseSize: maxResponseBytes,
  })
  const prefix = baseUrl.pathname.replace(/\/+$/, '')

  return async ({ method, path, headers, body, signal }) => {
    let hasHeaders = false
    try {
      const response = await pool.request({
        method,
        path: prefix + path,
        headers: { ...headers, 'accept-encoding': 'gzip' },
        body: body ?? null,
        signal: signal ?? null,
      })
      hasHeaders = true
      const raw = Buffer.from(await response.body.arrayBuffer())
      const isZipped = firstOf(response.headers['content-encoding'])?.toLowerCase() === 'gzip'
      const plain = isZipped ? await unzip(raw, { maxOutputLength: maxResponseBytes }) : raw
      return { kind: 'answer', status: response.statusCode, headers: response.headers, body: plain }
    } catch (error) {
      if (signal?.aborted)
        return { kind: 'broken', fault: { code: 'provider/cancelled', mayHaveArrived: true } }
      return { kind: 'broken', fault: describeTransportError(error, hasHeaders) }
    }
  }
}
