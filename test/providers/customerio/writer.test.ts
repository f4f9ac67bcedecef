import { describe, expect, test } from 'vitest'
import { fail } from '../../../src/model/failure.ts'
import { BugError } from '../../../src/model/invariant.ts'
import type { SourceWriter } from '../../../src/ports.ts'
import { createSurroundings, KEY } from '../support/client.ts'
import { createInstantClock } from '../support/clock.ts'
import { failureFrom } from '../support/failures.ts'
import { findClosedStub, openStub, type Reply } from '../support/stub.ts'
import { CONNECTION, openWriter, SITE_ID, TRACK_KEY } from './connect.ts'

const json = (body: unknown, status = 200): Reply => ({ status, body })
const refuse = (status: number): Reply =>
  json({ errors: [{ detail: 'usr_1 is bad (reference a1b2c3)', status: String(status) }] }, status)
const LOST: Reply = response => response.destroy()
const SILENT: Reply = () => {}
const CUT: Reply = response => {
  response.writeHead(200, { 'content-length': '1000' })
  response.write('{"segment":', () => response.destroy())
}
const SHORT = { timeouts: { headersMs: 60, bodyMs: 60 } }

const QA = { name: 'QA team', description: 'Testers of acme' }
const CREATED = json({ segment: { id: 101, name: 'QA team', type: 'manual', state: 'finished' } })

const CALLS: Readonly<Record<string, (writer: SourceWriter) => Promise<unknown>>> = {
  create: writer => writer.createSegment(QA),
  fill: writer => writer.changePeople(101, 'add', ['usr_1']),
  delete: writer => writer.deleteSegment(101),
}
const call = (name: string, writer: SourceWriter): Promise<unknown> =>
  CALLS[name]?.(writer) ?? Promise.reject(new Error(`no call ${name}`))

describe('what is sent', () => {
  test('a segment is created with the App API key, and its number comes back', async () => {
    const stub = await openStub(CREATED)
    expect(await openWriter(stub).createSegment(QA)).toEqual({ segmentId: 101 })
    expect(stub.seen).toMatchObject([
      {
        method: 'POST',
        url: '/v1/segments',
        headers: { authorization: `Bearer ${KEY}` },
        body: '{"segment":{"name":"QA team","description":"Testers of acme"}}',
      },
    ])
  })

  test('an empty description is left out', async () => {
    const stub = await openStub(CREATED)
    await openWriter(stub).createSegment({ ...QA, description: '' })
    expect(stub.seen[0]?.body).toBe('{"segment":{"name":"QA team"}}')
  })

  test('people go in and out by id, with the Track keys', async () => {
    const stub = await openStub(json({}))
    const writer = openWriter(stub)
    await writer.changePeople(101, 'add', ['usr_1', 'ü"\\'])
    await writer.changePeople(101, 'remove', ['usr_2'])
    const authorization = `Basic ${Buffer.from(`${SITE_ID}:${TRACK_KEY}`).toString('base64')}`
    expect(stub.seen).toMatchObject([
      {
        method: 'POST',
        url: '/api/v1/segments/101/add_customers?id_type=id',
        headers: { authorization },
        body: '{"ids":["usr_1","ü\\"\\\\"]}',
      },
      {
        method: 'POST',
        url: '/api/v1/segments/101/remove_customers?id_type=id',
        headers: { authorization },
        body: '{"ids":["usr_2"]}',
      },
    ])
  })

  test('a segment is deleted by its number', async () => {
    const stub = await openStub({ status: 204 })
    await openWriter(stub).deleteSegment(101)
    expect(stub.seen).toMatchObject([
      { method: 'DELETE', url: '/v1/segments/101', headers: { authorization: `Bearer ${KEY}` }, body: '' },
    ])
  })

  test.each([0, 1001])('%i ids in one call are a bug', async count => {
    const stub = await openStub(json({}))
    const ids = Array.from({ length: count }, (_, n) => `usr_${n}`)
    await expect(openWriter(stub).changePeople(101, 'add', ids)).rejects.toThrow(BugError)
    expect(stub.seen).toEqual([])
  })
})

