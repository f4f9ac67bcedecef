import { describe, expect, test } from 'vitest'
import { EMULATED_MOENGAGE } from '../../../src/emulators/options.ts'
import { BugError } from '../../../src/model/invariant.ts'
import { createMoengageUsers } from '../../../src/providers/moengage/provider.ts'
import { startTestEmulators } from '../../emulators/harness.ts'
import { createSurroundings, KEY } from '../support/client.ts'
import { createInstantClock } from '../support/clock.ts'
import { failureFrom } from '../support/failures.ts'
import { openStub, type Reply } from '../support/stub.ts'
import { CONNECTION, openUsers } from './connect.ts'

const answer = (users: number, missing: number): Reply => ({
  status: 200,
  body: {
    status: 'success',
    type: 'export_users',
    data: {
      users: Array.from({ length: users }, () => ({ user_attributes: { customer_id: 'usr_1' } })),
      users_not_found: Array.from({ length: missing }, () => ({
        identifier_type: 'customer_id',
        identifier: 'usr_2',
      })),
    },
  },
})
const refusal = (status: number, type: string): Reply => ({
  status,
  body: { status: 'fail', error: { attribute: 'users', message: 'usr_1 is bad', type, request_id: 'UkBw' } },
})

describe('counting users that MoEngage knows', () => {
  test('is one call with the ids as they are sent to cohorts, and asks for nothing else about anybody', async () => {
    const stub = await openStub(answer(2, 1))
    expect(await openUsers(stub).countKnown(['usr_1', 'usr_2', 'ü"\\'])).toBe(2)
    expect(stub.seen).toMatchObject([
      {
        method: 'POST',
        url: '/v1/customers/export?app_id=ACME01',
        headers: { authorization: `Basic ${Buffer.from(`ACME01:${KEY}`).toString('base64')}` },
      },
    ])
    expect(JSON.parse(stub.seen[0]?.body ?? '')).toEqual({
      data: {
        identifiers: [
          { identifier_type: 'customer_id', identifier: 'usr_1' },
          { identifier_type: 'customer_id', identifier: 'usr_2' },
          { identifier_type: 'customer_id', identifier: 'ü"\\' },
        ],
        user_fields_to_export: ['customer_id'],
      },
    })
  })

  test.each([
    ['two ids of one user are both known', answer(1, 1), 2],
    ['nobody is known', answer(0, 3), 0],
  ])('%s', async (_story, reply, known) => {
    expect(await openUsers(await openStub(reply)).countKnown(['a', 'b', 'c'])).toBe(known)
  })

  test.each<[string, Reply]>([
    ['more are missing than were asked for', answer(0, 4)],
    ['more are shown than are known', answer(3, 1)],
    ['nobody is shown, and nobody is missing', answer(0, 0)],
    ['it says it failed', { status: 200, body: { status: 'failure', type: 'export_users', data: {} } }],
    ['a list is missing', { status: 200, body: { status: 'success', data: { users: [] } } }],
  ])('an answer in which %s is none', async (_story, reply) => {
    const failure = await failureFrom(openUsers(await openStub(reply)).countKnown(['a', 'b', 'c']))
    expect(failure.code).toBe('provider/unexpected-shape')
  })

  test.each([
    [401, 'Authentication Mismatch', 'provider/auth', 'check MOENGAGE_DATA_KEY'],
    [403, 'Somewhere else', 'provider/forbidden', 'rules for "Data"'],
    [400, 'LimitBreached', 'provider/bad-request', ''],
    [429, 'Rate Limits Exceeded', 'provider/rate-limit', 'other programs look up users'],
  ])('a %s of type "%s" is %s', async (status, type, code, hint) => {
    const failure = await failureFrom(openUsers(await openStub(refusal(status, type))).countKnown(['usr_1']))
    expect(failure.code).toBe(code)
    expect(failure.hint ?? '').toContain(hint)
    expect(JSON.stringify(failure)).not.toContain('usr_1')
  })

  test('keeps a pace of its own: fifty calls a minute, whatever the account’s pace allows', async () => {
    const clock = createInstantClock()
    const users = openUsers(await openStub(answer(1, 0)), clock)
    for (let call = 0; call < 50; call += 1) await users.countKnown(['usr_1'])
    expect(clock.monotonicMs()).toBeLessThan(60_000)
    await users.countKnown(['usr_1'])
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(60_000)
  })

  test('of more than one call may ask for is a bug', async () => {
    const users = openUsers(await openStub(answer(0, 0)))
    const many = Array.from({ length: 21 }, (_, index) => `usr_${index}`)
    await expect(users.countKnown(many)).rejects.toThrow(BugError)
    await expect(users.countKnown([])).rejects.toThrow(BugError)
  })

  test('agrees with the emulator, which knows most of its shop and no stranger', async () => {
    const { emulators, hidden } = await startTestEmulators({ population: 100, processingDelayMs: 0 })
    const { workspaceId, dataKey } = EMULATED_MOENGAGE
    const users = createMoengageUsers({
      ...createSurroundings(),
      connection: { ...CONNECTION, workspaceId, baseUrl: emulators.moengage.url },
      dataKey,
    })
    expect(await users.countKnown(['emp_001', 'emp_002', 'stranger'])).toBe(2)
    await hidden('/users/emp_002', { method: 'DELETE' })
    expect(await users.countKnown(['emp_001', 'emp_002', 'stranger'])).toBe(1)
  })
})
