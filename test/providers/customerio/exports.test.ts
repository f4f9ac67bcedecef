import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { EMULATED_CUSTOMERIO, type EmulatorOptions } from '../../../src/emulators/options.ts'
import type { PeopleExport } from '../../../src/ports.ts'
import { createCustomerioExports } from '../../../src/providers/customerio/exports.ts'
import { startTestEmulators } from '../../emulators/harness.ts'
import { createSurroundings, KEY } from '../support/client.ts'
import { createInstantClock } from '../support/clock.ts'
import { failureFrom } from '../support/failures.ts'
import { openStub, type Reply, type SeenRequest, type Stub } from '../support/stub.ts'
import { CONNECTION } from './connect.ts'

const WRITTEN = {
  id: 110,
  deduplicate_id: '110:1764000000',
  type: 'customers',
  status: 'pending',
  failed: false,
  total: 0,
  description: 'Customers with segment filters—in VIP customers',
  downloads: 0,
  user_id: 0,
  user_email: 'keys@example.com',
  created_at: 1764000000,
  updated_at: 1764000000,
}
const STARTED: PeopleExport = {
  exportId: 110,
  status: 'pending',
  total: 0,
  description: WRITTEN.description,
}
const done = (total: number): PeopleExport => ({ ...STARTED, status: 'done', total })

const openExports = (stub: Pick<Stub, 'url'>, appKey = KEY) =>
  createCustomerioExports({
    ...createSurroundings(createInstantClock()),
    connection: { ...CONNECTION, baseUrl: stub.url },
    appKey,
    timeouts: { headersMs: 2_000, bodyMs: 2_000 },
  })

const json = (body: unknown, status = 200): Reply => ({ status, body })

describe('exports are made, listed and looked at', () => {
  test('made of one segment, with one more column', async () => {
    const stub = await openStub(json({ export: WRITTEN }))
    expect(await openExports(stub).startExport(11, 'phone')).toEqual(STARTED)
    expect(stub.seen).toMatchObject([
      {
        method: 'POST',
        url: '/v1/exports/customers',
        headers: { authorization: `Bearer ${KEY}` },
        body: '{"filters":{"segment":{"id":11}},"attributes":["phone"]}',
      },
    ])
  })

  test('made without one, when the identifiers are enough', async () => {
    const stub = await openStub(json({ export: WRITTEN }))
    await openExports(stub).startExport(11)
    expect(stub.seen[0]?.body).toBe('{"filters":{"segment":{"id":11}}}')
  })

  test('a call without an answer is not made again, and says that it may be done', async () => {
    const stub = await openStub((_response, _request) => _response.destroy())
    expect(await failureFrom(openExports(stub).startExport(11))).toMatchObject({
      outcomeUnknown: true,
      retryable: false,
    })
    expect(stub.seen).toHaveLength(1)
  })

  test.each`
    says                           | written                                                   | expected
    ${'pending'}                   | ${WRITTEN}                                                | ${STARTED}
    ${'done'}                      | ${{ ...WRITTEN, status: 'done', total: 1_200_000 }}       | ${done(1_200_000)}
    ${'failed'}                    | ${{ ...WRITTEN, status: 'failed' }}                       | ${{ ...STARTED, status: 'failed' }}
    ${'failed'}                    | ${{ ...WRITTEN, status: 'done', failed: true, total: 3 }} | ${{ ...STARTED, status: 'failed', total: 3 }}
    ${'nothing more than it must'} | ${{ id: 110, status: 'pending', total: null }}            | ${{ ...STARTED, description: '' }}
  `('one that says $says', async ({ written, expected }) => {
    expect(await openExports(await openStub(json({ export: written }))).readExport(110)).toEqual(expected)
  })

  test('one that is not there is none', async () => {
    expect(await openExports(await openStub(json({ errors: [] }, 404))).readExport(110)).toBe(undefined)
  })

  test('those of messages are not among them', async () => {
    const stub = await openStub(json({ exports: [WRITTEN, { id: 111, type: 'deliveries' }] }))
    expect(await openExports(stub).listExports()).toEqual([STARTED])
  })

  test.each`
    field              | body
    ${'export'}        | ${{}}
    ${'export.id'}     | ${{ export: { ...WRITTEN, id: '110' } }}
    ${'export.status'} | ${{ export: { ...WRITTEN, status: 'queued' } }}
    ${'export.total'}  | ${{ export: { ...WRITTEN, status: 'done', total: null } }}
  `('without a proper $field it was not read', async ({ field, body }) => {
    const failure = await failureFrom(openExports(await openStub(json(body))).readExport(110))
    expect(failure).toMatchObject({ code: 'provider/unexpected-shape' })
    expect(failure.detail).toContain(`"${field}"`)
  })
})

