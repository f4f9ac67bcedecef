import { expect, test } from 'vitest'
import type { DestinationWriter } from '../../../src/ports.ts'
import type { MoengageWriterOptions } from '../../../src/providers/moengage/provider.ts'
import { createMoengageWriter } from '../../../src/providers/moengage/provider.ts'
import { createSurroundings, KEY } from '../support/client.ts'
import { createInstantClock } from '../support/clock.ts'
import { failureFrom } from '../support/failures.ts'
import { openStub, type Reply, type Stub } from '../support/stub.ts'
import { CONNECTION } from './connect.ts'

const ID = '6388a97a02adb9071ca84ce9'
const SENDABLE = { name: 'ACT__Sendable', include: ID, exclude: [] }

const LOST: Reply = response => response.destroy()
const SILENT: Reply = () => {}
const CUT: Reply = response => {
  response.writeHead(200, { 'content-length': '1000' })
  response.write('{"data":', () => response.destroy())
}
const REFUSED: Reply = { status: 401, body: { error: { code: 'Authentication required' } } }
const DONE: Reply = { status: 200, body: { status: 'success', success: true, data: { id: ID } } }

const open = (stub: Stub, more: Partial<MoengageWriterOptions> = {}): DestinationWriter =>
  createMoengageWriter({
    ...createSurroundings(),
    connection: { ...CONNECTION, baseUrl: stub.url },
    dataKey: KEY,
    partner: 'muster',
    timeouts: { headersMs: 60, bodyMs: 60 },
    ...more,
  })

const CALLS: Readonly<Record<string, (writer: DestinationWriter) => Promise<unknown>>> = {
  members: writer => writer.changeMembers({ cohortId: 'a', name: 'ACT', description: '' }, 'add', ['usr_1']),
  create: writer => writer.createSendable(SENDABLE),
  update: writer => writer.updateSendable(ID, SENDABLE),
  retire: writer => writer.retireSegment({ remoteId: ID, name: 'ACT' }),
}
const call = (name: string, writer: DestinationWriter): Promise<unknown> =>
  CALLS[name]?.(writer) ?? Promise.reject(new Error(`no call ${name}`))

test.each`
  name         | what      | reply   | code                    | attempts
  ${'members'} | ${'lost'} | ${LOST} | ${'provider/network'}   | ${5}
  ${'members'} | ${'cut'}  | ${CUT}  | ${'provider/truncated'} | ${5}
  ${'create'}  | ${'lost'} | ${LOST} | ${'provider/network'}   | ${1}
  ${'create'}  | ${'cut'}  | ${CUT}  | ${'provider/truncated'} | ${1}
  ${'update'}  | ${'lost'} | ${LOST} | ${'provider/network'}   | ${5}
  ${'update'}  | ${'cut'}  | ${CUT}  | ${'provider/truncated'} | ${5}
  ${'retire'}  | ${'lost'} | ${LOST} | ${'provider/network'}   | ${5}
  ${'retire'}  | ${'cut'}  | ${CUT}  | ${'provider/truncated'} | ${5}
`('$name, the answer is $what: $code after $attempts, unknown', async ({ name, reply, code, attempts }) => {
  const stub = await openStub(reply)
  const failure = await failureFrom(call(name, open(stub)))
  expect(failure).toMatchObject({ code, outcomeUnknown: true, retryable: name !== 'create' })
  expect(JSON.stringify(failure)).not.toContain('usr_1')
  expect(stub.seen).toHaveLength(attempts)
})

test('create, the answer never comes: a timeout, unknown, and not sent again', async () => {
  const stub = await openStub(SILENT)
  expect(await failureFrom(call('create', open(stub)))).toMatchObject({
    code: 'provider/timeout',
    outcomeUnknown: true,
    retryable: false,
  })
  expect(stub.seen).toHaveLength(1)
})

test.each(['members', 'update', 'retire'])(
  '%s: what a timeout left unknown stays so after a refusal',
  async name => {
    const failure = await failureFrom(call(name, open(await openStub(SILENT, REFUSED))))
    expect(failure).toMatchObject({ code: 'provider/auth', outcomeUnknown: true })
  },
)

test.each(Object.keys(CALLS))('%s: a 429 that names a wait is waited out', async name => {
  const clock = createInstantClock()
  const stub = await openStub({ status: 429, headers: { 'retry-after': '7' } }, DONE)
  await call(name, open(stub, createSurroundings(clock)))
  expect(clock.waits).toEqual([7000])
  expect(stub.seen).toHaveLength(2)
})
