import { describe, expect, test } from 'vitest'
import type { Audience } from '../../src/model/audience.ts'
import { readingOf } from '../../src/model/reading.ts'
import { EMPTY_STATE, type RecordedState } from '../../src/model/recorded.ts'
import type { PlanInput } from '../../src/plan/plan-changes.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'
import {
  applied,
  buried,
  callsOf,
  changeAt,
  codesOf,
  faithful,
  plan,
  qaTeam,
  remoteIdOf,
  stepsOf,
  stranger,
  summarize,
  summarizePending,
  testedWorkspace,
  vip,
  winback,
  withObject,
  withoutRemoteId,
  withSegments,
  withSource,
} from '../support/planning.ts'

/** What was applied, with other specs now. */
const replan = (before: readonly Audience[], now: readonly Audience[], input: Partial<PlanInput> = {}) => {
  const recorded = applied(before, { members: { vip: 12_000, winback: 700 } })
  return plan({ recorded, audiences: now, observed: faithful(recorded, [...before, ...now]), ...input })
}

describe('create', () => {
  test('an audience is a cohort, a binding and, with suppressions, a sendable segment, in that order', () => {
    expect(summarize(plan({ audiences: [winback, vip] }))).toEqual([
      'create cohort.vip',
      'create cohort.winback',
      'create binding.vip',
      'create binding.winback',
      'create sendable.winback',
    ])
  })

  test('a manual segment comes first, filled a thousand testers a call', () => {
    const testers = Array.from({ length: 2_001 }, (_, index) => `usr_${index}`)
    const made = plan({
      audiences: [qaTeam],
      workspace: { ...aWorkspace, qa: { testers, isRequired: false } },
    })
    expect(summarize(made)).toEqual([
      'create source.qa-team',
      'create cohort.qa-team',
      'create binding.qa-team',
    ])
    expect(callsOf(changeAt(made, 'source.qa-team'))).toEqual([
      'create source segment',
      'fill source segment ×3 (2001)',
    ])
    expect(JSON.stringify(made)).not.toContain('usr_')
  })

  test('what is created has its cohort id from its workspace, its audience and a generation', () => {
    const made = changeAt(plan({ audiences: [vip] }), 'cohort.vip')
    expect(stepsOf(made)).toEqual([
      'name: ∅ → ORC__Vip__365d (read, file)',
      'cohort_id: ∅ → acme-vip-g1 (read, file)',
    ])
  })
})

describe('none', () => {
  test('what was applied, and is observed as it was, needs nothing', () => {
    const made = replan([vip, winback], [winback, vip])
    expect(summarizePending(made)).toEqual([])
    expect([made.drift, made.refusals, made.warnings]).toEqual([[], [], []])
    expect(made.beliefs.unknown).toBe(0)
  })

  test('a sendable segment that is no longer listed works on, and is left as it is', () => {
    const recorded = applied([vip, winback])
    const observed = withSegments(faithful(recorded, [vip, winback]), segments =>
      segments.filter(({ remoteId }) => remoteId !== remoteIdOf('sendable.winback')),
    )
    const made = plan({ recorded, audiences: [vip, winback], observed })
    expect(summarizePending(made)).toEqual([])
  })
})

describe('update', () => {
  test('a changed binding calls nobody', () => {
    const now = anAudience({ rollout: { stage: { kind: 'canary', percent: 10 }, holdoutPercent: 0 } })
    const made = changeAt(replan([vip], [now]), 'binding.vip')
    expect(made.action).toBe('update')
    expect(stepsOf(made)).toEqual(['stage: live → canary 10% (recorded, file)'])
    expect(callsOf(made)).toEqual([])
  })

  test('another suppression re-points the sendable segment', () => {
    const recent = anAudience({ id: 'recent', name: 'SUP__Recent__7d' })
    const made = replan(
      [vip, winback, recent],
      [vip, recent, { ...winback, suppressedBy: ['vip', 'recent'] }],
    )
    expect(summarizePending(made)).toEqual(['update sendable.winback'])
    expect(stepsOf(changeAt(made, 'sendable.winback'))).toEqual([
      'exclude: [cohort.vip] → [cohort.recent,cohort.vip] (read, file)',
    ])
    expect(callsOf(changeAt(made, 'sendable.winback'))).toEqual(['update sendable segment'])
  })

  test('other testers fill the manual segment anew', () => {
    const recorded = applied([qaTeam], { workspace: testedWorkspace })
    const workspace = { ...aWorkspace, qa: { testers: ['usr_1'], isRequired: false } }
    const made = plan({ recorded, workspace, audiences: [qaTeam], observed: faithful(recorded) })
    const change = changeAt(made, 'source.qa-team')
    expect(change.action).toBe('update')
    expect(change.attributes.map(({ attribute }) => attribute)).toEqual(['people', 'people_digest'])
    expect(callsOf(change)).toEqual(['fill source segment (1)'])
  })

  test('a segment that only moved from one kind to the other changes the binding', () => {
    const manual: Audience = { ...vip, source: { kind: 'manual', name: 'By hand', members: 'testers' } }
    const made = replan([vip], [manual], { workspace: testedWorkspace })
    expect(summarizePending(made)).toEqual(['create source.vip', 'update binding.vip'])
    expect(stepsOf(changeAt(made, 'binding.vip'))).toEqual([
      'source_segment: 11 → ∅ (read, file)',
      'source_name: VIP customers → ∅ (read, file)',
      'source_manual: ∅ → By hand (recorded, file)',
    ])
  })
})