type File = string | Buffer | ((response: ServerResponse) => void)

/** A server that answers with a link to itself, and then with the files in turn. */
const openFiles = async (...files: readonly File[]) => {
  const downloads: SeenRequest[] = []
  const stub = await openStub((response, request) => {
    if (request.url.startsWith('/v1/')) {
      response.writeHead(200, { 'content-type': 'application/json' })
      return response.end(JSON.stringify({ url: `http://${request.headers.host}/file?signature=s3cr3t` }))
    }
    downloads.push(request)
    const file = files[Math.min(downloads.length, files.length) - 1]
    return typeof file === 'function' ? file(response) : response.end(file)
  })
  return { stub, downloads }
}

const readAll = async (stub: Pick<Stub, 'url'>, total: number, column = 'phone') => {
  const people = []
  for await (const page of openExports(stub).readPeople(done(total), column)) people.push(...page)
  return people
}

const HEADER = 'cio_id,id,email,phone\n'
const ONE = 'c_1,usr_1,one@example.com,+12025550101\n'
const TWO = 'c_2,usr_2,,+12025550102\n'
const PEOPLE = [
  { person: 'c_1', value: '+12025550101' },
  { person: 'c_2', value: '+12025550102' },
]

describe('the file of an export', () => {
  test.each<[string, string | Buffer]>([
    ['as it is documented', HEADER + ONE + TWO],
    ['with the line breaks of Windows', (HEADER + ONE + TWO).replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\ufeff${HEADER}${ONE}${TWO}`],
    ['with empty lines', `${HEADER}\n${ONE}\n${TWO}\n`],
    ['zipped', gzipSync(HEADER + ONE + TWO)],
    ['with columns in another order', 'phone,plan,cio_id\n+12025550101,gold,c_1\n+12025550102,,c_2\n'],
    ['with quotes', 'cio_id,"phone",note\n"c_1","+12025550101","a ""b"", c\nd"\nc_2,+12025550102,\n'],
  ])('%s', async (_story, file) => {
    const { stub } = await openFiles(file)
    expect(await readAll(stub, 2)).toEqual(PEOPLE)
  })

  test('letters are read as they are', async () => {
    const { stub } = await openFiles('cio_id,phone\nc_1, Ünï,\n'.replace('ï,', 'ï'))
    expect(await readAll(stub, 1)).toEqual([{ person: 'c_1', value: ' Ünï' }])
  })

  test('people without a value are told of, without one', async () => {
    const { stub } = await openFiles(`${HEADER}c_1,usr_1,,\n`)
    expect(await readAll(stub, 1)).toEqual([{ person: 'c_1', value: undefined }])
  })

  test('nobody in it is nobody', async () => {
    const { stub } = await openFiles(HEADER)
    expect(await readAll(stub, 0)).toEqual([])
  })

  test.each([
    ['phone', 'cio_id,id\nc_1,usr_1\n'],
    ['cio_id', 'id,phone\nusr_1,+12025550101\n'],
  ])('without the column %s nobody is told of', async (column, file) => {
    const { stub } = await openFiles(file)
    const failure = await failureFrom(readAll(stub, 1))
    expect(failure).toMatchObject({ code: 'provider/unexpected-shape', retryable: false })
    expect(failure.detail).toBe(
      `Customer.io: in the answer to the download of export 110, "${column}" is not among the columns.`,
    )
  })

  test('somebody without a cio_id is refused', async () => {
    const { stub } = await openFiles(`${HEADER},usr_1,,+12025550101\n`)
    expect((await failureFrom(readAll(stub, 1))).code).toBe('provider/unexpected-shape')
  })
})

describe('a file that is not whole', () => {
  test('is cut within an identifier: who stands there is not told of', async () => {
    const { stub } = await openFiles((HEADER + ONE + TWO).slice(0, -5))
    expect(await readAll(stub, 3)).toEqual(PEOPLE.slice(0, 1))
  })

  test('is cut within its very last record: nobody is missing, and its last person is not told of', async () => {
    const { stub } = await openFiles((HEADER + ONE + TWO).slice(0, -5))
    expect(await readAll(stub, 2)).toEqual(PEOPLE.slice(0, 1))
  })

  test('lacks the line break at its end: its last person may be cut as well', async () => {
    const { stub } = await openFiles((HEADER + ONE + TWO).slice(0, -1))
    expect(await readAll(stub, 2)).toEqual(PEOPLE.slice(0, 1))
  })

  test('is cut at the end of a line: its last person is not told of either', async () => {
    const { stub } = await openFiles(HEADER + ONE + TWO)
    expect(await readAll(stub, 3)).toEqual(PEOPLE.slice(0, 1))
  })

  test.each<[string, File]>([
    ['ends within a record', `${HEADER}${ONE}c_2,us`],
    ['has a quote that is never closed', `${HEADER}${ONE}"c_2,usr_2,,\n`],
    ['has a record of a megabyte', `${HEADER}${ONE}"${'x'.repeat(1_000_000)}",,,\n`],
    [
      'is not UTF-8',
      Buffer.concat([Buffer.from(HEADER + ONE), Buffer.from([0x63, 0xff, 0x2c]), Buffer.from(',,\n')]),
    ],
    ['ends within a letter', Buffer.from(`${HEADER}${ONE}c_2,usr_2,,ü`).subarray(0, -1)],
    ['is zipped and cut', gzipSync(HEADER + ONE + TWO).subarray(0, -12)],
    ['is zipped and damaged', Buffer.concat([gzipSync(HEADER).subarray(0, 12), Buffer.alloc(40, 0xff)])],
    [
      'breaks off on the wire',
      response => {
        response.writeHead(200, { 'content-length': '9999' })
        response.write(HEADER + ONE, () => response.destroy())
      },
    ],
  ])('%s', async (_story, file) => {
    const { stub } = await openFiles(file)
    const failure = await failureFrom(readAll(stub, 2))
    expect(failure).toMatchObject({ origin: 'customerio', code: 'provider/truncated', retryable: true })
    for (const secret of ['usr_', '2025550', 's3cr3t', KEY])
      expect(JSON.stringify(failure)).not.toContain(secret)
  })
})

describe('the link', () => {
  test('is given no credential', async () => {
    const { stub, downloads } = await openFiles(HEADER + ONE + TWO)
    await readAll(stub, 2)
    expect(downloads).toHaveLength(1)
    expect(downloads[0]?.url).toBe('/file?signature=s3cr3t')
    expect(Object.keys(downloads[0]?.headers ?? {}).sort()).toEqual(['connection', 'host', 'user-agent'])
  })

  const refuse =
    (status: number): File =>
    response => {
      response.writeHead(status)
      response.end('Request has expired')
    }

  test('that expired is asked for again', async () => {
    const { stub, downloads } = await openFiles(refuse(403), HEADER + ONE + TWO)
    expect(await readAll(stub, 2)).toEqual(PEOPLE)
    expect([stub.seen.length, downloads.length]).toEqual([4, 2])
  })

  test('that is refused three times is given up', async () => {
    const { stub, downloads } = await openFiles(refuse(403))
    expect(await failureFrom(readAll(stub, 2))).toMatchObject({
      code: 'provider/link-refused',
      status: 403,
      retryable: true,
      detail: 'Customer.io, download of export 110: its host answered 403.',
    })
    expect(downloads).toHaveLength(3)
  })

  test.each([
    [503, 'provider/unavailable'],
    [302, 'provider/link-refused'],
  ])('answered with %i is %s, and nothing is followed', async (status, code) => {
    const { stub } = await openFiles(refuse(status))
    expect((await failureFrom(readAll(stub, 2))).code).toBe(code)
  })

  test.each(['http://files.example.com/file', 'ftp://127.0.0.1/file', 'nonsense'])(
    '%s is not followed by whoever reads over the network',
    async url => {
      const { stub } = { stub: await openStub(json({ url })) }
      // The same server under an address that is nobody's loopback by name.
      const elsewhere = { url: stub.url.replace('127.0.0.1', '0.0.0.0') }
      const failure = await failureFrom(readAll(elsewhere, 2))
      expect(failure).toMatchObject({ code: 'provider/unexpected-shape' })
      expect(failure.detail).not.toContain('example.com')
    },
  )

  test.each([{}, { url: '' }, { url: 7 }, { link: null }])('%j is no link', async body => {
    const stub = await openStub(json(body))
    expect((await failureFrom(readAll(stub, 2))).code).toBe('provider/unexpected-shape')
  })
})

test('the file is taken as fast as it is used, and torn off where that ends', async () => {
  const line = 'c_1,usr_1,one@example.com,+12025550101\n'
  const piece = line.repeat(4_000)
  let sent = 0
  let closed = false
  const { stub } = await openFiles(response => {
    response.on('close', () => {
      closed = true
    })
    const send = (): void => {
      if (closed) return
      sent += piece.length
      if (response.write(piece)) setImmediate(send)
      else response.once('drain', send)
    }
    response.write(HEADER)
    send()
  })
  const pages = openExports(stub).readPeople(done(10_000_000), 'phone')[Symbol.asyncIterator]()
  await pages.next()
  await wait(300)
  // What the two sockets and the pipes hold, and no more: unread, it would be hundreds of megabytes.
  expect(sent).toBeLessThan(30_000_000)
  await pages.return?.()
  await expect.poll(() => closed).toBe(true)
})

describe('over the emulator', () => {
  const open = async (options: Partial<EmulatorOptions> = {}) => {
    const emulators = await startTestEmulators({ population: 200, ...options })
    const exports = openExports({ url: emulators.emulators.customerio.url }, EMULATED_CUSTOMERIO.appKey)
    const read = async (column: string) => {
      const { exportId } = await exports.startExport(17, 'customer_ref')
      await emulators.advance('1s')
      const made = await exports.readExport(exportId)
      const people = []
      for await (const page of exports.readPeople(made ?? STARTED, column)) people.push(...page)
      return people
    }
    return { ...emulators, exports, read }
  }

  test.each<NonNullable<EmulatorOptions['behaviour']>>([{}, { exportLink: 'link' }, { exportFile: 'gzip' }])(
    'the staff by an attribute, with %j',
    async behaviour => {
      const { read } = await open({ behaviour })
      const people = await read('customer_ref')
      expect(people).toHaveLength(10)
      expect(people[0]).toEqual({ person: '030000000001', value: 'emp_001' })
    },
  )

  test('an export is told by the name of its segment', async () => {
    const { exports } = await open()
    await exports.startExport(17)
    expect(await exports.listExports()).toMatchObject([
      { description: expect.stringContaining('Internal QA') },
    ])
  })
})