describe('the Track keys', () => {
  test('are asked for when people are first changed, and once', async () => {
    let asked = 0
    const trackKeys = () => {
      asked += 1
      return { siteId: SITE_ID, apiKey: TRACK_KEY }
    }
    const writer = openWriter(await openStub(CREATED, { status: 204 }, json({})), { trackKeys })
    await writer.createSegment(QA)
    await writer.deleteSegment(101)
    expect(asked).toBe(0)
    await writer.changePeople(101, 'add', ['usr_1'])
    await writer.changePeople(101, 'add', ['usr_2'])
    expect(asked).toBe(1)
  })

  test('when there are none, the call fails with what the caller says, and nothing is sent', async () => {
    const stub = await openStub(json({}))
    const trackKeys = () =>
      fail({ origin: 'config', code: 'config/no-key', detail: 'none', retryable: false })
    const writer = openWriter(stub, { trackKeys })
    for (let attempt = 1; attempt <= 2; attempt++)
      expect((await failureFrom(writer.changePeople(101, 'add', ['usr_1']))).code).toBe('config/no-key')
    expect(stub.seen).toEqual([])
  })

  test.each([
    [{ siteId: '', apiKey: TRACK_KEY }, 'CUSTOMERIO_SITE_ID is empty.'],
    [{ siteId: SITE_ID, apiKey: `${TRACK_KEY}\n` }, 'CUSTOMERIO_TRACK_KEY holds a space'],
  ])('that no header can carry are refused by the name of their variable (%#)', async (keys, detail) => {
    const writer = openWriter(await openStub(json({})), { trackKeys: () => keys })
    const failure = await failureFrom(writer.changePeople(101, 'add', ['usr_1']))
    expect(failure).toMatchObject({ code: 'provider/auth', detail: expect.stringContaining(detail) })
  })
})

