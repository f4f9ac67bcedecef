import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Agent, request } from 'undici'
import { type Failure, FailureError, fail } from '../model/failure.ts'
import type { Timeouts } from './exchange.ts'
import type { ProviderCode } from './failure-codes.ts'
import { buildFailure } from './provider-failure.ts'
import { describeTransportError } from './transport-fault.ts'

/** How files behind signed links are fetched. */
export interface DownloadOptions {
  /** False: only over TLS. True when everything of the vendor's is read from this machine itself. */
  readonly mayBePlain: boolean
  readonly version: string
  readonly timeouts: Timeouts
  readonly signal?: AbortSignal | undefined
}

/** Whose file it is, as messages name it: never the link, which lets anybody fetch it. */
export interface DownloadName {
  readonly origin: 'customerio'
  readonly title: string
  readonly about: string
}

/**
 * Opens a signed link and gives its bytes as they come, unzipped when they begin as gzip does. No header of ours but the
 * program's name goes along: the link is somebody else's host, and no credential is its business.
 */
export async function* openDownload(
  link: string,
  name: DownloadName,
  { mayBePlain, version, timeouts, signal }: DownloadOptions,
): AsyncGenerator<Uint8Array> {
  const url = requireLink(link, mayBePlain, name)
  const dispatcher = new Agent({
    connect: { timeout: timeouts.connectMs },
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.bodyMs,
    connections: 1,
  })
  let hasHeaders = false
  try {
    const { statusCode, body } = await request(url, {
      dispatcher,
      signal: signal ?? null,
      headers: { 'user-agent': `muster/${version}` },
    })
    hasHeaders = true
    if (statusCode !== 200) fail(refuseStatus(statusCode, name))
    yield* unzipIfZipped(body)
  } catch (error) {
    if (error instanceof FailureError) throw error
    if (signal?.aborted) fail(describeFailure(name, 'provider/cancelled', 'stopped'))
    const { code, token } = describeTransportError(error, hasHeaders)
    fail(describeFailure(name, code, `${SENTENCES[code] ?? 'no answer'}${token ? ` (${token})` : ''}`))
  } finally {
    // What was not read to its end is torn off.
    await dispatcher.destroy()
  }
}

const requireLink = (link: string, mayBePlain: boolean, name: DownloadName): URL => {
  const url = URL.canParse(link) ? new URL(link) : undefined
  if (url?.protocol === 'https:' || (mayBePlain && url?.protocol === 'http:')) return url
  return fail(describeFailure(name, 'provider/unexpected-shape', 'the link to the file is not one over TLS'))
}

/** Gzip is told by its first two bytes: whether files are zipped, and whether a header says so, is not documented. */
async function* unzipIfZipped(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]()
  const first = await takeTwoBytes(pieces)
  const whole = startWith(first, pieces)
  if (first[0] !== 0x1f || first[1] !== 0x8b) return yield* whole
  const unzip = createGunzip({ chunkSize: UNZIPPED_PIECE })
  // A failure of either arrives with the bytes that are read from `unzip`.
  pipeline(Readable.from(whole, { objectMode: false }), unzip, () => undefined)
  yield* unzip
}

const UNZIPPED_PIECE = 128 * 1024

const takeTwoBytes = async (pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array> => {
  let first: Uint8Array = new Uint8Array()
  while (first.length < 2) {
    const piece = await pieces.next()
    if (piece.done) break
    first = Buffer.concat([first, piece.value])
  }
  return first
}

async function* startWith(first: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first
    for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) yield piece.value
  } finally {
    await pieces.return?.()
  }
}

/** Links die young, so what refuses one is asked for another. 5xx and 408 may pass. */
const refuseStatus = (status: number, name: DownloadName): Failure => {
  const code = status >= 500 || status === 408 ? 'provider/unavailable' : 'provider/link-refused'
  return { ...describeFailure(name, code, `its host answered ${status}`), status }
}

const describeFailure = ({ origin, title, about }: DownloadName, code: ProviderCode, why: string): Failure =>
  buildFailure({ origin, code, detail: `${title}, download of ${about}: ${why}.` })

const SENTENCES: Partial<Record<ProviderCode, string>> = {
  'provider/network': 'the connection failed',
  'provider/timeout': 'no bytes in the time allowed',
  'provider/tls': 'the host could not prove who it is',
  'provider/truncated': 'the file broke off',
}
