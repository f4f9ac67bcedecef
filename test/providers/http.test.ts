import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createPace } from '../../src/engine/pace.ts'
import { BugError } from '../../src/model/invariant.ts'
import { openReadClient, openWriteClient, type WriteRequest } from '../../src/providers/http.ts'
import { createClientOptions, KEY } from './support/client.ts'
import { createInstantClock } from './support/clock.ts'
import { failureFrom } from './support/failures.ts'
import { findClosedStub, openStub, type Reply } from './support/stub.ts'

const READ = { route: '/v1/things/{thing}', params: { thing: '14' }, about: 'thing 14' }
const write = (idempotent: boolean): WriteRequest => ({
  route: '/v1/things',
  body: Buffer.from('{"members":["usr_1"]}'),
  idempotent,
})

const OK: Reply = { status: 200, body: { ok: true } }
const RESET: Reply = response => response.destroy()
const SILENCE: Reply = () => {}
const CUT: Reply = response => {
  response.writeHead(200, { 'content-length': '1000' })
  response.write('{"ok":', () => response.destroy())
}
const STALL: Reply = response => {
  response.writeHead(200, { 'content-length': '1000' })
  response.write('{"ok":')
}
const page =
  (status: number): Reply =>
  response => {
    response.writeHead(status, { 'content-type': 'text/html' })
    response.end('<html>Sign in, usr_1</html>')
  }

describe('what is sent', () => {
  test('method, expanded path, query, user agent and key; the body byte for byte', async () => {
    const stub = await openStub(OK)
    const client = openWriteClient(createClientOptions(stub))
    await client.get({
      ...READ,
      params: { thing: 'a/b c' },
      query: { limit: '5', start: undefined, next: 'x+y=' },
    })
    await client.post(write(true))
    expect(stub.seen).toMatchObject([
      { method: 'GET', url: '/v1/things/a%2Fb%20c?limit=5&next=x%2By%3D', body: '' },
      { method: 'POST', url: '/v1/things', body: '{"members":["usr_1"]}' },
    ])
    expect(stub.seen[0]?.headers).toMatchObject({
      'user-agent': 'muster/1.2.3',
      authorization: `Bearer ${KEY}`,
    })
    expect(stub.seen[0]?.headers).not.toHaveProperty('content-type')
    expect(stub.seen[1]?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': '21',
    })
  })

  test('a base URL may have a path of its own', async () => {
    const stub = await openStub(OK)
    await openReadClient(createClientOptions(stub, { baseUrl: new URL(`${stub.url}/through/here/`) })).get(
      READ,
    )
    expect(stub.seen[0]?.url).toBe('/through/here/v1/things/14')
  })

  test.each(['', '.', '..'])('a path part %j is a bug: it would address something else', async thing => {
    const stub = await openStub(OK)
    await expect(
      openReadClient(createClientOptions(stub)).get({ ...READ, params: { thing } }),
    ).rejects.toThrow(BugError)
    expect(stub.seen).toEqual([])
  })
})

describe('deleting', () => {
  test('has no body, and may be answered with nothing', async () => {
    const stub = await openStub({ status: 204 })
    const client = openWriteClient(createClientOptions(stub))
    expect(await client.delete({ ...READ, idempotent: true })).toMatchObject({ status: 204, body: undefined })
    expect(stub.seen).toMatchObject([{ method: 'DELETE', url: '/v1/things/14', body: '' }])
    expect(stub.seen[0]?.headers).not.toHaveProperty('content-type')
  })

  test('is a write: let finish when the run is stopped, and unknown when its answer is lost', async () => {
    const stop = new AbortController()
    const slow = await openStub(response => {
      stop.abort()
      setTimeout(() => response.writeHead(204).end(), 20)
    })
    const client = openWriteClient(createClientOptions(slow, { signal: stop.signal }))
    expect(await client.delete({ ...READ, idempotent: true })).toMatchObject({ status: 204 })
    const lost = openWriteClient(createClientOptions(await openStub(RESET)))
    expect(await failureFrom(lost.delete({ ...READ, idempotent: false }))).toMatchObject({
      code: 'provider/network',
      outcomeUnknown: true,
      retryable: false,
    })
  })
})

