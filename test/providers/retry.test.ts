import { expect, test } from 'vitest'
import { PROVIDER_CODES, type ProviderCode } from '../../src/providers/failure-codes.ts'
import { buildFailure } from '../../src/providers/provider-failure.ts'
import { nextStep } from '../../src/providers/retry.ts'

const decide = (code: ProviderCode, attempt: number, jitter: number, retryAfterMs?: number): string => {
  const failure = buildFailure({ origin: 'moengage', code, detail: 'x', retryAfterMs })
  const step = nextStep(attempt, failure, jitter)
  return step.kind === 'wait' ? `wait ${step.ms}` : 'give up'
}

test.each`
  code                        | attempt | jitter   | asked        | expected
  ${'provider/unavailable'}   | ${1}    | ${0}     | ${undefined} | ${'wait 500'}
  ${'provider/unavailable'}   | ${1}    | ${0.999} | ${undefined} | ${'wait 1000'}
  ${'provider/unavailable'}   | ${2}    | ${0}     | ${undefined} | ${'wait 1000'}
  ${'provider/unavailable'}   | ${4}    | ${0}     | ${undefined} | ${'wait 4000'}
  ${'provider/unavailable'}   | ${5}    | ${0}     | ${undefined} | ${'give up'}
  ${'provider/unavailable'}   | ${1}    | ${0}     | ${3000}      | ${'wait 3000'}
  ${'provider/unavailable'}   | ${4}    | ${0}     | ${3000}      | ${'wait 4000'}
  ${'provider/rate-limit'}    | ${1}    | ${0}     | ${undefined} | ${'wait 1000'}
  ${'provider/rate-limit'}    | ${5}    | ${0.999} | ${undefined} | ${'wait 29985'}
  ${'provider/rate-limit'}    | ${6}    | ${0}     | ${undefined} | ${'give up'}
  ${'provider/rate-limit'}    | ${1}    | ${0}     | ${300_000}   | ${'wait 300000'}
  ${'provider/rate-limit'}    | ${1}    | ${0}     | ${300_001}   | ${'give up'}
  ${'provider/quota'}         | ${2}    | ${0}     | ${undefined} | ${'wait 2000'}
  ${'provider/quota'}         | ${3}    | ${0}     | ${undefined} | ${'give up'}
  ${'provider/network'}       | ${1}    | ${0.5}   | ${undefined} | ${'wait 750'}
  ${'provider/not-json'}      | ${3}    | ${0}     | ${undefined} | ${'give up'}
  ${'provider/auth'}          | ${1}    | ${0}     | ${undefined} | ${'give up'}
  ${'provider/segment-limit'} | ${1}    | ${0}     | ${1000}      | ${'give up'}
`(
  '$code, attempt $attempt, jitter $jitter, asked $asked: $expected',
  ({ code, attempt, jitter, asked, expected }) => {
    expect(decide(code, attempt, jitter, asked)).toBe(expected)
  },
)

test('a call that must not be repeated is given up, whatever its code', () => {
  const failure = buildFailure({
    origin: 'moengage',
    code: 'provider/timeout',
    detail: 'x',
    mayRepeat: false,
  })
  expect(nextStep(1, failure, 0)).toEqual({ kind: 'give-up' })
})

test('every code that is retryable ends', () => {
  for (const code of Object.keys(PROVIDER_CODES) as ProviderCode[])
    expect(decide(code, 10, 0)).toBe('give up')
})
