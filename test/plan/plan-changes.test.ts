import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Audience } from '../../src/model/audience.ts'
import type { Address, Plan } from '../../src/model/plan.ts'
import { EMPTY_STATE, type RecordedObject, type RecordedState } from '../../src/model/recorded.ts'
import { buildDesired } from '../../src/plan/graph.ts'
import type { Observed } from '../../src/plan/observed.ts'
import { type PlanInput, planChanges } from '../../src/plan/plan-changes.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'

const NOW = '2026-11-23T10:00:00.000Z'
const APPLIED = '2026-11-20T10:00:00.000Z'

const vip = anAudience()
const winback = anAudience({
  id: 'winback',
  name: 'ACT__Winback__60d',
  intent: 'activation',
  source: { kind: 'segment', segmentId: 15, name: 'Winback 60-120d' },
  suppressedBy: ['vip'],
})

const SOURCES: Observed['sourceSegments'] = new Map([
  [11, { segmentId: 11, name: 'VIP customers', type: 'dynamic', isFinished: true }],
  [15, { segmentId: 15, name: 'Winback 60-120d', type: 'dynamic', isFinished: true }],
])
const NOTHING: Observed = { sourceSegments: SOURCES, segments: [], sendables: new Map() }

const remoteIdOf = (address: string): string => `id of ${address}`

/** The state after everything of these audiences was applied. */
const applied = (audiences: readonly Audience[]): RecordedState => ({
  ...EMPTY_STATE,
  head: 1,
  objects: new Map(
    buildDesired(aWorkspace, audiences).map(({ address, kind, audience, attributes }) => {
      const object: RecordedObject = {
        address,
        kind,
        audience,
        attributes,
        status: 'seen',
        recordedAt: APPLIED,
        ...(kind === 'binding' ? {} : { remoteId: remoteIdOf(address) }),
      }
      return [address, object] as const
    }),
  ),
})

/** What the vendors show when everything recorded is as it was recorded. */
const faithful = (recorded: RecordedState): Observed => {
  const listed = [...recorded.objects.values()].filter(({ remoteId }) => remoteId !== undefined)
  return {
    sourceSegments: SOURCES,
    segments: listed.map(({ address, attributes }) => ({
      remoteId: remoteIdOf(address),
      name: String(attributes.name),
    })),
    sendables: new Map(
      listed
        .filter(({ kind }) => kind === 'sendable')
        .map(({ address, attributes }) => [
          remoteIdOf(address),
          {
            kind: 'sendable' as const,
            name: String(attributes.name),
            include: remoteIdOf(String(attributes.include)),
            exclude: (attributes.exclude as readonly string[]).map(remoteIdOf),
          },
        ]),
    ),
  }
}

const plan = (input: Partial<PlanInput>): Plan =>
  planChanges({
    workspace: aWorkspace,
    audiences: [],
    specs: {},
    target: {
      environment: 'live',
      workspace: 'acme',
      moengageWorkspace: 'ACME01',
      moengageDataCenter: '01',
      customerioRegion: 'us',
    },
    recorded: EMPTY_STATE,
    observed: NOTHING,
    refusals: [],
    now: NOW,
    musterVersion: '0.1.0',
    ...input,
  })

const summary = ({ changes }: Plan): string[] => changes.map(({ action, address }) => `${action} ${address}`)
const codes = ({ refusals }: Plan): string[] => refusals.map(({ code }) => code)

const withObject = (
  state: RecordedState,
  address: Address,
  change: Partial<RecordedObject>,
): RecordedState => {
  const object = state.objects.get(address)
  if (!object) throw new Error(`no ${address}`)
  return { ...state, objects: new Map(state.objects).set(address, { ...object, ...change }) }
}

