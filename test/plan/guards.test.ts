import { describe, expect, test } from 'vitest'
import type { Audience } from '../../src/model/audience.ts'
import type { Override, Plan } from '../../src/model/plan.ts'
import { EMPTY_STATE, type RecordedState } from '../../src/model/recorded.ts'
import { REFERENCE_LIMIT, SEGMENT_LIMIT } from '../../src/plan/guards/limits.ts'
import { retirementLimit } from '../../src/plan/guards/retirement.ts'
import type { PlanInput } from '../../src/plan/plan-changes.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'
import {
  applied,
  buried,
  codesOf,
  faithful,
  plan,
  qaTeam,
  stranger,
  testedWorkspace,
  vip,
  warningsOf,
  winback,
  withObject,
  withSegments,
  withSource,
} from '../support/planning.ts'

const override = (guard: string, change: Partial<Override> = {}): Override => ({
  guard,
  by: 'Jo Doe',
  because: 'The programme ends.',
  until: '2026-11-30',
  ...change,
})
const allowing = (...allow: readonly Override[]) => ({ ...aWorkspace, allow })

/** Some audiences with a segment each. */
const several = (count: number): readonly Audience[] =>
  Array.from({ length: count }, (_, index) =>
    anAudience({
      id: `a${index}`,
      name: `ACT__A${index}__1d`,
      source: { kind: 'segment', segmentId: 100 + index, name: `Segment ${index}` },
    }),
  )

const replan = (
  before: readonly Audience[],
  now: readonly Audience[],
  input: Partial<PlanInput> = {},
): Plan => {
  const recorded = applied(before)
  return plan({ recorded, audiences: now, observed: faithful(recorded, [...before, ...now]), ...input })
}

const detailOf = (made: Plan, code: string): string | undefined =>
  made.refusals.find(each => each.code === code)?.detail

describe('nothing desired', () => {
  test('a folder without an audience takes nothing away', () => {
    const made = replan([vip, winback], [])
    expect(codesOf(made)).toEqual(['guard/nothing-desired'])
    expect(detailOf(made, 'guard/nothing-desired')).toBe(
      'No audience is declared: 5 of 5 recorded objects would be retired.',
    )
  })

  test.each([
    ['one audience is left', [winback]],
    ['nothing was ever recorded', undefined],
  ])('is no matter when %s', (_story, declared) => {
    const made = declared ? replan([vip, winback], declared) : plan({ audiences: [] })
    expect(codesOf(made)).not.toContain('guard/nothing-desired')
  })

  test('no override lets it pass', () => {
    const workspace = allowing(override('nothing-desired'), override('mass-retirement'))
    expect(codesOf(replan([vip, winback], [], { workspace }))).toEqual(['guard/nothing-desired'])
  })
})