describe('how a write is refused', () => {
  test.each`
    name        | status | code                      | attempts | outcomeUnknown
    ${'create'} | ${400} | ${'provider/bad-request'} | ${1}     | ${undefined}
    ${'create'} | ${401} | ${'provider/auth'}        | ${1}     | ${undefined}
    ${'create'} | ${403} | ${'provider/forbidden'}   | ${1}     | ${undefined}
    ${'create'} | ${404} | ${'provider/not-found'}   | ${1}     | ${undefined}
    ${'create'} | ${409} | ${'provider/conflict'}    | ${1}     | ${undefined}
    ${'create'} | ${422} | ${'provider/bad-request'} | ${1}     | ${undefined}
    ${'create'} | ${429} | ${'provider/quota'}       | ${3}     | ${undefined}
    ${'create'} | ${500} | ${'provider/unavailable'} | ${1}     | ${true}
    ${'create'} | ${408} | ${'provider/timeout'}     | ${1}     | ${true}
    ${'fill'}   | ${400} | ${'provider/bad-request'} | ${1}     | ${undefined}
    ${'fill'}   | ${401} | ${'provider/auth'}        | ${1}     | ${undefined}
    ${'fill'}   | ${403} | ${'provider/forbidden'}   | ${1}     | ${undefined}
    ${'fill'}   | ${404} | ${'provider/not-found'}   | ${1}     | ${undefined}
    ${'fill'}   | ${409} | ${'provider/conflict'}    | ${1}     | ${undefined}
    ${'fill'}   | ${422} | ${'provider/bad-request'} | ${1}     | ${undefined}
    ${'fill'}   | ${429} | ${'provider/rate-limit'}  | ${6}     | ${undefined}
    ${'fill'}   | ${500} | ${'provider/unavailable'} | ${5}     | ${true}
    ${'delete'} | ${400} | ${'provider/bad-request'} | ${1}     | ${undefined}
    ${'delete'} | ${401} | ${'provider/auth'}        | ${1}     | ${undefined}
    ${'delete'} | ${403} | ${'provider/forbidden'}   | ${1}     | ${undefined}
    ${'delete'} | ${409} | ${'provider/conflict'}    | ${1}     | ${undefined}
    ${'delete'} | ${422} | ${'provider/bad-request'} | ${1}     | ${undefined}
    ${'delete'} | ${429} | ${'provider/quota'}       | ${3}     | ${undefined}
    ${'delete'} | ${500} | ${'provider/unavailable'} | ${5}     | ${true}
  `('$name: $status is $code after $attempts', async ({ name, status, code, attempts, outcomeUnknown }) => {
    const stub = await openStub(refuse(status))
    const failure = await failureFrom(call(name, openWriter(stub)))
    expect(failure).toMatchObject({ origin: 'customerio', code, status })
    expect(failure.outcomeUnknown).toBe(outcomeUnknown)
    expect(failure.detail).toContain('(reference a1b2c3)')
    expect(JSON.stringify(failure)).not.toContain('usr_1')
    expect(stub.seen).toHaveLength(attempts)
  })

  test.each(Object.keys(CALLS))('%s: a 429 that names a wait is waited out', async name => {
    const clock = createInstantClock()
    const done: Reply = name === 'create' ? CREATED : { status: 204 }
    const stub = await openStub({ status: 429, headers: { 'retry-after': '2' } }, done)
    await call(name, openWriter(stub, createSurroundings(clock)))
    expect(clock.waits).toEqual([2000])
    expect(stub.seen).toHaveLength(2)
  })

  test('the Track API names a reference in its own envelopes, and its own variables in the hint', async () => {
    for (const meta of [{ error: 'no (reference ff00)' }, { errors: ['no (reference ff00)', 'usr_1'] }]) {
      expect(await failureFrom(call('fill', openWriter(await openStub(json({ meta }, 401)))))).toEqual({
        origin: 'customerio',
        code: 'provider/auth',
        detail:
          'Customer.io answered 401 to POST /api/v1/segments/{segment}/add_customers for segment 101 (reference ff00).',
        hint: 'check CUSTOMERIO_SITE_ID and CUSTOMERIO_TRACK_KEY, a Site ID and an API key of the Track API, and region: keys of another region than "us" fail like this',
        retryable: false,
        status: 401,
      })
    }
  })

  test('a name stands in the message of a create, a number in that of a delete', async () => {
    const create = await failureFrom(call('create', openWriter(await openStub(refuse(400)))))
    expect(create.detail).toBe(
      'Customer.io answered 400 to POST /v1/segments for segment "QA team" (reference a1b2c3).',
    )
    const remove = await failureFrom(call('delete', openWriter(await openStub(refuse(409)))))
    expect(remove).toMatchObject({
      detail: 'Customer.io answered 409 to DELETE /v1/segments/{segment} for segment 101 (reference a1b2c3).',
      hint: 'something in Customer.io still uses it: take it out there first',
    })
  })
})

describe('when no answer comes', () => {
  test.each`
    name        | what              | reply     | code                    | attempts
    ${'create'} | ${'lost'}         | ${LOST}   | ${'provider/network'}   | ${1}
    ${'create'} | ${'cut'}          | ${CUT}    | ${'provider/truncated'} | ${1}
    ${'create'} | ${'never coming'} | ${SILENT} | ${'provider/timeout'}   | ${1}
    ${'fill'}   | ${'lost'}         | ${LOST}   | ${'provider/network'}   | ${5}
    ${'fill'}   | ${'cut'}          | ${CUT}    | ${'provider/truncated'} | ${5}
    ${'delete'} | ${'lost'}         | ${LOST}   | ${'provider/network'}   | ${5}
    ${'delete'} | ${'cut'}          | ${CUT}    | ${'provider/truncated'} | ${5}
  `('$name, the answer is $what: $code after $attempts, unknown', async ({ name, reply, code, attempts }) => {
    const stub = await openStub(reply)
    const failure = await failureFrom(call(name, openWriter(stub, SHORT)))
    expect(failure).toMatchObject({ code, outcomeUnknown: true, retryable: name !== 'create' })
    expect(stub.seen).toHaveLength(attempts)
  })

  test.each(['fill', 'delete'])('%s: what a timeout left unknown stays so after a refusal', async name => {
    const stub = await openStub(SILENT, refuse(401))
    const failure = await failureFrom(call(name, openWriter(stub, SHORT)))
    expect(failure).toMatchObject({ code: 'provider/auth', outcomeUnknown: true })
    expect(stub.seen).toHaveLength(2)
  })

  test('a create that never reached anybody leaves nothing unknown, and is tried again', async () => {
    const failure = await failureFrom(call('create', openWriter(await findClosedStub())))
    expect(failure).toMatchObject({ code: 'provider/network', retryable: true })
    expect(failure.detail).toContain('Tried 5 times.')
    expect(failure).not.toHaveProperty('outcomeUnknown')
  })

  test('people are sent again, the same bytes', async () => {
    const stub = await openStub(LOST, json({}))
    await call('fill', openWriter(stub))
    expect(stub.seen[0]?.body).toBe(stub.seen[1]?.body)
  })
})

