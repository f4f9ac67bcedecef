import { describe, expect, test } from 'vitest'
import type { Drift, Plan } from '../../src/model/plan.ts'
import {
  applied,
  callsOf,
  changeAt,
  codesOf,
  faithful,
  plan,
  qaTeam,
  remoteIdOf,
  stepsOf,
  summarizePending,
  testedWorkspace,
  vip,
  winback,
  withHints,
  withObject,
  withSegments,
  withSendable,
  withSource,
} from '../support/planning.ts'

const audiences = [vip, winback]
const EDITED = '2026-11-19T08:00:00.000Z'
const segment = {
  segmentId: 11,
  name: 'VIP customers',
  type: 'dynamic',
  isFinished: true,
  updatedAt: EDITED,
} as const
const observed = withSource(faithful(applied(audiences), audiences), segment)
const recorded = withHints(applied(audiences), observed)
const name = `${winback.name}__Sendable`
const ids = { include: remoteIdOf('cohort.winback'), exclude: [remoteIdOf('cohort.vip')] }

const tell = ({ address, attribute, grade, detail }: Drift): string =>
  `${grade} ${address} ${attribute}: ${detail}`
const look = (shown = observed, input = {}): Plan => plan({ recorded, audiences, observed: shown, ...input })

describe('observed against recorded', () => {
  test('what is as it was recorded has not drifted', () => {
    expect(look().drift).toEqual([])
  })

  test.each([
    [
      'a cohort that is listed no more',
      withSegments(observed, segments =>
        segments.filter(({ remoteId }) => remoteId !== remoteIdOf('cohort.vip')),
      ),
      ['checked cohort.vip listed: MoEngage no longer shows it: archived, or gone.'],
    ],
    [
      'a cohort with another name',
      withSegments(observed, segments =>
        segments.map(each => (each.name === vip.name ? { ...each, name: 'Renamed' } : each)),
      ),
      ['checked cohort.vip name: "name" was changed in MoEngage.'],
    ],
    [
      'a cohort with a partner’s prefix, which is no other name',
      withSegments(observed, segments =>
        segments.map(each => (each.name === vip.name ? { ...each, name: `[muster]${vip.name}` } : each)),
      ),
      [],
    ],
    [
      'a sendable segment without its suppression',
      withSendable(observed, 'sendable.winback', { kind: 'sendable', name, ...ids, exclude: [] }),
      ['checked sendable.winback exclude: "exclude" was changed in MoEngage.'],
    ],
    [
      'a sendable segment with filters of somebody else',
      withSendable(observed, 'sendable.winback', { kind: 'foreign', name }),
      [
        'checked sendable.winback include: "include" was changed in MoEngage.',
        'checked sendable.winback exclude: "exclude" was changed in MoEngage.',
      ],
    ],
    [
      'a sendable segment that is gone',
      withSendable(observed, 'sendable.winback', undefined),
      ['checked sendable.winback listed: MoEngage no longer shows it: archived, or gone.'],
    ],
    [
      'a source segment with another name',
      withSource(observed, { ...segment, name: 'VIPs' }),
      ['checked binding.vip source_name: "source_name" was changed in Customer.io.'],
    ],
    [
      'a source segment of another type',
      withSource(observed, { ...segment, type: 'manual' }),
      ['checked binding.vip source_type: Segment 11 is manual now, and was dynamic.'],
    ],
    [
      'a source segment that was edited',
      withSource(observed, { ...segment, updatedAt: '2026-11-22T08:00:00.000Z' }),
      [
        'estimated binding.vip source_edited: Segment 11 "VIP customers" may have been edited in Customer.io since it was last applied.',
      ],
    ],
  ])('%s', (_story, shown, findings) => {
    expect(look(shown).drift.map(tell)).toEqual(findings)
  })

  test('a segment that does not say when it was edited is no hint', () => {
    const { updatedAt: _updatedAt, ...silent } = segment
    expect(look(withSource(observed, silent)).drift).toEqual([])
  })

  test('nothing that was not read has drifted', () => {
    const failed = { kind: 'failed', code: 'provider/unavailable' } as const
    const blind = { sourceSegments: failed, segments: failed, sendables: new Map() }
    expect(look(blind).drift).toEqual([])
  })

  test('a binding that was applied blind has no hints to compare with', () => {
    const blind = withObject(recorded, 'binding.vip', { hints: {} })
    expect(look(observed, { recorded: blind }).drift).toEqual([])
  })

  test('a manual segment that somebody deleted', () => {
    const manual = applied([qaTeam], { workspace: testedWorkspace })
    const made = plan({
      recorded: manual,
      audiences: [qaTeam],
      workspace: testedWorkspace,
      observed: { ...faithful(manual), sourceSegments: { kind: 'read', value: new Map() } },
    })
    expect(made.drift.map(tell)).toEqual([
      'checked source.qa-team listed: Customer.io no longer lists it: deleted.',
    ])
    const change = changeAt(made, 'source.qa-team')
    expect(change.reason).toBe('somebody deleted it: it is made and filled anew')
    expect(callsOf(change)).toEqual(['create source segment', 'fill source segment (3)'])
  })

  test('drift of audiences that the plan does not cover is left out, what they left behind included', () => {
    const shown = withSegments(observed, () => [])
    expect(look(shown, { only: new Set(['vip']) }).drift.map(({ address }) => address)).toEqual([
      'cohort.vip',
    ])
  })
})