describe('mass retirement', () => {
  test.each`
    recorded | mostRetired
    ${1}     | ${1}
    ${3}     | ${1}
    ${6}     | ${1}
    ${7}     | ${2}
    ${9}     | ${2}
    ${10}    | ${3}
    ${17}    | ${5}
    ${49}    | ${5}
    ${50}    | ${10}
    ${199}   | ${10}
    ${200}   | ${20}
    ${5000}  | ${20}
  `('of $recorded recorded audiences a plan may retire $mostRetired', ({ recorded, mostRetired }) => {
    expect(retirementLimit(recorded)).toBe(mostRetired)
    const all = several(recorded)
    const first = all[0]
    // The last one stays declared: a folder without any is another guard's matter.
    if (!first || recorded > 200) return
    const spared = recorded === 1 ? [anAudience({ id: 'new', name: 'ACT__New__1d' })] : []
    const atLimit = replan(all, [...spared, ...all.slice(mostRetired)])
    expect(codesOf(atLimit)).toEqual([])
    if (mostRetired + 1 > recorded) return
    const above = replan(all, [...spared, ...all.slice(mostRetired + 1)], {})
    expect(codesOf(above)).toContain('guard/mass-retirement')
  })

  test('says how many, of how many, with how many people, and the line that allows it', () => {
    const all = several(7)
    const recorded = {
      ...applied(all),
      members: new Map([
        ['a0', 1_000],
        ['a1', 20],
        ['a6', 7],
      ]),
    }
    const [refusal] = plan({ recorded, audiences: all.slice(3), observed: faithful(recorded, all) }).refusals
    expect(refusal).toEqual({
      code: 'guard/mass-retirement',
      severity: 'error',
      summary: 'Many audiences would be retired at once',
      detail:
        '3 of 7 recorded audiences would be retired, with 1020 recorded members; a plan may retire 2 of so many.',
      hint: 'if it is meant, add to workspace.yaml: allow: [{ guard: mass-retirement, by: "Your Name", because: "…", until: YYYY-MM-DD }]',
    })
  })

  test('what is let go, renamed or left behind is not retired', () => {
    const all = several(7)
    const forget = all.slice(0, 5).map(({ id }) => id)
    expect(codesOf(replan(all, all.slice(5), { workspace: { ...aWorkspace, forget } }))).toEqual([])
    const renamed = all.map(each => ({ ...each, name: `${each.name}x` }))
    expect(codesOf(replan(all, renamed))).toEqual([])
  })
})

describe('protection outlives the file', () => {
  const guarded = { ...winback, isProtected: true }
  test.each([
    ['its file is gone', [vip], {}, ['guard/protected']],
    ['it is let go', [vip], { workspace: { ...aWorkspace, forget: ['winback'] } }, ['guard/protected']],
    ['it is renamed', [vip, { ...guarded, name: 'ACT__Back__60d' }], {}, ['guard/protected']],
    [
      'it is renamed under another id',
      [vip, { ...guarded, id: 'back', movedFrom: 'winback', name: 'ACT__Back__60d' }],
      {},
      ['guard/protected'],
    ],
    ['it loses its sendable segment', [vip, { ...guarded, suppressedBy: [] }], {}, ['guard/protected']],
    [
      'it is unprotected and renamed at once',
      [vip, { ...winback, name: 'ACT__Back__60d' }],
      {},
      ['guard/protected'],
    ],
    ['it is unprotected', [vip, winback], {}, []],
    ['it gets another id', [vip, { ...guarded, id: 'back', movedFrom: 'winback' }], {}, []],
    ['it changes otherwise', [vip, { ...guarded, useCase: 'loyalty' }], {}, []],
  ] satisfies [string, Audience[], Partial<PlanInput>, string[]][])('%s', (_story, now, input, codes) => {
    expect(codesOf(replan([vip, guarded], now, input))).toEqual(codes)
  })

  test('all that would be lost stands in one refusal', () => {
    expect(detailOf(replan([vip, guarded], [vip]), 'guard/protected')).toBe(
      'sendable.winback would be retired, cohort.winback would be retired, binding.winback would be retired; "winback" was protected when it was last applied.',
    )
  })

  test('the second change after unprotecting is free', () => {
    expect(codesOf(replan([vip, winback], [vip]))).toEqual([])
  })
})

describe('sources', () => {
  const observed = (segment: object) =>
    withSource(faithful(EMPTY_STATE, [vip]), {
      segmentId: 11,
      name: 'VIP customers',
      type: 'dynamic',
      isFinished: true,
      ...segment,
    })

  test.each([
    ['that is as declared', observed({}), [], []],
    ['that is not there', faithful(EMPTY_STATE), ['source/missing'], []],
    ['with another name', observed({ name: 'VIPs' }), ['source/renamed'], []],
    ['that is still being built', observed({ isFinished: false }), [], ['source/unfinished']],
  ])('a segment %s', (_story, shown, codes, warnings) => {
    const made = plan({ audiences: [vip], observed: shown })
    expect([codesOf(made), warningsOf(made)]).toEqual([codes, warnings])
  })
})