describe('a client that reads', () => {
  test('has one method and takes no other', async () => {
    const client = openReadClient(createClientOptions(await openStub(OK)))
    expect(Object.keys(client)).toEqual(['get'])
    expect(() => Object.assign(client, { post: () => {} })).toThrow(TypeError)
  })

  test('sends GET even when it is given a body', async () => {
    const stub = await openStub(OK)
    const smuggled = { ...READ, body: undefined, idempotent: true, method: 'POST' }
    await openReadClient(createClientOptions(stub)).get(smuggled)
    expect(stub.seen.map(({ method }) => method)).toEqual(['GET'])
  })
})

describe('answers', () => {
  test('a gzipped body is unpacked', async () => {
    const stub = await openStub(response => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(gzipSync('{"ok":"ü"}'))
    })
    expect(await openReadClient(createClientOptions(stub)).get(READ)).toMatchObject({
      status: 200,
      body: { ok: 'ü' },
    })
  })

  test('a write may be answered with nothing', async () => {
    const stub = await openStub({ status: 204 })
    expect(await openWriteClient(createClientOptions(stub)).post(write(true))).toMatchObject({
      body: undefined,
    })
  })

  test('a redirect is not followed: it would carry the key away', async () => {
    const elsewhere = await openStub(OK)
    const stub = await openStub({ status: 307, headers: { location: elsewhere.url } })
    const failure = await failureFrom(openReadClient(createClientOptions(stub)).get(READ))
    expect(failure).toMatchObject({ code: 'provider/unexpected-status', status: 307, retryable: false })
    expect(elsewhere.seen).toEqual([])
  })
})

const SHORT = { timeouts: { headersMs: 60, bodyMs: 60 }, maxResponseBytes: 500 }
const gzipBomb: Reply = response => {
  response.writeHead(200, { 'content-encoding': 'gzip' })
  response.end(gzipSync(' '.repeat(100_000)))
}
const halfGzip: Reply = response => {
  response.writeHead(200, { 'content-encoding': 'gzip' })
  response.end(gzipSync('{"ok":true}').subarray(0, 20))
}
const notUtf8: Reply = response => response.end(Buffer.from([0x22, 0xff, 0xfe, 0x22]))
const tooLong: Reply = response => response.end(`"${'x'.repeat(600)}"`)

describe('how a read fails', () => {
  test.each`
    what                                | reply                        | code                            | status       | attempts
    ${'the connection is reset'}        | ${RESET}                     | ${'provider/network'}           | ${undefined} | ${5}
    ${'the body is cut'}                | ${CUT}                       | ${'provider/truncated'}         | ${undefined} | ${5}
    ${'half a gzip'}                    | ${halfGzip}                  | ${'provider/truncated'}         | ${undefined} | ${5}
    ${'a body that is too long'}        | ${tooLong}                   | ${'provider/answer-too-large'}  | ${undefined} | ${1}
    ${'a small body that unpacks huge'} | ${gzipBomb}                  | ${'provider/answer-too-large'}  | ${undefined} | ${1}
    ${'a page with 200'}                | ${page(200)}                 | ${'provider/not-json'}          | ${200}       | ${3}
    ${'bytes that are not UTF-8'}       | ${notUtf8}                   | ${'provider/not-json'}          | ${200}       | ${3}
    ${'nothing with 200'}               | ${{ status: 200 }}           | ${'provider/not-json'}          | ${200}       | ${3}
    ${'a page with 404'}                | ${page(404)}                 | ${'provider/unexpected-status'} | ${404}       | ${1}
    ${'404'}                            | ${{ status: 404 }}           | ${'provider/not-found'}         | ${404}       | ${1}
    ${'400'}                            | ${{ status: 400, body: {} }} | ${'provider/bad-request'}       | ${400}       | ${1}
    ${'401'}                            | ${{ status: 401, body: {} }} | ${'provider/auth'}              | ${401}       | ${1}
    ${'403 as a page'}                  | ${page(403)}                 | ${'provider/forbidden'}         | ${403}       | ${1}
    ${'409'}                            | ${{ status: 409, body: {} }} | ${'provider/conflict'}          | ${409}       | ${1}
    ${'413'}                            | ${{ status: 413, body: {} }} | ${'provider/too-large'}         | ${413}       | ${1}
    ${'418'}                            | ${{ status: 418, body: {} }} | ${'provider/bad-request'}       | ${418}       | ${1}
    ${'429'}                            | ${{ status: 429, body: {} }} | ${'provider/rate-limit'}        | ${429}       | ${6}
    ${'500'}                            | ${{ status: 500, body: {} }} | ${'provider/unavailable'}       | ${500}       | ${5}
    ${'502 as a page'}                  | ${page(502)}                 | ${'provider/unavailable'}       | ${502}       | ${5}
  `('$what: $code after $attempts', async ({ reply, code, status, attempts }) => {
    const stub = await openStub(reply)
    const failure = await failureFrom(openReadClient(createClientOptions(stub, SHORT)).get(READ))
    expect(failure).toMatchObject({ origin: 'moengage', code })
    expect(failure.status).toBe(status)
    expect(failure).not.toHaveProperty('outcomeUnknown')
    expect(stub.seen).toHaveLength(attempts)
    expect(failure.detail).toContain('GET /v1/things/{thing} for thing 14')
    expect(failure.detail).not.toContain('usr_1')
  })

  test('nobody listens: says so in the system word', async () => {
    const failure = await failureFrom(openReadClient(createClientOptions(await findClosedStub())).get(READ))
    expect(failure).toEqual({
      origin: 'moengage',
      code: 'provider/network',
      detail:
        'MoEngage, GET /v1/things/{thing} for thing 14: the connection failed (ECONNREFUSED). Tried 5 times.',
      hint: 'check the network, and base_url if one is set',
      retryable: true,
    })
  })

  test('a plain server where TLS was expected is not retried', async () => {
    const stub = await openStub(OK)
    const baseUrl = new URL(stub.url.replace('http:', 'https:'))
    const failure = await failureFrom(openReadClient(createClientOptions(stub, { baseUrl })).get(READ))
    expect(failure).toMatchObject({ code: 'provider/tls', retryable: false })
  })
})