describe('actions', () => {
  test('a new audience is a cohort, a binding and, with suppressions, a sendable segment', () => {
    expect(summary(plan({ audiences: [winback, vip] }))).toEqual([
      'create cohort.vip',
      'create cohort.winback',
      'create binding.vip',
      'create binding.winback',
      'create sendable.winback',
    ])
  })

  test('what was applied, and is observed as it was, needs nothing', () => {
    const recorded = applied([vip, winback])
    const made = plan({ audiences: [vip, winback], recorded, observed: faithful(recorded) })
    expect(summary(made).every(line => line.startsWith('none '))).toBe(true)
    expect(made.drift).toEqual([])
    expect(made.refusals).toEqual([])
  })

  test('a changed binding shows before and after, and since when the before is believed', () => {
    const recorded = applied([vip])
    const audiences = [anAudience({ rollout: { stage: { kind: 'canary', percent: 10 }, holdoutPercent: 0 } })]
    const made = plan({ audiences, recorded, observed: faithful(recorded) })
    expect(made.changes.find(({ action }) => action === 'update')).toMatchObject({
      address: 'binding.vip',
      attributes: [
        { attribute: 'stage', before: 'live', after: 'canary 10%', belief: 'recorded', recordedAt: APPLIED },
      ],
    })
  })

  test('another suppression changes the sendable segment, by what was read of it', () => {
    const recorded = applied([vip, winback, anAudience({ id: 'recent', name: 'SUP__Recent__7d' })])
    const audiences = [
      vip,
      { ...winback, suppressedBy: ['vip', 'recent'] },
      anAudience({ id: 'recent', name: 'SUP__Recent__7d' }),
    ]
    const made = plan({ audiences, recorded, observed: faithful(recorded) })
    expect(made.changes.filter(({ action }) => action !== 'none')).toMatchObject([
      {
        address: 'sendable.winback',
        attributes: [
          {
            attribute: 'exclude',
            before: ['cohort.vip'],
            after: ['cohort.recent', 'cohort.vip'],
            belief: 'read',
          },
        ],
      },
    ])
  })

  test('a deleted file retires sendable segment, binding and cohort, in that order, after everything else', () => {
    const recorded = applied([vip, winback])
    const made = plan({ audiences: [vip], recorded, observed: faithful(recorded) })
    expect(summary(made)).toEqual([
      'none cohort.vip',
      'none binding.vip',
      'retire sendable.winback',
      'retire binding.winback',
      'retire cohort.winback',
    ])
  })

  test('a cohort that MoEngage has not listed yet is never called done', () => {
    const recorded = withObject(applied([vip]), 'cohort.vip', { status: 'pending' })
    const made = plan({ audiences: [vip], recorded, observed: NOTHING })
    expect(summary(made)).toContain('update cohort.vip')
    expect(made.changes[0]?.reason).toBe('accepted by MoEngage, not seen in its list so far')
  })

  test('--only leaves the others out, and their refusals', () => {
    const audiences = [vip, { ...winback, source: { kind: 'segment', segmentId: 99, name: 'Gone' } as const }]
    const made = plan({ audiences, only: new Set(['vip']) })
    expect(summary(made)).toEqual(['create cohort.vip', 'create binding.vip'])
    expect(made.refusals).toEqual([])
  })
})

describe('drift is a finding, not a change', () => {
  const recorded = applied([vip, winback])

  test('a cohort that is listed no more', () => {
    const observed = faithful(recorded)
    const segments = observed.segments.filter(({ remoteId }) => remoteId !== remoteIdOf('cohort.vip'))
    const made = plan({ audiences: [vip, winback], recorded, observed: { ...observed, segments } })
    expect(made.drift).toEqual([
      {
        address: 'cohort.vip',
        attribute: 'listed',
        detail: 'MoEngage no longer shows it: archived, or gone.',
      },
    ])
  })

  test('a sendable segment that somebody re-pointed is drift and would be set right', () => {
    const observed = faithful(recorded)
    const sendables = new Map([
      [
        remoteIdOf('sendable.winback'),
        { kind: 'sendable', name: 'ACT__Winback__60d__Sendable', include: 'foreign', exclude: [] } as const,
      ],
    ])
    const made = plan({ audiences: [vip, winback], recorded, observed: { ...observed, sendables } })
    expect(made.drift.map(({ address, attribute }) => `${address} ${attribute}`)).toEqual([
      'sendable.winback include',
      'sendable.winback exclude',
    ])
    expect(made.changes.find(({ action }) => action === 'update')?.attributes).toMatchObject([
      { attribute: 'include', before: 'segment foreign', after: 'cohort.winback' },
      { attribute: 'exclude', before: [], after: ['cohort.vip'] },
    ])
  })
})

