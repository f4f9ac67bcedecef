import { expect, test } from 'vitest'
import { describeBinding } from '../../src/plan/describe.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'

test.each`
  key                                                                          | told
  ${{ kind: 'cio_id' }}                                                        | ${'cio_id'}
  ${{ kind: 'attribute', attribute: 'customer_ref' }}                          | ${'attribute customer_ref'}
  ${{ kind: 'attribute', attribute: 'phone', format: 'phone' }}                | ${'attribute phone as a phone number'}
  ${{ kind: 'attribute', attribute: 'phone', format: 'phone', country: 'IN' }} | ${'attribute phone as a phone number of IN'}
`('$key is reviewed as "$told": another form is another identifier', ({ key, told }) => {
  const audience = anAudience({ identifier: { key, minCoverage: 0.9 } })
  expect(describeBinding(aWorkspace, audience).identifier).toBe(told)
})