describe('how a write fails', () => {
  test.each`
    what                                       | reply                        | idempotent | attempts | outcomeUnknown
    ${'reset, may be repeated'}                | ${RESET}                     | ${true}    | ${5}     | ${true}
    ${'reset, must not be repeated'}           | ${RESET}                     | ${false}   | ${1}     | ${true}
    ${'answer cut, must not be repeated'}      | ${CUT}                       | ${false}   | ${1}     | ${true}
    ${'a page with 200, must not be repeated'} | ${page(200)}                 | ${false}   | ${1}     | ${true}
    ${'500, must not be repeated'}             | ${{ status: 500, body: {} }} | ${false}   | ${1}     | ${true}
    ${'500, may be repeated'}                  | ${{ status: 500, body: {} }} | ${true}    | ${5}     | ${true}
    ${'400, may be repeated'}                  | ${{ status: 400, body: {} }} | ${true}    | ${1}     | ${undefined}
    ${'429, must not be repeated'}             | ${{ status: 429, body: {} }} | ${false}   | ${6}     | ${undefined}
  `(
    '$what: $attempts attempts, unknown: $outcomeUnknown',
    async ({ reply, idempotent, attempts, outcomeUnknown }) => {
      const stub = await openStub(reply)
      const failure = await failureFrom(
        openWriteClient(createClientOptions(stub, SHORT)).post(write(idempotent)),
      )
      expect(stub.seen).toHaveLength(attempts)
      expect(failure.outcomeUnknown).toBe(outcomeUnknown)
      expect(failure.retryable).toBe(idempotent ? failure.status !== 400 : failure.status === 429)
    },
  )

  test('a connection that never stood leaves nothing unknown, and is tried again', async () => {
    const client = openWriteClient(createClientOptions(await findClosedStub()))
    const failure = await failureFrom(client.patch(write(false)))
    expect(failure).toMatchObject({ code: 'provider/network', retryable: true })
    expect(failure).not.toHaveProperty('outcomeUnknown')
  })

  test.each([SILENCE, STALL])('a timeout is called one (%#)', async reply => {
    const failure = await failureFrom(
      openWriteClient(createClientOptions(await openStub(reply), SHORT)).post(write(false)),
    )
    expect(failure).toMatchObject({ code: 'provider/timeout', retryable: false, outcomeUnknown: true })
  })

  test('what an earlier attempt left unknown stays unknown after a refusal', async () => {
    const stub = await openStub(RESET, { status: 413, body: {} })
    const failure = await failureFrom(openWriteClient(createClientOptions(stub)).post(write(true)))
    expect(failure).toMatchObject({ code: 'provider/too-large', outcomeUnknown: true })
  })
})