describe('another identifier', () => {
  const byEmail: Audience = { ...vip, identifier: { key: { kind: 'email' }, minCoverage: 0.95 } }
  const recorded = applied([vip], { members: { vip: 4_200 } })
  const observed = faithful(recorded, [vip])

  test('would exchange everyone, and says how many', () => {
    const made = plan({ recorded, observed, audiences: [byEmail] })
    expect(codesOf(made)).toEqual(['guard/identifier-change'])
    expect(detailOf(made, 'guard/identifier-change')).toBe(
      'binding.vip: "id" would become "email"; 4200 recorded members would leave and enter again.',
    )
  })

  test('counts them under the former id, too', () => {
    const made = plan({ recorded, observed, audiences: [{ ...byEmail, id: 'gold', movedFrom: 'vip' }] })
    expect(detailOf(made, 'guard/identifier-change')).toContain('4200 recorded members')
  })

  test('another coverage is no other identifier', () => {
    const audiences = [{ ...vip, identifier: { ...vip.identifier, minCoverage: 0.5 } }]
    expect(codesOf(plan({ recorded, observed, audiences }))).toEqual([])
  })
})

describe('overrides', () => {
  const recorded = applied([vip, winback], { members: { vip: 10 } })
  const byEmail: Audience = { ...vip, identifier: { key: { kind: 'email' }, minCoverage: 0.95 } }
  const look = (allow: readonly Override[], now = '2026-11-23T10:00:00.000Z') =>
    plan({
      recorded,
      audiences: [byEmail, winback],
      observed: faithful(recorded, [vip, winback]),
      workspace: allowing(...allow),
      now,
    })

  test.each([
    ['of the audience', override('identifier-change', { audience: 'vip' }), [], [], 1],
    ['of the whole workspace', override('identifier-change'), [], [], 1],
    [
      'of another audience',
      override('identifier-change', { audience: 'winback' }),
      ['guard/identifier-change'],
      [],
      0,
    ],
    ['of another guard', override('case-twin', { audience: 'vip' }), ['guard/identifier-change'], [], 0],
    ['until today', override('identifier-change', { until: '2026-11-23' }), [], [], 1],
    [
      'until yesterday',
      override('identifier-change', { until: '2026-11-22' }),
      ['guard/identifier-change'],
      ['allow/expired'],
      0,
    ],
  ])('one %s', (_story, allow, codes, warnings, used) => {
    const made = look([allow])
    expect([codesOf(made), warningsOf(made), made.overrides.length]).toEqual([codes, warnings, used])
  })

  test('the last day counts to its last millisecond', () => {
    const allow = override('identifier-change', { until: '2026-11-23' })
    expect(codesOf(look([allow], '2026-11-23T23:59:59.999Z'))).toEqual([])
    expect(codesOf(look([allow], '2026-11-24T00:00:00.000Z'))).toEqual(['guard/identifier-change'])
  })

  test('only those that are needed are listed', () => {
    const needed = override('identifier-change', { audience: 'vip' })
    expect(look([override('case-twin'), needed]).overrides).toEqual([needed])
  })

  test.each(['mass-retirement', 'segment-limit'])(
    '%s counts all audiences, so that naming one is told',
    guard => {
      const made = look([override(guard, { audience: 'vip' }), override('identifier-change')])
      expect(warningsOf(made)).toEqual(['allow/one-audience'])
    },
  )

  test('mass retirement passes for the whole workspace alone', () => {
    const all = several(7)
    const retire = (allow: Override) => codesOf(replan(all, all.slice(3), { workspace: allowing(allow) }))
    expect(retire(override('mass-retirement'))).toEqual([])
    expect(retire(override('mass-retirement', { audience: 'a0' }))).toEqual(['guard/mass-retirement'])
  })

  test.each(['takeover', 'protected', 'unverified', 'name-used'])('%s cannot be let pass', guard => {
    const stories: Readonly<Record<string, Plan>> = {
      takeover: plan({
        audiences: [vip],
        observed: withSegments(faithful(EMPTY_STATE, [vip]), () => [stranger(vip.name)]),
        workspace: allowing(override(guard)),
      }),
      protected: replan([vip, { ...winback, isProtected: true }], [vip], {
        workspace: allowing(override(guard)),
      }),
      unverified: plan({
        audiences: [vip],
        observed: { ...faithful(EMPTY_STATE, [vip]), segments: { kind: 'failed', code: 'provider/timeout' } },
        workspace: allowing(override(guard)),
      }),
      'name-used': plan({
        audiences: [vip],
        recorded: { ...EMPTY_STATE, tombstones: new Map([[vip.name, buried(vip.name)]]) },
        workspace: allowing(override(guard)),
      }),
    }
    const made = stories[guard]
    expect(made && codesOf(made)).toEqual([`guard/${guard}`])
  })
})

