import { describe, expect, test } from 'vitest'
import { rulesOf } from '../../src/membership/rules.ts'
import { anAudience } from '../support/audience.ts'

const now = '2026-11-23T10:00:00.000Z'

describe('what decides who belongs to a cohort', () => {
  test('is the exit rule, the rollout and the testers that were reviewed, at the moment of the run', () => {
    const audience = anAudience({
      exit: { kind: 'sticky', forMs: 604_800_000, from: 'exit' },
      rollout: { stage: { kind: 'canary', percent: 10 }, holdoutPercent: 5 },
    })
    expect(rulesOf(audience, { testers: ['emp_1'], now })).toEqual({
      exit: { kind: 'sticky', forMs: 604_800_000, from: 'exit' },
      stage: { kind: 'canary', percent: 10 },
      holdoutPercent: 5,
      testers: ['emp_1'],
      now,
      rejectedSince: '2026-11-16T10:00:00.000Z',
      unsettledSince: '2026-11-23T09:45:00.000Z',
    })
  })
})