describe('trying again', () => {
  test('waits as asked, and succeeds', async () => {
    const clock = createInstantClock()
    const stub = await openStub({ status: 503, headers: { 'retry-after': '7' } }, RESET, OK)
    const answer = await openReadClient(createClientOptions(stub, { clock })).get(READ)
    expect(answer.body).toEqual({ ok: true })
    expect(clock.waits).toEqual([7000, 1000])
  })

  test('a 429 holds up everybody who shares the budget', async () => {
    const clock = createInstantClock()
    const pace = createPace({ limit: 100, intervalMs: 1000, clock })
    const startsMs: number[] = []
    const timed = {
      ...pace,
      take: (signal?: AbortSignal) => pace.take(signal).then(() => void startsMs.push(clock.monotonicMs())),
    }
    const stub = await openStub({ status: 429, headers: { 'x-ratelimit-reset': '30' } }, OK)
    await openReadClient(createClientOptions(stub, { clock, pace: timed })).get(READ)
    await pace.take()
    expect(startsMs).toEqual([0, 30_000])
    expect(clock.monotonicMs()).toBe(30_000)
  })

  test('a route of its own budget slows down that one', async () => {
    const clock = createInstantClock()
    const shared = createPace({ limit: 100, intervalMs: 1000, clock })
    const own = createPace({ limit: 100, intervalMs: 1000, clock })
    const pauses: string[] = []
    const client = openReadClient(
      createClientOptions(await openStub({ status: 429 }, OK), {
        clock,
        pace: { ...shared, pauseFor: () => pauses.push('shared') },
      }),
    )
    await client.get({ ...READ, pace: { ...own, pauseFor: () => pauses.push('own') } })
    expect(pauses).toEqual(['own'])
  })

  test('asked to wait an hour, it says so instead', async () => {
    const stub = await openStub({ status: 429, headers: { 'retry-after': '3600' } })
    const failure = await failureFrom(openReadClient(createClientOptions(stub)).get(READ))
    expect(failure).toMatchObject({ code: 'provider/rate-limit', retryAfterMs: 3_600_000 })
    expect(failure.detail).toBe(
      'MoEngage answered 429 to GET /v1/things/{thing} for thing 14. It asks to wait 1h.',
    )
    expect(stub.seen).toHaveLength(1)
  })
})

describe('stopping', () => {
  test('a stopped run sends nothing', async () => {
    const stub = await openStub(OK)
    const options = createClientOptions(stub, { signal: AbortSignal.abort() })
    const failure = await failureFrom(openReadClient(options).get(READ))
    expect(failure).toMatchObject({ code: 'provider/cancelled', retryable: false })
    expect(failure).not.toHaveProperty('outcomeUnknown')
    expect(stub.seen).toEqual([])
  })

  test('a read is torn off', async () => {
    const stop = new AbortController()
    const stub = await openStub(() => stop.abort())
    const failure = await failureFrom(
      openReadClient(createClientOptions(stub, { signal: stop.signal })).get(READ),
    )
    expect(failure.code).toBe('provider/cancelled')
  })

  test('a write is let finish, so that its outcome is known', async () => {
    const stop = new AbortController()
    const stub = await openStub(response => {
      stop.abort()
      setTimeout(() => response.end('{"ok":true}'), 20)
    })
    const client = openWriteClient(createClientOptions(stub, { signal: stop.signal }))
    expect(await client.post(write(false))).toMatchObject({ status: 200 })
  })

  test('stopped between two attempts, a write tells that the first may have been taken', async () => {
    const stop = new AbortController()
    const stub = await openStub(response => {
      stop.abort()
      response.destroy()
    })
    const failure = await failureFrom(
      openWriteClient(createClientOptions(stub, { signal: stop.signal })).post(write(true)),
    )
    expect(failure).toMatchObject({ code: 'provider/cancelled', outcomeUnknown: true })
    expect(stub.seen).toHaveLength(1)
  })
})