describe('names', () => {
  const empty = faithful(EMPTY_STATE, [vip])
  const listing = (...names: readonly string[]) => withSegments(empty, () => names.map(stranger))
  const remembering = (...tombstones: readonly ReturnType<typeof buried>[]): RecordedState => ({
    ...EMPTY_STATE,
    tombstones: new Map(tombstones.map(each => [each.name, each])),
  })

  test.each([
    ['nobody has', {}, []],
    ['somebody has', { observed: listing(vip.name) }, ['guard/takeover']],
    [
      'somebody has, behind a partner’s prefix',
      { observed: listing(`[Partner]${vip.name}`) },
      ['guard/takeover'],
    ],
    [
      'somebody has, in a partner’s brackets',
      { observed: listing(`[Partner][${vip.name}]`) },
      ['guard/takeover'],
    ],
    ['somebody has a longer form of', { observed: listing(`${vip.name}__Old`, `x${vip.name}`) }, []],
    ['was retired', { recorded: remembering(buried(vip.name)) }, ['guard/name-used']],
    [
      'was given up in a rename',
      { recorded: remembering(buried(vip.name, 'g', 'renamed')) },
      ['guard/name-used'],
    ],
    ['was let go', { recorded: remembering(buried(vip.name, 'g', 'forgotten')) }, ['guard/name-used']],
    [
      'differs from one in the list in case only',
      { observed: listing(vip.name.toLowerCase()) },
      ['guard/case-twin'],
    ],
    [
      'differs from a retired one in case only',
      { recorded: remembering(buried(vip.name.toUpperCase())) },
      ['guard/case-twin'],
    ],
    [
      'differs in case only, which a person allows',
      {
        observed: listing(vip.name.toLowerCase()),
        workspace: allowing(override('case-twin', { audience: 'vip' })),
      },
      [],
    ],
  ] satisfies [string, Partial<PlanInput>, string[]][])(
    'a new cohort with a name that %s',
    (_story, input, codes) => {
      expect(codesOf(plan({ audiences: [vip], observed: empty, ...input }))).toEqual(codes)
    },
  )

  test('what was let go is offered back', () => {
    const recorded = remembering(buried(vip.name, 'acme-vip-g1', 'forgotten'))
    const [refusal] = plan({ audiences: [vip], recorded, observed: empty }).refusals
    expect(refusal?.hint).toBe('take it over again: adopt: true in its spec')
  })

  test('twins without number are counted, not all listed', () => {
    const twins = [
      'ORC__vip__365d',
      'orc__vip__365d',
      'ORC__VIP__365D',
      'orc__Vip__365d',
      'Orc__Vip__365d',
      'oRC__Vip__365d',
      'orC__Vip__365d',
    ]
    expect(detailOf(plan({ audiences: [vip], observed: listing(...twins) }), 'guard/case-twin')).toContain(
      'and 2 more',
    )
  })

  test.each([
    ['two audiences swap names', { ...vip, name: winback.name }, { ...winback, name: vip.name }],
    [
      'one takes the name that the other gives up',
      { ...vip, name: winback.name },
      { ...winback, name: 'ACT__Back__60d' },
    ],
  ])('%s: a name that is ours is no stranger’s, and is not free either', (_story, ...now) => {
    const made = replan(
      [vip, { ...winback, suppressedBy: [] }],
      now.map(each => ({ ...each, suppressedBy: [] })),
    )
    expect(made.refusals.map(({ code, detail }) => `${code} ${detail}`)).toContain(
      `guard/name-used cohort.vip: "${winback.name}" is the name of cohort.winback.`,
    )
  })

  test('a name that is recorded and not listed yet is taken all the same', () => {
    const recorded = applied([vip])
    const observed = withSegments(faithful(recorded, [vip]), () => [])
    const other = { ...vip, id: 'gold' }
    expect(codesOf(plan({ recorded, audiences: [vip, other], observed }))).toEqual(['guard/name-used'])
  })

  test('a sendable segment that was renamed by hand to what its file says now is ours', () => {
    const recorded = applied([vip, winback])
    const after = { ...winback, name: 'ACT__Winback__90d' }
    const observed = withSegments(faithful(recorded, [vip, winback]), segments =>
      segments.map(each =>
        each.name === `${winback.name}__Sendable` ? { ...each, name: `${after.name}__Sendable` } : each,
      ),
    )
    expect(codesOf(plan({ recorded, audiences: [vip, after], observed }))).toEqual([])
  })
})

