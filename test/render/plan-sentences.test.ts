import { describe, expect, test } from 'vitest'
import type { AttributeChange, BeliefCount, Change, Plan } from '../../src/model/plan.ts'
import { viewPlan } from '../../src/render/plan-view.ts'
import { aChange, aDrift, anAttribute, aPlan, THREE_DAYS_BEFORE } from '../support/plan.ts'

const headlineOf = (change: Partial<Plan>): string => viewPlan(aPlan(change)).headline.text
const unknown = (count: number, oldestUnknownAt?: string): BeliefCount => ({
  read: 1,
  recorded: 1,
  unknown: count,
  ...(oldestUnknownAt === undefined ? {} : { oldestUnknownAt }),
})
const refusal = { code: 'guard/takeover', severity: 'error', summary: '', detail: '' } as const
const pending = [
  aChange({ address: 'cohort.a', action: 'create' }),
  aChange({ address: 'cohort.b', action: 'rename' }),
  aChange({ address: 'binding.b', action: 'none' }),
  aChange({ address: 'cohort.c', action: 'create' }),
]
const all = (['forget', 'retire', 'rename', 'adopt', 'update', 'create'] as const).map(action =>
  aChange({ address: `cohort.${action}`, action }),
)
const suspended = [aChange({ address: 'cohort.a', action: 'none', reason: 'suspended: left as it is' })]
const hint = aDrift({ grade: 'estimated' })

test.each<[string, Partial<Plan>, string]>([
  [
    'all is known and as declared',
    {},
    'No changes. Every declared object is recorded, and MoEngage lists each one it should.',
  ],
  ['two things are to be done', { changes: pending }, 'Plan: 2 to create, 1 to rename.'],
  [
    'one of each',
    { changes: all },
    'Plan: 1 to create, 1 to update, 1 to adopt, 1 to rename, 1 to retire, 1 to forget.',
  ],
  [
    'changes and unknown values',
    { changes: pending, beliefs: unknown(2) },
    'Plan: 2 to create, 1 to rename.',
  ],
  ['changes, seen offline', { changes: pending, isOffline: true }, 'Offline plan: 2 to create, 1 to rename.'],
  [
    'changes and a refusal',
    { changes: pending, refusals: [refusal] },
    'Refused for 1 reason: nothing can be applied.',
  ],
  ['two refusals', { refusals: [refusal, refusal] }, 'Refused for 2 reasons: nothing can be applied.'],
  ['one value unknown', { beliefs: unknown(1) }, 'No changes known, 1 value unverified.'],
  [
    'many values unknown, with a record',
    { beliefs: unknown(1_204, THREE_DAYS_BEFORE) },
    'No changes known, 1,204 values unverified, oldest 3 d.',
  ],
  [
    'unknown values beside drift',
    { beliefs: unknown(2), drift: [aDrift()] },
    'No changes known, 2 values unverified. What could be read has drifted: see above.',
  ],
  ['drift alone', { drift: [hint, aDrift()] }, 'Nothing to apply, but there is drift: see above.'],
  ['hints alone', { drift: [hint] }, 'Nothing to apply, but there are hints of drift: see above.'],
  [
    'one is suspended',
    { changes: suspended },
    'No changes. What is suspended is left as it is; every other declared object is recorded and listed.',
  ],
])('%s', (_what, change, expected) => {
  expect(headlineOf(change)).toBe(expected)
})

