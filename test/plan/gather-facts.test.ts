import { describe, expect, test } from 'vitest'
import { EMPTY_STATE, type QaEvidence, type RecordedObject } from '../../src/model/recorded.ts'
import { gatherFacts } from '../../src/plan/gather-facts.ts'
import { anAudience } from '../support/audience.ts'

const AT = '2026-11-25T10:00:00.000Z'

const binding = (audience: string, stage: string): readonly [RecordedObject['address'], RecordedObject] => [
  `binding.${audience}`,
  {
    address: `binding.${audience}`,
    kind: 'binding',
    audience,
    attributes: { stage },
    status: 'seen',
    recordedAt: AT,
    origin: 'created',
  },
]

const evidence: QaEvidence = {
  audience: 'vip',
  at: AT,
  runId: 'run-1',
  source: 'segment 11 "VIP customers"',
  identifier: 'id',
  accepted: 2,
}

describe('what rules may know of a store', () => {
  test('of one that nobody wrote to: nothing', () => {
    const { members, stages, tried } = gatherFacts([anAudience()], EMPTY_STATE)
    expect([members.size, stages.size, tried.size]).toEqual([0, 0, 0])
  })

  test('is the stage that was applied, members once they were synced to the end, and whether it was tried', () => {
    const facts = gatherFacts([anAudience(), anAudience({ id: 'winback' })], {
      ...EMPTY_STATE,
      objects: new Map([binding('vip', 'canary 20%'), binding('winback', 'qa')]),
      members: new Map([
        ['vip', 40],
        ['winback', 7],
      ]),
      synced: new Map([['vip', AT]]),
      evidence: new Map([['vip', evidence]]),
    })
    expect(facts).toEqual({
      members: new Map([['vip', 40]]),
      stages: new Map([
        ['vip', 'canary 20%'],
        ['winback', 'qa'],
      ]),
      tried: new Set(['vip']),
    })
  })

  test('is found under the id that an audience had before', () => {
    const { stages, tried } = gatherFacts([anAudience({ id: 'loyal', movedFrom: 'vip' })], {
      ...EMPTY_STATE,
      objects: new Map([binding('vip', 'live')]),
      evidence: new Map([['vip', evidence]]),
    })
    expect([stages, tried]).toEqual([new Map([['loyal', 'live']]), new Set(['loyal'])])
  })
})
