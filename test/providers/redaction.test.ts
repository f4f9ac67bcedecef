import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createCustomerioReader } from '../../src/providers/customerio/provider.ts'
import { openReadClient, openWriteClient } from '../../src/providers/http.ts'
import { openWriter as openCustomerioWriter, SITE_ID, TRACK_KEY } from './customerio/connect.ts'
import { openReader as openMoengageReader, openWriter } from './moengage/connect.ts'
import { createClientOptions, createSurroundings, KEY } from './support/client.ts'
import { findClosedStub, openStub, type Reply, type SeenRequest, type Stub } from './support/stub.ts'

const PERSON = 'usr_4711'
const EMAIL = 'zoe.4711@example.com'
const SECRETS = [
  KEY,
  Buffer.from(KEY).toString('base64'),
  Buffer.from(`ACME01:${KEY}`).toString('base64'),
  SITE_ID,
  TRACK_KEY,
  Buffer.from(`${SITE_ID}:${TRACK_KEY}`).toString('base64'),
  PERSON,
  EMAIL,
]

const expectNoSecret = (value: unknown): void => {
  const error = value instanceof Error ? [value.message, value.stack, String(value)] : []
  const shown = [
    ...error,
    JSON.stringify(value),
    JSON.stringify(value, Object.getOwnPropertyNames(Object(value))),
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
  ]
  for (const secret of SECRETS) expect(shown.join('\n')).not.toContain(secret)
}

/** A vendor at its worst: it repeats all that it was sent, in every field that we read. */
const echo =
  (status: number): Reply =>
  (response, { url, headers, body }: SeenRequest) => {
    const all = `${url} ${JSON.stringify(headers)} ${body} ${PERSON} ${EMAIL} ${KEY}`
    const error = { type: all, code: all, message: all, attribute: all, request_id: all, existing_cs_id: all }
    response.writeHead(status, { 'x-echo': PERSON, 'retry-after': '0' })
    response.end(
      JSON.stringify({
        status: all,
        error,
        errors: [{ code: all, detail: `${all} (reference ${EMAIL})`, status: all }],
        meta: { error: all, errors: [`${all} (reference ${EMAIL})`] },
        title: all,
        description: all,
        response_id: all,
        identifiers: [{ cio_id: { all } }],
        data: { id: 7, name: all },
      }),
    )
  }
const page: Reply = response => response.end(`<html>${PERSON} ${EMAIL} ${KEY}</html>`)
const cut: Reply = response => {
  response.writeHead(200, { 'content-length': '9999' })
  response.write(`{"identifiers":[{"id":"${PERSON}","email":"${EMAIL}"`, () => response.destroy())
}
const nonsense: Reply = response => {
  response.socket?.end(`HTTP/9.9 ${PERSON} ${KEY}\r\n\r\n`)
}

const calls: Record<string, (stub: Stub) => Promise<unknown>> = {
  'paging people': stub =>
    createCustomerioReader({
      ...createSurroundings(),
      connection: { region: 'us', appKeyEnv: 'CUSTOMERIO_APP_KEY', baseUrl: stub.url },
      appKey: KEY,
    }).readPeoplePage(14, { key: 'id', start: PERSON }),
  'changing the people of a segment': stub =>
    openCustomerioWriter(stub).changePeople(14, 'add', [PERSON, EMAIL]),
  'creating a segment': stub => openCustomerioWriter(stub).createSegment({ name: 'QA', description: 'QA' }),
  'deleting a segment': stub => openCustomerioWriter(stub).deleteSegment(14),
  'changing members': stub =>
    openWriter(stub).changeMembers({ cohortId: 'c', name: 'ACT', description: '' }, 'add', [PERSON, EMAIL]),
  'creating a sendable': stub => openWriter(stub).createSendable({ name: 'ACT', include: 'a1', exclude: [] }),
  'reading a sendable': stub => openMoengageReader(stub).readSendable('64b117e8d2460ae81a05bf11'),
}

const replies: Record<string, Reply> = { page, cut, nonsense }
for (const status of [200, 302, 400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 500, 503])
  replies[`${status}`] = echo(status)

describe.each(Object.entries(calls))('%s', (_, call) => {
  test.each(Object.entries(replies))(
    'answered with %s: neither key nor person is shown',
    async (_, reply) => {
      expectNoSecret(await call(await openStub(reply)).catch((error: unknown) => error))
    },
  )

  test('not answered at all', async () => {
    expectNoSecret(await call(await findClosedStub()).catch((error: unknown) => error))
  })
})

test('clients and adapters show no key when inspected', async () => {
  const stub = await openStub({ status: 200, body: {} })
  expectNoSecret(openReadClient(createClientOptions(stub)))
  expectNoSecret(openWriteClient(createClientOptions(stub)))
  expectNoSecret(openMoengageReader(stub))
  expectNoSecret(openWriter(stub))
  const writer = openCustomerioWriter(stub)
  await writer.changePeople(14, 'add', [PERSON])
  expectNoSecret(writer)
})

test('an answer shows no key', async () => {
  const stub = await openStub({ status: 200, body: {} })
  expectNoSecret(await openReadClient(createClientOptions(stub)).get({ route: '/v1/things' }))
})