describe('what each change says of itself', () => {
  const describeOne = (change: Change, recordedMembers = 0): string | undefined =>
    viewPlan(
      aPlan({
        changes: [change],
        effects: [{ audience: change.audience, effect: 'left-as-is', recordedMembers }],
      }),
    ).audiences[0]?.changes[0]?.description
  const valuesOf = (values: Readonly<Record<string, string | number>>): readonly AttributeChange[] =>
    Object.entries(values).map(([attribute, after]) => anAttribute(attribute, { after }))
  const testers = valuesOf({ name: 'QA team', members: 'testers', people: 12 })
  const fill = { operation: 'fill source segment', calls: 1, members: 12 } as const
  const named = valuesOf({ name: 'ORC__Vip__1d' })

  test.each<[string, Change, number, string]>([
    [
      'a manual segment is made',
      aChange({ address: 'source.qa', action: 'create', attributes: testers, calls: [fill] }),
      0,
      'manual segment "QA team" in Customer.io, filled with 12 testers',
    ],
    [
      'a binding reads it',
      aChange({
        address: 'binding.qa',
        action: 'create',
        attributes: valuesOf({
          source_manual: 'QA team',
          identifier: 'id',
          exit: 'remove',
          stage: 'qa',
          sync_every: '30m',
        }),
      }),
      0,
      'manual segment "QA team" by id, exit remove, stage qa, every 30m',
    ],
    [
      'a binding reads a segment',
      aChange({
        address: 'binding.vip',
        action: 'create',
        attributes: valuesOf({
          source_segment: 14,
          source_name: 'VIP',
          identifier: 'id',
          exit: 'keep',
          stage: 'live',
          sync_every: '6h',
        }),
      }),
      0,
      'segment 14 "VIP" by id, exit keep, stage live, every 6h',
    ],
    [
      'a manual segment that is there is adopted, and filled',
      aChange({ address: 'source.qa', action: 'adopt', remoteId: '12', attributes: testers, calls: [fill] }),
      0,
      'manual segment "QA team", already in Customer.io as 12; 12 testers are added to it',
    ],
    [
      'a cohort is adopted',
      aChange({
        address: 'cohort.vip',
        action: 'adopt',
        remoteId: '64ab',
        attributes: valuesOf({ name: 'ORC__Vip__1d', cohort_id: 'crm-vip' }),
      }),
      0,
      '"ORC__Vip__1d", already in MoEngage as 64ab, sent under the id "crm-vip"; its members are not known, those that others sent stay',
    ],
    [
      'a sendable segment is adopted as it is',
      aChange({ address: 'sendable.vip', action: 'adopt', attributes: named }),
      0,
      '"ORC__Vip__1d", already in MoEngage; its definition is the declared one',
    ],
    [
      'a sendable segment is adopted and changed',
      aChange({
        address: 'sendable.vip',
        action: 'adopt',
        attributes: named,
        calls: [{ operation: 'update sendable segment', calls: 1 }],
      }),
      0,
      '"ORC__Vip__1d", already in MoEngage; its definition becomes the declared one',
    ],
    [
      'the audience got another id',
      aChange({ address: 'cohort.vip', action: 'rename', from: 'cohort.gold' }),
      9,
      'was cohort.gold; no call',
    ],
    [
      'another id and another name',
      aChange({
        address: 'cohort.vip',
        action: 'rename',
        from: 'cohort.gold',
        attributes: named,
        calls: [{ operation: 'add members', calls: 1, members: 1 }],
      }),
      0,
      'was cohort.gold; a new cohort: 1 recorded member is sent to it first, then the old one is drained; MoEngage cannot rename a cohort and never frees a name',
    ],
    [
      'another name, and nobody in it',
      aChange({ address: 'cohort.vip', action: 'rename', attributes: named }),
      0,
      'a new cohort; nobody is recorded in the old one; MoEngage cannot rename a cohort and never frees a name',
    ],
    [
      'a cohort is let go',
      aChange({ address: 'cohort.vip', action: 'forget' }),
      1_858,
      'muster lets go of it; nothing in MoEngage changes; 1,858 recorded members stay in it',
    ],
    [
      'a manual segment is let go',
      aChange({ address: 'source.qa', action: 'forget' }),
      0,
      'muster lets go of it; nothing in Customer.io changes',
    ],
    [
      'a manual segment of ours is retired',
      aChange({
        address: 'source.qa',
        action: 'retire',
        reason: 'no longer declared',
        calls: [{ operation: 'delete source segment', calls: 1 }],
      }),
      0,
      'no longer declared; deleted in Customer.io, unless a campaign or newsletter uses it',
    ],
    [
      'one that was adopted is retired',
      aChange({ address: 'source.qa', action: 'retire', reason: 'no longer declared' }),
      0,
      'no longer declared; left in Customer.io',
    ],
    [
      'suspended',
      aChange({ address: 'cohort.a', action: 'none', reason: 'suspended: left as it is' }),
      5,
      'suspended: left as it is',
    ],
  ])('%s', (_what, change, members, expected) => {
    expect(describeOne(change, members)).toBe(expected)
  })
})