describe('what was accepted and not seen yet is never called done', () => {
  const recorded = withoutRemoteId(applied([vip, winback]), 'cohort.vip')
  const base = faithful(recorded, [vip, winback])

  test.each([
    ['not in the list', base, 'accepted by the vendor, not seen in its list so far', ['create cohort']],
    [
      'in the list by now',
      withSegments(base, segments => [...segments, { remoteId: 'new', name: vip.name }]),
      'the vendor lists it now; its id is to be recorded',
      [],
    ],
    [
      'in the list under a partner’s prefix',
      withSegments(base, segments => [...segments, { remoteId: 'new', name: `[muster][${vip.name}]` }]),
      'the vendor lists it now; its id is to be recorded',
      [],
    ],
    [
      'in a list that could not be read',
      { ...base, segments: { kind: 'failed' as const, code: 'provider/unavailable' } },
      'accepted by the vendor; its list could not be read',
      ['create cohort'],
    ],
  ])('a cohort that is %s', (_story, observed, reason, calls) => {
    const change = changeAt(plan({ recorded, audiences: [vip, winback], observed }), 'cohort.vip')
    expect({ action: change.action, reason: change.reason, calls: callsOf(change) }).toEqual({
      action: 'update',
      reason,
      calls,
    })
  })

  test('a sendable segment without an answer is made when it is not there, and set right when it is', () => {
    const open = withoutRemoteId(applied([vip, winback]), 'sendable.winback')
    const hidden = faithful(open, [vip, winback])
    const shown = withSegments(hidden, segments => [
      ...segments,
      { remoteId: 'new', name: `${winback.name}__Sendable` },
    ])
    const callsWith = (observed: typeof shown) =>
      callsOf(changeAt(plan({ recorded: open, audiences: [vip, winback], observed }), 'sendable.winback'))
    expect(callsWith(hidden)).toEqual(['create sendable segment'])
    expect(callsWith(shown)).toEqual(['update sendable segment'])
  })

  test('a manual segment without an answer is looked for by its name, and filled', () => {
    const open = withoutRemoteId(applied([qaTeam], { workspace: testedWorkspace }), 'source.qa-team')
    const hidden = faithful(open)
    const manual = { segmentId: 77, name: 'QA team', type: 'manual' as const, isFinished: true }
    const one = withSource(hidden, manual)
    const callsWith = (observed: typeof one) =>
      callsOf(
        changeAt(
          plan({ recorded: open, workspace: testedWorkspace, audiences: [qaTeam], observed }),
          'source.qa-team',
        ),
      )
    expect(callsWith(hidden)).toEqual(['create source segment', 'fill source segment (3)'])
    expect(callsWith(one)).toEqual(['fill source segment (3)'])
  })
})