describe('what drift makes of a plan', () => {
  test('a sendable segment is set back, and whose doing it was is told', () => {
    const made = look(
      withSendable(observed, 'sendable.winback', { kind: 'sendable', name, ...ids, exclude: [] }),
    )
    const change = changeAt(made, 'sendable.winback')
    expect(change.reason).toBe('was changed at the vendor; its file still says otherwise')
    expect(stepsOf(change)).toEqual(['exclude: [] → [cohort.vip] (read, drift) recorded [cohort.vip]'])
    expect(callsOf(change)).toEqual(['update sendable segment'])
  })

  test('one that somebody renamed gets its name back: that is no rename of ours', () => {
    const made = look(withSendable(observed, 'sendable.winback', { kind: 'sendable', name: 'Mine', ...ids }))
    expect(summarizePending(made)).toEqual(['update sendable.winback'])
  })

  test('what the file changed and somebody changed too says both', () => {
    const recent = { ...vip, id: 'recent', name: 'SUP__Recent__7d' }
    const before = applied([vip, winback, recent])
    const shown = withSendable(faithful(before, audiences), 'sendable.winback', {
      kind: 'sendable',
      name,
      ...ids,
      exclude: ['somebody'],
    })
    const made = plan({
      recorded: before,
      audiences: [vip, recent, { ...winback, suppressedBy: ['recent'] }],
      observed: shown,
    })
    const change = changeAt(made, 'sendable.winback')
    expect(change.reason).toBe('differs from its file, and was changed at the vendor')
    expect(stepsOf(change)).toEqual([
      'exclude: [segment somebody] → [cohort.recent] (read, both) recorded [cohort.vip]',
    ])
  })

  test('a file that follows what somebody did changes our record, and calls for nothing new', () => {
    const shown = withSource(observed, { ...segment, name: 'VIPs' })
    const made = look(shown, {
      audiences: [{ ...vip, source: { kind: 'segment', segmentId: 11, name: 'VIPs' } }, winback],
    })
    expect(codesOf(made)).toEqual([])
    expect(stepsOf(changeAt(made, 'binding.vip'))).toEqual([
      'source_name: VIP customers → VIPs (recorded, both)',
    ])
  })

  test.each([
    [
      'a cohort’s name',
      withSegments(observed, segments =>
        segments.map(each => (each.name === vip.name ? { ...each, name: 'Renamed' } : each)),
      ),
    ],
    ['the name of a segment that is only read', withSource(observed, { ...segment, name: 'VIPs' })],
  ])('%s cannot be set back by muster: it is no change', (_story, shown) => {
    expect(summarizePending(look(shown))).toEqual([])
  })

  test('a manual segment that was renamed in Customer.io is refused until its file follows', () => {
    const manual = applied([qaTeam], { workspace: testedWorkspace })
    const shown = withSource(faithful(manual), {
      segmentId: Number(remoteIdOf('source.qa-team')),
      name: 'Testers',
      type: 'manual',
      isFinished: true,
    })
    const replan = (declared: typeof qaTeam) =>
      plan({ recorded: manual, workspace: testedWorkspace, audiences: [declared], observed: shown })
    expect(codesOf(replan(qaTeam))).toEqual(['guard/source-rename'])
    const followed = replan({ ...qaTeam, source: { kind: 'manual', name: 'Testers', members: 'testers' } })
    expect(codesOf(followed)).toEqual([])
    expect(summarizePending(followed)).toEqual(['update source.qa-team', 'update binding.qa-team'])
  })
})
