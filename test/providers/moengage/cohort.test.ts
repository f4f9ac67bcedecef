import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BugError } from '../../../src/model/invariant.ts'
import type { CohortRef } from '../../../src/ports.ts'
import { encodeCohortCall, sizeCohortCall } from '../../../src/providers/moengage/convert.ts'
import { KEY } from '../support/client.ts'
import { failureFrom } from '../support/failures.ts'
import { openStub, type Reply } from '../support/stub.ts'
import { openWriter } from './connect.ts'

const COHORT: CohortRef = {
  cohortId: 'cart-abandon',
  name: 'ACT__CartAbandon__2h',
  description: 'Added to cart',
}
const ACCEPTED: Reply = {
  status: 200,
  body: { status: 'success', message: 'Your request has been accepted and will be processed soon.' },
}
const fault = (status: number, type: string): Reply => ({
  status,
  body: {
    status: 'fail',
    error: { attribute: 'data', message: 'usr_1 is bad', type, request_id: 'UkBwaUmU' },
  },
})

describe('changing members', () => {
  test('an add is one call with the workspace, the key and the partner', async () => {
    const stub = await openStub(ACCEPTED)
    await openWriter(stub).changeMembers(COHORT, 'add', ['usr_1', 'ü"\\'])
    expect(stub.seen).toMatchObject([
      {
        method: 'POST',
        url: '/v1/integrations/cohortsync',
        headers: {
          authorization: `Basic ${Buffer.from(`ACME01:${KEY}`).toString('base64')}`,
          'moe-appkey': 'ACME01',
          'content-type': 'application/json',
        },
      },
    ])
    expect(JSON.parse(stub.seen[0]?.body ?? '')).toEqual({
      action: 'add_members',
      partner: 'muster',
      parameters: {
        cohort_name: 'ACT__CartAbandon__2h',
        cohort_id: 'cart-abandon',
        cohort_description: 'Added to cart',
        members: [{ uid: 'usr_1' }, { uid: 'ü"\\' }],
      },
    })
  })

  test('a remove differs in one word; an empty description is left out', async () => {
    const stub = await openStub(ACCEPTED)
    await openWriter(stub).changeMembers({ ...COHORT, description: '' }, 'remove', ['usr_1'])
    expect(stub.seen[0]?.body).toBe(
      '{"action":"remove_members","partner":"muster","parameters":{"cohort_name":"ACT__CartAbandon__2h","cohort_id":"cart-abandon","members":[{"uid":"usr_1"}]}}',
    )
  })

  test('no members is a bug: what an empty list does is not known', async () => {
    const stub = await openStub(ACCEPTED)
    await expect(openWriter(stub).changeMembers(COHORT, 'add', [])).rejects.toThrow(BugError)
    expect(stub.seen).toEqual([])
  })

  test('a name that MoEngage would drop behind a 200 is stopped before it is sent', async () => {
    const stub = await openStub(ACCEPTED)
    const failure = await failureFrom(
      openWriter(stub).changeMembers({ ...COHORT, name: 'A:B' }, 'add', ['usr_1']),
    )
    expect(failure).toMatchObject({ code: 'provider/bad-name', retryable: false })
    expect(failure.detail).toBe('MoEngage would not keep a segment named "A:B": it holds :.')
    expect(stub.seen).toEqual([])
  })

  test('a lost answer is sent again, the same bytes', async () => {
    const stub = await openStub(response => response.destroy(), ACCEPTED)
    await openWriter(stub).changeMembers(COHORT, 'add', ['usr_1'])
    expect(stub.seen).toHaveLength(2)
    expect(stub.seen[0]?.body).toBe(stub.seen[1]?.body)
  })

  test.each([{}, { status: 'fail' }, []])(
    '200 with %j is not an acceptance, and leaves the outcome open',
    async body => {
      const failure = await failureFrom(
        openWriter(await openStub({ status: 200, body })).changeMembers(COHORT, 'add', ['usr_1']),
      )
      expect(failure).toMatchObject({ code: 'provider/unexpected-shape', outcomeUnknown: true })
    },
  )
})