describe('manual segments', () => {
  const look = (...ids: readonly number[]) => {
    const empty = faithful(EMPTY_STATE)
    const observed = ids.reduce(
      (shown, segmentId) =>
        withSource(shown, { segmentId, name: 'QA team', type: 'manual', isFinished: true }),
      empty,
    )
    return (change: Partial<Audience>) =>
      codesOf(plan({ audiences: [{ ...qaTeam, ...change }], observed, workspace: testedWorkspace }))
  }

  test.each([
    ['none of its name', look(), [], []],
    ['one of its name', look(7), ['guard/takeover'], []],
    ['two of its name', look(7, 8), ['guard/ambiguous-source'], ['guard/ambiguous-source']],
  ])('with %s in Customer.io', (_story, codes, created, adopted) => {
    expect([codes({}), codes({ adopt: {} })]).toEqual([created, adopted])
  })

  test('a data-driven one of its name is another thing', () => {
    const observed = withSource(faithful(EMPTY_STATE), {
      segmentId: 7,
      name: 'QA team',
      type: 'dynamic',
      isFinished: true,
    })
    expect(codesOf(plan({ audiences: [qaTeam], observed, workspace: testedWorkspace }))).toEqual([])
  })

  test('another name in the file is refused: it would be another segment', () => {
    const made = replan(
      [qaTeam],
      [{ ...qaTeam, source: { kind: 'manual', name: 'Testers', members: 'testers' } }],
    )
    expect(codesOf(made)).toEqual(['guard/source-rename'])
  })
})

describe('cohort ids', () => {
  const adopting = (cohortId: string): Audience => ({ ...vip, adopt: { cohortId } })
  const observed = withSegments(faithful(EMPTY_STATE, [vip]), () => [stranger(vip.name)])

  test.each([
    ['that nobody sent', EMPTY_STATE, []],
    [
      'of a retired cohort',
      { ...EMPTY_STATE, tombstones: new Map([['Old', buried('Old', 'crm-1')]]) },
      ['guard/cohort-id-used'],
    ],
    [
      'of this very cohort, which was let go',
      { ...EMPTY_STATE, tombstones: new Map([[vip.name, buried(vip.name, 'crm-1', 'forgotten')]]) },
      [],
    ],
    [
      'of another recorded cohort',
      withObject(applied([winback]), 'cohort.winback', {
        attributes: { name: winback.name, cohort_id: 'crm-1' },
      }),
      ['guard/cohort-id-used'],
    ],
  ])('one %s', (_story, recorded, codes) => {
    const audiences = recorded.objects.size > 0 ? [adopting('crm-1'), winback] : [adopting('crm-1')]
    const shown = withSegments(faithful(recorded, audiences), segments => [...segments, stranger(vip.name)])
    expect(
      codesOf(plan({ recorded, audiences, observed: recorded.objects.size > 0 ? shown : observed })),
    ).toEqual(codes)
  })

  test('the same one twice in a plan', () => {
    const audiences = [adopting('crm-1'), { ...adopting('crm-1'), id: 'gold', name: 'ORC__Gold__365d' }]
    const shown = withSegments(faithful(EMPTY_STATE, audiences), () => [
      stranger(vip.name),
      stranger('ORC__Gold__365d'),
    ])
    expect(codesOf(plan({ audiences, observed: shown }))).toEqual(['guard/cohort-id-used'])
  })
})