describe('adopt', () => {
  const taken = { ...vip, adopt: {} }

  test('a cohort that is there is recorded, and nobody is called', () => {
    const observed = withSegments(faithful(EMPTY_STATE, [vip]), () => [
      { remoteId: 'theirs', name: vip.name },
    ])
    const made = plan({ audiences: [taken], observed })
    expect(summarize(made)).toEqual(['adopt cohort.vip', 'create binding.vip'])
    expect(changeAt(made, 'cohort.vip')).toMatchObject({ remoteId: 'theirs', calls: [] })
    expect(stepsOf(changeAt(made, 'cohort.vip'))).toEqual([
      'name: ∅ → ORC__Vip__365d (read, file)',
      'cohort_id: ∅ → acme-vip-g1 (recorded, file)',
    ])
  })

  test('it goes on under the id that its partner sent it under', () => {
    const observed = withSegments(faithful(EMPTY_STATE, [vip]), () => [stranger(vip.name)])
    const made = plan({ audiences: [{ ...vip, adopt: { cohortId: 'crm-vip-2024' } }], observed })
    expect(stepsOf(changeAt(made, 'cohort.vip'))[1]).toBe('cohort_id: ∅ → crm-vip-2024 (recorded, file)')
  })

  test('one that muster let go comes back under its own id', () => {
    const recorded: RecordedState = {
      ...EMPTY_STATE,
      tombstones: new Map([[vip.name, buried(vip.name, 'acme-vip-g1', 'forgotten')]]),
    }
    const observed = withSegments(faithful(EMPTY_STATE, [vip]), () => [stranger(vip.name)])
    const made = plan({ recorded, audiences: [taken], observed })
    expect(codesOf(made)).toEqual([])
    expect(stepsOf(changeAt(made, 'cohort.vip'))[1]).toBe('cohort_id: ∅ → acme-vip-g1 (recorded, file)')
  })

  test.each([
    ['as declared', ['id-of-vip'], [], 'exclude: ∅ → [cohort.vip] (read, file)'],
    [
      'with other suppressions',
      ['somebody'],
      ['update sendable segment'],
      'exclude: [segment somebody] → [cohort.vip] (read, file)',
    ],
  ])('a sendable segment %s', (_story, exclude, calls, step) => {
    const name = `${winback.name}__Sendable`
    const observed = {
      ...withSegments(faithful(EMPTY_STATE, [vip, winback]), () => [
        { remoteId: 'id-of-vip', name: vip.name },
        { remoteId: 'id-of-winback', name: winback.name },
        { remoteId: 'id-of-sendable', name },
      ]),
      sendables: new Map([
        ['id-of-sendable', readingOf({ kind: 'sendable' as const, name, include: 'id-of-winback', exclude })],
      ]),
    }
    const made = plan({ audiences: [taken, { ...winback, adopt: {} }], observed })
    expect(summarizePending(made)).toEqual([
      'adopt cohort.vip',
      'adopt cohort.winback',
      'create binding.vip',
      'create binding.winback',
      'adopt sendable.winback',
    ])
    expect(callsOf(changeAt(made, 'sendable.winback'))).toEqual(calls)
    expect(stepsOf(changeAt(made, 'sendable.winback'))[2]).toBe(step)
  })

  test('the only manual segment of its name is taken, and filled', () => {
    const manual = { segmentId: 77, name: 'QA team', type: 'manual' as const, isFinished: true }
    const observed = withSource(faithful(EMPTY_STATE), manual)
    const made = plan({ audiences: [{ ...qaTeam, adopt: {} }], workspace: testedWorkspace, observed })
    expect(changeAt(made, 'source.qa-team')).toMatchObject({ action: 'adopt', remoteId: '77' })
    expect(callsOf(changeAt(made, 'source.qa-team'))).toEqual(['fill source segment (3)'])
  })

  test('what is recorded already is ours: adopt says nothing more', () => {
    expect(summarizePending(replan([vip], [taken]))).toEqual([])
  })
})