test.each`
  status | type                               | code                      | attempts
  ${400} | ${'MissingAttributeError'}         | ${'provider/bad-request'} | ${1}
  ${400} | ${'Malformed JSON'}                | ${'provider/bad-request'} | ${1}
  ${401} | ${'Authentication required'}       | ${'provider/auth'}        | ${1}
  ${401} | ${'Authentication Mismatch'}       | ${'provider/auth'}        | ${1}
  ${409} | ${'Authentication Mismatch'}       | ${'provider/auth'}        | ${1}
  ${409} | ${'something new'}                 | ${'provider/auth'}        | ${1}
  ${403} | ${'BlockedClient'}                 | ${'provider/blocked'}     | ${1}
  ${403} | ${'Account Suspended'}             | ${'provider/blocked'}     | ${1}
  ${403} | ${'Account Temporarily Suspended'} | ${'provider/blocked'}     | ${1}
  ${403} | ${'something new'}                 | ${'provider/forbidden'}   | ${1}
  ${413} | ${'Payload too large'}             | ${'provider/too-large'}   | ${1}
  ${415} | ${'Unsupported media type'}        | ${'provider/bad-request'} | ${1}
  ${429} | ${'Rate Limits Exceeded'}          | ${'provider/rate-limit'}  | ${6}
  ${500} | ${'Server Error'}                  | ${'provider/unavailable'} | ${5}
  ${503} | ${'something new'}                 | ${'provider/unavailable'} | ${5}
`('$status $type is $code after $attempts', async ({ status, type, code, attempts }) => {
  const stub = await openStub(fault(status, type))
  const failure = await failureFrom(openWriter(stub).changeMembers(COHORT, 'add', ['usr_1']))
  const word = type === 'something new' ? '' : `${type}, `
  expect(failure).toMatchObject({ origin: 'moengage', code, status })
  expect(failure.detail).toContain(
    `MoEngage answered ${status} to POST /v1/integrations/cohortsync for cohort "ACT__CartAbandon__2h" (${word}reference UkBwaUmU).`,
  )
  expect(failure.outcomeUnknown).toBe(status >= 500 ? true : undefined)
  expect(stub.seen).toHaveLength(attempts)
})

test('a wrong key names its variable, the workspace and the data center', async () => {
  const stub = await openStub(fault(401, 'Authentication required'))
  expect((await failureFrom(openWriter(stub).changeMembers(COHORT, 'add', ['usr_1']))).hint).toBe(
    'check MOENGAGE_DATA_KEY, and that workspace ACME01 lives in data center 01: another one may be right',
  )
})

test('a firewall answers in its own words, and the hint names the category', async () => {
  const stub = await openStub(response => {
    response.writeHead(403, { 'content-type': 'text/plain' })
    response.end('usr_1 denied')
  })
  const failure = await failureFrom(openWriter(stub).changeMembers(COHORT, 'add', ['usr_1']))
  expect(failure.code).toBe('provider/forbidden')
  expect(failure.hint).toBe(
    `check the scope of MOENGAGE_DATA_KEY and the API firewall's rules for "Partner Integration"`,
  )
})

describe('sizes', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\u0000', '\u2028', 'ü', '𝕏', '\ud800', '<', '/') }),
  )

  test('envelope and members add up to the encoded body, byte for byte', () => {
    fc.assert(
      fc.property(
        texts,
        texts,
        texts,
        texts,
        fc.constantFrom('add' as const, 'remove' as const),
        fc.array(texts, { minLength: 1, maxLength: 20 }),
        (partner, name, cohortId, description, direction, identifiers) => {
          const call = { partner, cohort: { name, cohortId, description }, direction }
          const { envelopeBytes, memberBytes } = sizeCohortCall(call)
          const predicted = identifiers.reduce(
            (sum, identifier) => sum + memberBytes(identifier),
            envelopeBytes,
          )
          expect(predicted).toBe(encodeCohortCall(call, identifiers).length)
        },
      ),
    )
  })

  test('what is measured is what goes over the wire', async () => {
    const stub = await openStub(ACCEPTED)
    const writer = openWriter(stub)
    const size = writer.sizeBatch(COHORT, 'add')
    const identifiers = ['usr_1', 'Zoë "Zed" \\ 𝕏', 'usr_3']
    await writer.changeMembers(COHORT, 'add', identifiers)
    const predicted = identifiers.reduce(
      (sum, identifier) => sum + size.memberBytes(identifier),
      size.envelopeBytes,
    )
    expect(stub.seen[0]?.headers['content-length']).toBe(String(predicted))
    expect(size.budgetBytes).toBe(120_000)
  })
})
