import type { Pace } from '../engine/pace.ts'
import { type Failure, fail } from '../model/failure.ts'
import { invariant } from '../model/invariant.ts'
import type { Instant } from '../model/time.ts'
import type { Clock, Random } from '../ports.ts'
import { type Answer, readExchange, toTransportFailure } from './answer.ts'
import { type Exchanged, type Method, openExchange, type Timeouts } from './exchange.ts'
import { readAnsweredAt } from './rate-headers.ts'
import type { RefusalContext, Vendor } from './refusal.ts'
import { nextStep } from './retry.ts'
import { expandRoute } from './route.ts'

/** What every adapter is given from outside. */
export interface Surroundings {
  /** The budget that all calls of this client spend. Share one between clients of the same account. */
  readonly pace: Pace
  readonly clock: Clock
  readonly random: Random
  /** Sent as `user-agent: muster/<version>`. */
  readonly version: string
  /** Ends waits and reads at once. A write on the wire is let finish: torn off, its outcome would be unknown. */
  readonly signal?: AbortSignal
  readonly timeouts?: Partial<Timeouts>
  readonly maxResponseBytes?: number
  /** Told what time the vendor has whenever it answers, in its whole seconds. */
  readonly hearTime?: (at: Instant) => void
}

export interface ClientOptions extends Surroundings {
  readonly vendor: Vendor
  readonly baseUrl: URL
  /** Kept in a closure for ever: no message, no inspection of the client and no answer holds them. */
  readonly credentialHeaders: Readonly<Record<string, string>>
}

export interface ReadRequest {
  /** A template such as `/v1/segments/{segment}`. It stands in messages, so it never holds a value. */
  readonly route: string
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | undefined>>
  /** Named in messages, for example `segment 14`. Never a person. */
  readonly about?: string
  /** A narrower budget of this route, spent besides the client's. */
  readonly pace?: Pace
}

export interface DeleteRequest extends ReadRequest {
  /** Whether sending it twice does no more than sending it once. When not, an unknown outcome ends the call. */
  readonly idempotent: boolean
}

export interface WriteRequest extends DeleteRequest {
  /** JSON, encoded by the caller: it is sent byte for byte, each time it is sent. */
  readonly body: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

/** Can only read: there is nothing in it that sends another method, and its sender would refuse one. */
export interface ReadClient {
  get(request: ReadRequest): Promise<Answer>
}

export interface WriteClient extends ReadClient {
  post(request: WriteRequest): Promise<Answer>
  patch(request: WriteRequest): Promise<Answer>
  delete(request: DeleteRequest): Promise<Answer>
}

type Call = ReadRequest & Partial<WriteRequest>

export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 10_000, headersMs: 60_000, bodyMs: 30_000 }

/** A page of 30,000 people is about 3 MB and rarely 20; this stops a body that never ends. */
const MAX_RESPONSE_BYTES = 64 * 1024 * 1024

/** More would only queue: the vendors' limits are a few calls a second. */
const CONNECTIONS = 8

/** Opens a client that reads. All its methods reject with a `FailureError`. */
export const openReadClient = (options: ClientOptions): ReadClient => {
  const send = openSender(options, ['GET'])
  return Object.freeze<ReadClient>({ get: request => send('GET', request) })
}

/** Opens a client that writes too. Only code that applies or syncs may hold one. */
export const openWriteClient = (options: ClientOptions): WriteClient => {
  const send = openSender(options, ['GET', 'POST', 'PATCH', 'DELETE'])
  return Object.freeze<WriteClient>({
    get: request => send('GET', request),
    post: request => send('POST', request),
    patch: request => send('PATCH', request),
    delete: request => send('DELETE', request),
  })
}

const openSender = (options: ClientOptions, methods: readonly Method[]) => {
  const { vendor, clock, random, signal } = options
  const exchange = openExchange({
    baseUrl: options.baseUrl,
    timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
    maxResponseBytes: options.maxResponseBytes ?? MAX_RESPONSE_BYTES,
    connections: CONNECTIONS,
  })
  const standing = {
    accept: 'application/json',
    'user-agent': `muster/${options.version}`,
    ...options.credentialHeaders,
  }

  const sendOnce = async (method: Method, call: Call): Promise<Exchanged> => {
    const exchanged = await exchange({
      method,
      path: expandRoute(call.route, call.params, call.query),
      headers: { ...standing, ...(call.body && { 'content-type': 'application/json' }), ...call.headers },
      ...(call.body && { body: call.body }),
      ...(signal && method === 'GET' && { signal }),
    })
    const answeredAt = exchanged.kind === 'answer' ? readAnsweredAt(exchanged.headers) : undefined
    if (answeredAt !== undefined) options.hearTime?.(answeredAt)
    return exchanged
  }

  /** False when the run was stopped before the call's turn came. */
  const awaitTurn = async (call: Call): Promise<boolean> => {
    try {
      await call.pace?.take(signal)
      await options.pace.take(signal)
      return true
    } catch (error) {
      if (!signal?.aborted) throw error
      return false
    }
  }

  return async (method: Method, call: Call): Promise<Answer> => {
    invariant(methods.includes(method), `a client for ${methods.join(', ')} was asked to ${method}`)
    const context: RefusalContext = {
      vendor,
      name: { method, route: call.route, about: call.about },
      idempotent: call.idempotent,
    }
    let mayBeDone = false

    for (let attempt = 1; ; attempt++) {
      if (!(await awaitTurn(call))) {
        const stopped = toTransportFailure({ code: 'provider/cancelled', mayHaveArrived: false }, context)
        return fail(conclude(stopped, { attempts: attempt - 1, mayBeDone }))
      }
      const read = readExchange(await sendOnce(method, call), context)
      if (read.kind === 'answer') return read.answer
      const { failure } = read
      mayBeDone ||= failure.outcomeUnknown === true

      const step = nextStep(attempt, failure, random())
      if (step.kind === 'give-up') return fail(conclude(failure, { attempts: attempt, mayBeDone }))
      if (failure.status === 429) (call.pace ?? options.pace).pauseFor(step.ms)
      await clock.sleep(step.ms, signal)
    }
  }
}

interface Attempts {
  readonly attempts: number
  /** An earlier attempt may have been taken, whatever the last one was told. */
  readonly mayBeDone: boolean
}

const conclude = (failure: Failure, { attempts, mayBeDone }: Attempts): Failure => ({
  ...failure,
  ...(attempts > 1 && { detail: `${failure.detail} Tried ${attempts} times.` }),
  ...(mayBeDone && { outcomeUnknown: true }),
})
