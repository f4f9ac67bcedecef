import { describe, expect, test } from 'vitest'
import type { Audience } from '../../src/model/audience.ts'
import type { Facts } from '../../src/model/facts.ts'
import { overlapPolicy } from '../../src/policy/overlap.ts'
import { FACT_POLICIES } from '../../src/policy/policies.ts'
import { qaFirstPolicy } from '../../src/policy/qa-first.ts'
import { sizePolicy } from '../../src/policy/size.ts'
import { skippedStepPolicy } from '../../src/policy/skipped-step.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'

const NOTHING: Facts = { members: new Map(), stages: new Map(), tried: new Set() }

const pushing = (id: string, own: Partial<Audience> = {}): Audience =>
  anAudience({ id, intent: 'activation', channels: { moengage: ['push'], customerio: [] }, ...own })

test('without a store, none of them says anything', () => {
  const programme = { workspace: aWorkspace, audiences: [pushing('sale'), pushing('winback')] }
  expect(FACT_POLICIES.flatMap(policy => policy.judge(programme))).toEqual([])
})

describe('policy/overlap', () => {
  const share = (shareOfSmaller: number): Facts => ({
    ...NOTHING,
    members: new Map([
      ['sale', 9_000],
      ['winback', 1_000],
    ]),
    shared: [{ audiences: ['sale', 'winback'], people: 1_000 * shareOfSmaller, shareOfSmaller }],
  })
  const judge = (facts: Facts, winback: Partial<Audience> = {}) =>
    overlapPolicy.judge({
      workspace: aWorkspace,
      audiences: [pushing('sale'), pushing('winback', winback)],
      facts,
    })

  test('names both, the channel and the numbers', () => {
    expect(judge(share(0.45)).map(({ detail }) => detail)).toEqual([
      '"sale" and "winback" both send "push", and 450 people are in both: 45% of the smaller one, and 20% is the limit.',
    ])
  })

  test.each<readonly [what: string, Facts, Partial<Audience>]>([
    ['just as many as are allowed', share(0.2), {}],
    ['another channel', share(0.45), { channels: { moengage: ['sms'], customerio: [] } }],
    ['one leaves out the other', share(0.45), { suppressedBy: ['sale'] }],
    ['somebody coordinates them', share(0.45), { coordinated: { by: 'Jo Doe', because: 'One a week.' } }],
    ['one is in qa', share(0.45), { rollout: { stage: { kind: 'qa' }, holdoutPercent: 0 } }],
    [
      'small samples are not percentages',
      {
        ...share(0.45),
        members: new Map([
          ['sale', 9_000],
          ['winback', 99],
        ]),
      },
      {},
    ],
  ])('is silent: %s', (_what, facts, winback) => {
    expect(judge(facts, winback)).toEqual([])
  })
})

describe('policy/qa-first', () => {
  test.each`
    stage        | tried    | required | objects
    ${undefined} | ${false} | ${false} | ${true}
    ${'qa'}      | ${false} | ${false} | ${true}
    ${'qa'}      | ${true}  | ${false} | ${false}
    ${'live'}    | ${false} | ${false} | ${false}
    ${undefined} | ${false} | ${true}  | ${false}
  `('to live from $stage, tried: $tried, required: $required', ({ stage, tried, required, objects }) => {
    const facts = {
      ...NOTHING,
      stages: new Map(stage === undefined ? [] : [['vip', String(stage)]]),
      tried: new Set(tried ? ['vip'] : []),
    }
    const workspace = { ...aWorkspace, qa: { testers: ['emp_001'], isRequired: Boolean(required) } }
    expect(qaFirstPolicy.judge({ workspace, audiences: [anAudience()], facts }).length > 0).toBe(objects)
  })
})

describe('policy/skipped-step', () => {
  test.each`
    from            | to     | skipped
    ${'qa'}         | ${5}   | ${undefined}
    ${'qa'}         | ${20}  | ${'5%, 10%'}
    ${'canary 20%'} | ${50}  | ${undefined}
    ${'canary 20%'} | ${100} | ${'50%'}
    ${'canary 50%'} | ${100} | ${undefined}
    ${'canary 50%'} | ${5}   | ${undefined}
    ${'paused'}     | ${100} | ${undefined}
  `('from $from to $to percent: $skipped', ({ from, to, skipped }) => {
    const stage = to === 100 ? { kind: 'live' as const } : { kind: 'canary' as const, percent: Number(to) }
    const audience = pushing('winback', { rollout: { stage, holdoutPercent: 0 } })
    const facts = { ...NOTHING, stages: new Map([['winback', String(from)]]) }
    const [found] = skippedStepPolicy.judge({ workspace: aWorkspace, audiences: [audience], facts })
    expect(/skips (.+)\.$/.exec(found?.detail ?? '')?.[1]).toBe(skipped)
  })
})

describe('policy/size', () => {
  test.each([
    [199, '"winback" has 199 people, and 200 to 50,000 are usual.'],
    [200, undefined],
    [50_000, undefined],
    [50_001, '"winback" has 50,001 people, and 200 to 50,000 are usual.'],
  ])('%d members', (members, expected) => {
    const audience = pushing('winback', { size: { min: 200, max: 50_000 } })
    const facts = { ...NOTHING, members: new Map([['winback', members]]) }
    expect(sizePolicy.judge({ workspace: aWorkspace, audiences: [audience], facts })[0]?.detail).toBe(
      expected,
    )
  })

  test('says nothing of an audience that was never synced to its end', () => {
    const audience = pushing('winback', { size: { min: 200, max: 50_000 } })
    expect(sizePolicy.judge({ workspace: aWorkspace, audiences: [audience], facts: NOTHING })).toEqual([])
  })
})