describe('what each value says of itself', () => {
  const noteOf = (kind: 'binding' | 'sendable' | 'source', attribute: AttributeChange): string | undefined =>
    viewPlan(
      aPlan({ changes: [aChange({ address: `${kind}.vip`, action: 'update', attributes: [attribute] })] }),
    ).audiences[0]?.changes[0]?.rows[0]?.note

  test.each<[string, 'binding' | 'sendable' | 'source', AttributeChange, string]>([
    ['read, and changed by its file', 'sendable', anAttribute('name', {}), ''],
    ['recorded, no age', 'binding', anAttribute('stage', { belief: 'recorded' }), 'recorded'],
    [
      'recorded',
      'binding',
      anAttribute('stage', { belief: 'recorded', recordedAt: THREE_DAYS_BEFORE }),
      'recorded, 3 d',
    ],
    ['not read', 'sendable', anAttribute('name', { belief: 'unknown' }), 'not verified'],
    [
      'not read, but recorded',
      'sendable',
      anAttribute('name', { belief: 'unknown', recordedAt: THREE_DAYS_BEFORE }),
      'not verified, recorded 3 d',
    ],
    ['somebody changed it', 'sendable', anAttribute('name', { origin: 'drift' }), 'changed in MoEngage'],
    [
      'a segment was renamed',
      'binding',
      anAttribute('source_name', { origin: 'drift' }),
      'changed in Customer.io',
    ],
    [
      'both changed it',
      'sendable',
      anAttribute('exclude', { origin: 'both', recorded: ['cohort.a'] }),
      'you changed it, and it drifted in MoEngage, applied was cohort.a',
    ],
    [
      'both, and to the same value',
      'sendable',
      anAttribute('name', { origin: 'both', belief: 'recorded', recordedAt: THREE_DAYS_BEFORE }),
      'recorded, 3 d; already so in MoEngage',
    ],
    [
      'both, nothing applied',
      'source',
      anAttribute('name', { origin: 'both' }),
      'you changed it, and it drifted in Customer.io',
    ],
  ])('%s', (_what, kind, attribute, expected) => {
    expect(noteOf(kind, attribute)).toBe(expected)
  })
})

test('of what is adopted, only what it is and what it becomes is told', () => {
  const { audiences } = viewPlan(
    aPlan({
      changes: [
        aChange({
          address: 'sendable.vip',
          action: 'adopt',
          attributes: [
            anAttribute('name', { after: 'ORC__Vip__1d__Sendable' }),
            anAttribute('exclude', { before: ['cohort.a'], after: ['cohort.b'] }),
          ],
        }),
      ],
    }),
  )
  expect(audiences[0]?.changes[0]?.rows).toEqual([
    { attribute: 'exclude', value: { kind: 'list', came: 'cohort.b', went: 'cohort.a', kept: 0 }, note: '' },
  ])
})

test('the same people in a renamed cohort and its former self are counted once', () => {
  const { facts } = viewPlan(
    aPlan({
      effects: [
        { audience: 'vip', effect: 'carry-over', recordedMembers: 10 },
        { audience: 'vip@g1', effect: 'remove-all', recordedMembers: 10 },
        { audience: 'old', effect: 'remove-all', recordedMembers: 2_000 },
        { audience: 'lost', effect: 'left-as-is', recordedMembers: 5 },
        { audience: 'gold', effect: 'follow-source', recordedMembers: 100 },
      ],
    }),
  )
  expect(facts).toEqual([
    "Members: 2,115 recorded as accepted, 2,000 to be removed, 10 to be carried over, 5 to be left as they are. MoEngage cannot list a cohort's members, so they are never read.",
  ])
})