describe('gone is gone', () => {
  test('a segment that is not there any more is deleted', async () => {
    await expect(call('delete', openWriter(await openStub(refuse(404))))).resolves.toBe(undefined)
  })

  test('so is one whose deletion was done before its answer was lost', async () => {
    const stub = await openStub(LOST, refuse(404))
    await expect(call('delete', openWriter(stub))).resolves.toBe(undefined)
    expect(stub.seen).toHaveLength(2)
  })

  test('but a page that says 404 is a wrong address', async () => {
    const stub = await openStub(response => {
      response.writeHead(404)
      response.end('<!doctype html>')
    })
    expect((await failureFrom(call('delete', openWriter(stub)))).code).toBe('provider/unexpected-status')
  })
})

describe('what is taken for a success', () => {
  test.each`
    field           | body
    ${'the body'}   | ${[]}
    ${'segment'}    | ${{ errors: [{ detail: 'usr_1' }] }}
    ${'segment'}    | ${{ segment: null }}
    ${'segment.id'} | ${{ segment: { name: 'QA team' } }}
    ${'segment.id'} | ${{ segment: { id: '101' } }}
  `('created, but without $field: the outcome is open', async ({ field, body }) => {
    const failure = await failureFrom(call('create', openWriter(await openStub(json(body)))))
    expect(failure).toMatchObject({ code: 'provider/unexpected-shape', outcomeUnknown: true })
    expect(failure.detail).toContain(`"${field}"`)
  })

  test.each([{ status: 200 }, json({}), json({ more: 1 })])('people: %j', async reply => {
    await expect(call('fill', openWriter(await openStub(reply)))).resolves.toBe(undefined)
  })

  test.each([[], 'usr_1', { errors: [{ reason: 'usr_1' }] }, { meta: { errors: ['usr_1'] } }])(
    'not %j with a 200: errors may come with it',
    async body => {
      const failure = await failureFrom(call('fill', openWriter(await openStub(json(body)))))
      expect(failure).toMatchObject({ code: 'provider/unexpected-shape', outcomeUnknown: true })
      expect(JSON.stringify(failure)).not.toContain('usr_1')
    },
  )
})

test('not deleted: errors may come with a 200 there too', async () => {
  const stub = await openStub(json({ errors: [{ detail: 'in use' }] }))
  expect(await failureFrom(call('delete', openWriter(stub)))).toMatchObject({
    code: 'provider/unexpected-shape',
    outcomeUnknown: true,
  })
})

describe('a writer', () => {
  test('can do three things, and reads nothing', async () => {
    expect(Object.keys(openWriter(await openStub(json({})))).sort()).toEqual([
      'changePeople',
      'createSegment',
      'deleteSegment',
    ])
  })

  test('is refused an empty App API key by the name of its variable', async () => {
    const stub = await openStub(json({}))
    expect(() => openWriter(stub, { appKey: '' })).toThrow('provider/auth: CUSTOMERIO_APP_KEY is empty.')
  })

  test('takes a base URL with a path for both APIs', async () => {
    const stub = await openStub(CREATED, json({}))
    const writer = openWriter(stub, { connection: { ...CONNECTION, baseUrl: `${stub.url}/through/` } })
    await writer.createSegment(QA)
    await writer.changePeople(101, 'add', ['usr_1'])
    expect(stub.seen.map(({ url }) => url)).toEqual([
      '/through/v1/segments',
      '/through/api/v1/segments/101/add_customers?id_type=id',
    ])
  })
})
