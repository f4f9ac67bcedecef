import { expect, test } from 'vitest'
import { APP_HOSTS, TRACK_HOSTS } from '../../src/providers/customerio/api.ts'
import { CUSTOMERIO_LIMITS } from '../../src/providers/customerio/audit.ts'
import { DATA_CENTERS, hostOf } from '../../src/providers/moengage/api.ts'
import { MOENGAGE_LIMITS } from '../../src/providers/moengage/audit.ts'

test('every host of the vendors is reached over TLS', () => {
  expect([...Object.values(APP_HOSTS), ...Object.values(TRACK_HOSTS), ...DATA_CENTERS.map(hostOf)]).toEqual([
    'https://api.customer.io',
    'https://api-eu.customer.io',
    'https://track.customer.io',
    'https://track-eu.customer.io',
    'https://api-01.moengage.com',
    'https://api-02.moengage.com',
    'https://api-03.moengage.com',
    'https://api-04.moengage.com',
    'https://api-05.moengage.com',
    'https://api-06.moengage.com',
    'https://api-101.moengage.com',
  ])
})

test('every limit has an id of its own, a source and a date', () => {
  const limits = [...CUSTOMERIO_LIMITS, ...MOENGAGE_LIMITS]
  expect(new Set(limits.map(({ id }) => id)).size).toBe(limits.length)
  for (const { claim, answer, source, checkedOn } of limits) {
    expect(claim).toMatch(/\.$/)
    expect(answer).toMatch(/\.$/)
    expect(source).not.toBe('')
    expect(checkedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  }
})
