import { expect, test } from 'vitest'
import { readAskedWaitMs } from '../../src/providers/rate-headers.ts'

const DATE = 'Mon, 23 Nov 2026 10:00:00 GMT'
const EPOCH_S = Date.parse(DATE) / 1000

test.each`
  says                                            | headers                                                           | waitMs
  ${'nothing'}                                    | ${{}}                                                             | ${undefined}
  ${'seconds'}                                    | ${{ 'retry-after': '7' }}                                         | ${7000}
  ${'seconds, sent twice'}                        | ${{ 'retry-after': ['7', '9'] }}                                  | ${7000}
  ${'zero'}                                       | ${{ 'retry-after': '0' }}                                         | ${0}
  ${'a moment, by the date of the answer'}        | ${{ 'retry-after': 'Mon, 23 Nov 2026 10:00:30 GMT', date: DATE }} | ${30_000}
  ${'a moment that is over'}                      | ${{ 'retry-after': 'Mon, 23 Nov 2026 09:00:00 GMT', date: DATE }} | ${0}
  ${'a moment, but the answer has no date'}       | ${{ 'retry-after': 'Mon, 23 Nov 2026 10:00:30 GMT' }}             | ${undefined}
  ${'a moment in another form'}                   | ${{ 'retry-after': '2026-11-23', date: DATE }}                    | ${undefined}
  ${'a negative number'}                          | ${{ 'retry-after': '-5', date: DATE }}                            | ${undefined}
  ${'seconds left'}                               | ${{ 'x-ratelimit-reset': '42' }}                                  | ${42_000}
  ${'seconds left with a fraction'}               | ${{ 'x-ratelimit-reset': '0.5' }}                                 | ${500}
  ${'seconds since 1970'}                         | ${{ 'x-ratelimit-reset': String(EPOCH_S + 12), date: DATE }}      | ${12_000}
  ${'seconds since 1970, without a date'}         | ${{ 'x-ratelimit-reset': String(EPOCH_S + 12) }}                  | ${undefined}
  ${'nonsense'}                                   | ${{ 'x-ratelimit-reset': 'soon' }}                                | ${undefined}
  ${'both: the one that is meant for this wins'}  | ${{ 'retry-after': '3', 'x-ratelimit-reset': '42' }}              | ${3000}
  ${'both, the first unreadable: the other wins'} | ${{ 'retry-after': 'soon', 'x-ratelimit-reset': '42' }}           | ${42_000}
`('$says: $waitMs', ({ headers, waitMs }) => {
  expect(readAskedWaitMs(headers)).toBe(waitMs)
})