describe('refusals', () => {
  const recorded = applied([vip, winback])
  const observed = faithful(recorded)

  test.each([
    [
      'a source that does not exist',
      { audiences: [anAudience({ source: { kind: 'segment', segmentId: 9, name: 'X' } })] },
      ['source/missing'],
    ],
    [
      'a source with another name',
      { audiences: [anAudience({ source: { kind: 'segment', segmentId: 11, name: 'X' } })] },
      ['source/renamed'],
    ],
    [
      'a name that somebody else has',
      { audiences: [vip], observed: { ...NOTHING, segments: [{ remoteId: 'a', name: vip.name }] } },
      ['guard/takeover'],
    ],
    [
      'a name in brackets of a partner',
      {
        audiences: [vip],
        observed: { ...NOTHING, segments: [{ remoteId: 'a', name: `[Partner]${vip.name}` }] },
      },
      ['guard/takeover'],
    ],
    [
      'a name that was retired',
      {
        audiences: [vip],
        recorded: {
          ...EMPTY_STATE,
          tombstones: new Map([
            [vip.name, { name: vip.name, address: 'cohort.old' as const, retiredAt: APPLIED }],
          ]),
        },
      },
      ['guard/name-used'],
    ],
    [
      'a renamed cohort',
      { audiences: [{ ...vip, name: 'ORC__Vip__90d' }, winback], recorded, observed },
      ['guard/rename'],
    ],
    [
      'another identifier',
      {
        audiences: [{ ...vip, identifier: { key: { kind: 'email' as const }, minCoverage: 0.95 } }, winback],
        recorded,
        observed,
      },
      ['guard/identifier-change'],
    ],
    [
      'another workspace name',
      { workspace: { ...aWorkspace, name: 'other' }, audiences: [vip, winback], recorded, observed },
      ['guard/cohort-id', 'guard/cohort-id'],
    ],
    ['nothing declared any more', { audiences: [], recorded, observed }, ['guard/nothing-desired']],
  ] satisfies [string, Partial<PlanInput>, string[]][])('%s', (_story, input, expected) => {
    expect(codes(plan(input))).toEqual(expected)
  })

  test('protection outlives the file: a protected audience is kept, all of it', () => {
    const guarded = applied([vip, { ...winback, isProtected: true }])
    const made = plan({ audiences: [vip], recorded: guarded, observed: faithful(guarded) })
    expect(codes(made)).toEqual(['guard/protected'])
    expect(made.refusals[0]?.detail).toContain('sendable.winback, binding.winback, cohort.winback')
  })

  test('unprotecting is a change of its own, after which retiring is allowed', () => {
    const guarded = applied([vip, { ...winback, isProtected: true }])
    const made = plan({ audiences: [vip, winback], recorded: guarded, observed: faithful(guarded) })
    expect(codes(made)).toEqual([])
    const changed = made.changes.filter(({ action }) => action === 'update').map(({ address }) => address)
    expect(changed).toEqual(['binding.winback'])
  })
})

describe('the document', () => {
  const audiences = Array.from({ length: 6 }, (_, index) =>
    anAudience({ id: `a${index}`, name: `ACT__A${index}__1d`, suppressedBy: index > 0 ? ['a0'] : [] }),
  )

  test('the same bytes for the same specs in any order', () => {
    const first = JSON.stringify(plan({ audiences }))
    fc.assert(
      fc.property(fc.shuffledSubarray(audiences, { minLength: audiences.length }), shuffled => {
        expect(JSON.stringify(plan({ audiences: shuffled }))).toBe(first)
      }),
      { numRuns: 30 },
    )
  })

  test('the digest covers what is reviewed, and not when it was looked at', () => {
    const digest = plan({ audiences }).digest
    expect(plan({ audiences, now: '2027-01-01T00:00:00.000Z' }).digest).toBe(digest)
    expect(plan({ audiences: audiences.slice(1) }).digest).not.toBe(digest)
    expect(plan({ audiences, specs: { changed: true } }).digest).not.toBe(digest)
  })
})