describe('limits', () => {
  const listed = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ remoteId: `s${index}`, name: `S${index}` }))
  const look = (count: number, input: Partial<PlanInput> = {}) =>
    plan({
      audiences: [vip, winback],
      observed: withSegments(faithful(EMPTY_STATE, [vip, winback]), () => listed(count)),
      ...input,
    })

  test.each([
    [SEGMENT_LIMIT - 3, []],
    [SEGMENT_LIMIT - 2, ['guard/segment-limit']],
  ])('three more segments beside %i', (count, codes) => {
    expect(codesOf(look(count))).toEqual(codes)
  })

  test('a person may know better: the limit can be raised', () => {
    expect(codesOf(look(SEGMENT_LIMIT, { workspace: allowing(override('segment-limit')) }))).toEqual([])
  })

  test('a full workspace stops nothing that adds nothing', () => {
    const recorded = applied([vip])
    const observed = withSegments(faithful(recorded, [vip]), segments => [
      ...segments,
      ...listed(SEGMENT_LIMIT),
    ])
    expect(codesOf(plan({ recorded, audiences: [vip], observed }))).toEqual([])
  })

  test.each([
    [899, []],
    [900, ['limit/segments']],
  ])('%i segments: warned of %j', (count, warnings) => {
    const observed = withSegments(faithful(EMPTY_STATE), () => listed(count))
    expect(warningsOf(plan({ observed }))).toEqual(warnings)
  })

  test.each([
    [REFERENCE_LIMIT - 1, []],
    [REFERENCE_LIMIT, ['guard/too-complex']],
  ])('%i suppressions', (count, codes) => {
    const suppressions = several(count)
    const audiences = [...suppressions, { ...winback, suppressedBy: suppressions.map(({ id }) => id) }]
    expect(codesOf(plan({ audiences }))).toEqual(codes)
  })
})

test('another partner’s cohort cannot be taken over, our own partner’s can', () => {
  const look = (name: string) =>
    plan({
      audiences: [{ ...vip, adopt: {} }],
      observed: withSegments(faithful(EMPTY_STATE, [vip]), () => [stranger(name)]),
    })
  expect(codesOf(look(`[Amplitude][${vip.name}]`))).toEqual(['guard/takeover'])
  expect(codesOf(look(`[muster]${vip.name}`))).toEqual([])
})

describe('what there is to take over', () => {
  const taken = { ...vip, adopt: {} }
  test.each([
    ['nothing of its name', faithful(EMPTY_STATE, [vip]), ['adopt/nothing-there']],
    [
      'a list that could not be read, which is not nothing',
      { ...faithful(EMPTY_STATE, [vip]), segments: { kind: 'failed' as const, code: 'provider/timeout' } },
      ['refresh/unread'],
    ],
    ['a segment of its name', withSegments(faithful(EMPTY_STATE, [vip]), () => [stranger(vip.name)]), []],
  ])('%s', (_story, observed, warnings) => {
    expect(warningsOf(plan({ audiences: [taken], observed }))).toEqual(warnings)
  })
})