describe('rename', () => {
  const renamed = { ...vip, name: 'ORC__BestCustomers__365d' }
  const made = replan([vip, winback], [renamed, winback])

  test('a new cohort takes its place, what points at it follows, and the old one is drained last', () => {
    expect(summarizePending(made)).toEqual([
      'rename cohort.vip',
      'update binding.vip',
      'update sendable.winback',
      'retire cohort.vip@g1',
    ])
    expect(stepsOf(changeAt(made, 'cohort.vip'))).toEqual([
      'name: ORC__Vip__365d → ORC__BestCustomers__365d (read, file)',
      'cohort_id: acme-vip-g1 → acme-vip-g2 (recorded, file)',
    ])
    expect(stepsOf(changeAt(made, 'sendable.winback'))).toEqual([
      'exclude: [cohort.vip@g1] → [cohort.vip] (read, file)',
    ])
  })

  test('everybody recorded is carried over, and nobody is lost from sight', () => {
    expect(callsOf(changeAt(made, 'cohort.vip'))).toEqual(['add members ×5 (12000)'])
    expect(callsOf(changeAt(made, 'cohort.vip@g1'))).toEqual(['remove members ×5 (12000)', 'archive segment'])
    expect(made.effects.filter(({ audience }) => audience.startsWith('vip'))).toEqual([
      { audience: 'vip', effect: 'carry-over', recordedMembers: 12_000 },
      { audience: 'vip@g1', effect: 'remove-all', recordedMembers: 12_000 },
    ])
  })

  test('a cohort with nobody in it is born like any other', () => {
    const recorded = applied([vip])
    const empty = plan({ recorded, audiences: [renamed], observed: faithful(recorded, [vip]) })
    expect(callsOf(changeAt(empty, 'cohort.vip'))).toEqual(['create cohort'])
    expect(callsOf(changeAt(empty, 'cohort.vip@g1'))).toEqual(['archive segment'])
  })

  test('its own sendable segment is renamed in place', () => {
    const after = { ...winback, name: 'ACT__Winback__90d' }
    const change = changeAt(replan([vip, winback], [vip, after]), 'sendable.winback')
    expect(change.action).toBe('rename')
    expect(stepsOf(change)).toEqual([
      'name: ACT__Winback__60d__Sendable → ACT__Winback__90d__Sendable (read, file)',
      'include: cohort.winback@g1 → cohort.winback (read, file)',
    ])
    expect(callsOf(change)).toEqual(['update sendable segment'])
  })

  describe('cut off while people are carried over', () => {
    const recorded: RecordedState = {
      ...applied([renamed, winback], { members: { vip: 5_000, 'vip@g1': 12_000 } }),
    }
    const old = recorded.objects.get('cohort.vip')
    if (!old) throw new Error('no cohort.vip')
    const cut: RecordedState = {
      ...recorded,
      objects: new Map(recorded.objects)
        .set('cohort.vip', {
          ...old,
          attributes: { name: renamed.name, cohort_id: 'acme-vip-g2' },
          status: 'pending',
          carriesFrom: 'vip@g1',
        })
        .set('cohort.vip@g1', {
          ...old,
          address: 'cohort.vip@g1',
          audience: 'vip@g1',
          attributes: { name: vip.name, cohort_id: 'acme-vip-g1' },
          remoteId: 'the-old-one',
        }),
    }
    const observed = faithful(cut, [vip, winback])

    test('the rest is sent, and the old cohort is still to be drained', () => {
      const rest = plan({ recorded: cut, audiences: [renamed, winback], observed })
      expect(summarizePending(rest)).toEqual(['update cohort.vip', 'retire cohort.vip@g1'])
      expect(changeAt(rest, 'cohort.vip').reason).toBe('not all members were carried over to it yet')
      expect(callsOf(changeAt(rest, 'cohort.vip'))).toEqual(['add members ×3 (7000)'])
      expect(rest.effects.map(({ audience, effect }) => `${audience} ${effect}`)).toContain('vip carry-over')
    })

    test('another rename would leave people behind, and is refused until this one is done', () => {
      const again = plan({
        recorded: cut,
        audiences: [{ ...vip, name: 'ORC__Third__365d' }, winback],
        observed,
      })
      expect(codesOf(again)).toEqual(['guard/unfinished-rename'])
    })
  })

  test('a third generation takes a number of its own', () => {
    const second = withObject(applied([renamed]), 'cohort.vip', {
      attributes: { name: renamed.name, cohort_id: 'acme-vip-g2' },
    })
    const recorded: RecordedState = {
      ...second,
      tombstones: new Map([[vip.name, buried(vip.name, 'acme-vip-g1')]]),
    }
    const audiences = [{ ...vip, name: 'ORC__Third__365d' }]
    const made = plan({ recorded, audiences, observed: faithful(recorded, [vip]) })
    expect(stepsOf(changeAt(made, 'cohort.vip'))[1]).toBe(
      'cohort_id: acme-vip-g2 → acme-vip-g3 (recorded, file)',
    )
    expect(summarizePending(made)).toContain('retire cohort.vip@g2')
  })
})

describe('a cohort id is never used twice', () => {
  test.each([
    ['acme-vip-g1', 'a retired cohort', 'acme-vip-g2'],
    ['acme-vip-g2', 'a later one', 'acme-vip-g1'],
    ['crm-vip', 'a partner’s', 'acme-vip-g1'],
  ])('%s in the tombstone of %s: the next is %s', (cohortId, _whose, next) => {
    const recorded = { ...EMPTY_STATE, tombstones: new Map([['Old', buried('Old', cohortId)]]) }
    expect(stepsOf(changeAt(plan({ recorded, audiences: [vip] }), 'cohort.vip'))[1]).toBe(
      `cohort_id: ∅ → ${next} (read, file)`,
    )
  })
})

describe('moved_from', () => {
  const gold = { ...vip, id: 'gold', movedFrom: 'vip' }

  test('the record and the ledger get the new id, and nobody is called', () => {
    const made = replan([vip, winback], [gold, { ...winback, suppressedBy: ['gold'] }])
    expect(summarizePending(made)).toEqual(['rename cohort.gold', 'rename binding.gold'])
    expect(changeAt(made, 'cohort.gold')).toMatchObject({ from: 'cohort.vip', calls: [] })
    expect(made.effects).toContainEqual({
      audience: 'gold',
      effect: 'follow-source',
      recordedMembers: 12_000,
    })
    expect(codesOf(made)).toEqual([])
  })

  test('its cohort keeps the id that it is sent under', () => {
    const made = replan([vip], [gold])
    expect(stepsOf(changeAt(made, 'cohort.gold'))).toEqual([
      'address: cohort.vip → cohort.gold (recorded, file)',
    ])
  })

  test('with another name at once, the old cohort is drained under the new id', () => {
    const made = replan([vip], [{ ...gold, name: 'ORC__Gold__365d' }])
    expect(summarizePending(made)).toEqual([
      'rename cohort.gold',
      'rename binding.gold',
      'retire cohort.gold@g1',
    ])
    expect(stepsOf(changeAt(made, 'cohort.gold'))).toEqual([
      'address: cohort.vip → cohort.gold (recorded, file)',
      'name: ORC__Vip__365d → ORC__Gold__365d (read, file)',
      'cohort_id: acme-vip-g1 → acme-gold-g1 (recorded, file)',
    ])
    expect(callsOf(changeAt(made, 'cohort.gold'))).toEqual(['add members ×5 (12000)'])
    expect(callsOf(changeAt(made, 'cohort.gold@g1'))).toEqual([
      'remove members ×5 (12000)',
      'archive segment',
    ])
  })

  test('once done it has no effect any more', () => {
    expect(summarizePending(replan([{ ...vip, id: 'gold' }], [gold]))).toEqual([])
  })

  test('--only covers what is left under the former id', () => {
    const before = { ...winback, suppressedBy: ['vip'] }
    const after = { ...winback, id: 'back', movedFrom: 'winback', suppressedBy: [] }
    const made = replan([vip, before], [vip, after], { only: new Set(['back']) })
    expect(summarizePending(made)).toEqual([
      'rename cohort.back',
      'rename binding.back',
      'retire sendable.back',
    ])
  })
})

describe('retire', () => {
  const made = replan([vip, winback], [vip])

  test('sendable segment, cohort and binding, in that order, after everything else', () => {
    expect(summarize(made)).toEqual([
      'none cohort.vip',
      'none binding.vip',
      'retire sendable.winback',
      'retire cohort.winback',
      'retire binding.winback',
    ])
    expect(callsOf(changeAt(made, 'cohort.winback'))).toEqual(['remove members (700)', 'archive segment'])
  })

  test('what goes away is believed as it was read', () => {
    expect(stepsOf(changeAt(made, 'cohort.winback'))).toEqual([
      'name: ACT__Winback__60d → ∅ (read, file)',
      'cohort_id: acme-winback-g1 → ∅ (recorded, file)',
    ])
  })

  test('a cohort that was never listed has nothing to archive', () => {
    const recorded = withoutRemoteId(applied([vip, winback]), 'cohort.winback')
    const without = plan({ recorded, audiences: [vip], observed: faithful(recorded, [vip]) })
    expect(callsOf(changeAt(without, 'cohort.winback'))).toEqual([])
  })

  test('the last suppression takes the sendable segment away, and says why', () => {
    const change = changeAt(
      replan([vip, winback], [vip, { ...winback, suppressedBy: [] }]),
      'sendable.winback',
    )
    expect(change).toMatchObject({ action: 'retire', reason: 'its audience has no suppression any more' })
  })

  test.each([
    ['made by muster', 'created' as const, [], ['delete source segment']],
    ['adopted', 'adopted' as const, [], []],
    [
      'made by muster, and read by another audience',
      'created' as const,
      [
        {
          ...vip,
          source: {
            kind: 'segment' as const,
            segmentId: Number(remoteIdOf('source.qa-team')),
            name: 'QA team',
          },
        },
      ],
      [],
    ],
  ])('a manual segment that was %s', (_story, origin, others, calls) => {
    const recorded = withObject(applied([qaTeam], { workspace: testedWorkspace }), 'source.qa-team', {
      origin,
    })
    const observed = faithful(recorded, others)
    const change = changeAt(plan({ recorded, audiences: others, observed }), 'source.qa-team')
    expect(change.action).toBe('retire')
    expect(callsOf(change)).toEqual(calls)
  })
})

describe('forget', () => {
  test('muster lets go of an audience whose file is gone, and calls nobody', () => {
    const made = replan([vip, winback], [vip], { workspace: { ...aWorkspace, forget: ['winback'] } })
    expect(summarizePending(made)).toEqual([
      'forget sendable.winback',
      'forget cohort.winback',
      'forget binding.winback',
    ])
    expect(made.changes.flatMap(callsOf)).toEqual([])
    expect(made.effects).toContainEqual({ audience: 'winback', effect: 'left-as-is', recordedMembers: 700 })
  })

  test('everything may be let go', () => {
    const made = replan([vip], [], { workspace: { ...aWorkspace, forget: ['vip'] } })
    expect(codesOf(made)).toEqual([])
  })
})

describe('suspend', () => {
  const suspended = { ...winback, isSuspended: true }

  test.each([
    ['another name', { ...suspended, name: 'ACT__Winback__90d' }],
    ['no suppression', { ...suspended, suppressedBy: [] }],
    ['another segment', { ...suspended, source: { kind: 'segment' as const, segmentId: 404, name: 'Gone' } }],
    ['another id', { ...suspended, id: 'back', movedFrom: 'winback' }],
  ])('a suspended audience with %s stays as it is', (_story, after) => {
    const made = replan([vip, winback], [vip, after])
    expect(summarizePending(made)).toEqual([])
    expect(codesOf(made)).toEqual([])
    expect(changeAt(made, 'cohort.winback').reason).toBe('suspended: left as it is')
    expect(made.effects).toContainEqual(
      expect.objectContaining({ audience: 'winback', recordedMembers: 700 }),
    )
  })

  test('its people are neither added nor removed', () => {
    expect(replan([vip, winback], [vip, suspended]).effects).toContainEqual({
      audience: 'winback',
      effect: 'left-as-is',
      recordedMembers: 700,
    })
  })

  test('one that was never applied is told, and not made', () => {
    const made = plan({ audiences: [vip, suspended] })
    expect(summarizePending(made)).toEqual(['create cohort.vip', 'create binding.vip'])
    expect(changeAt(made, 'cohort.winback')).toMatchObject({ action: 'none', reason: 'suspended: not made' })
  })
})

describe('--only', () => {
  test('leaves the others out, and their refusals', () => {
    const gone: Audience = { ...winback, source: { kind: 'segment', segmentId: 99, name: 'Gone' } }
    const made = plan({
      audiences: [vip, gone],
      only: new Set(['vip']),
      observed: faithful(EMPTY_STATE, [vip]),
    })
    expect(summarize(made)).toEqual(['create cohort.vip', 'create binding.vip'])
    expect([made.only, made.refusals]).toEqual([['vip'], []])
  })

  test('covers what a rename left behind', () => {
    const recorded = applied([vip])
    const old = recorded.objects.get('cohort.vip')
    if (!old) throw new Error('no cohort.vip')
    const left: RecordedState = {
      ...recorded,
      objects: new Map(recorded.objects).set('cohort.vip@g1', {
        ...old,
        address: 'cohort.vip@g1',
        audience: 'vip@g1',
        attributes: { name: 'ORC__Old__365d', cohort_id: 'acme-vip-g1' },
        remoteId: 'old',
      }),
    }
    const made = plan({
      recorded: left,
      audiences: [vip],
      observed: faithful(left, [vip]),
      only: new Set(['vip']),
    })
    expect(summarizePending(made)).toEqual(['retire cohort.vip@g1'])
  })
})
