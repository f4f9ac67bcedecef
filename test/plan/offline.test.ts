import { describe, expect, test } from 'vitest'
import type { Audience } from '../../src/model/audience.ts'
import { EMPTY_STATE } from '../../src/model/recorded.ts'
import { NOT_OBSERVED } from '../../src/plan/observed.ts'
import { assumeApplied } from '../../src/plan/offline.ts'
import { aWorkspace } from '../support/audience.ts'
import {
  callsOf,
  changeAt,
  codesOf,
  NOW,
  plan,
  qaTeam,
  stepsOf,
  summarize,
  summarizePending,
  testedWorkspace,
  vip,
  warningsOf,
  winback,
} from '../support/planning.ts'

describe('without a base', () => {
  const made = plan({
    audiences: [winback, vip, { ...qaTeam, isSuspended: true }],
    workspace: testedWorkspace,
    observed: NOT_OBSERVED,
    offline: 'nothing',
  })

  test('everything declared is told, in the order of apply, and nothing of it is known', () => {
    expect(summarize(made)).toEqual([
      'none source.qa-team',
      'none cohort.qa-team',
      'none cohort.vip',
      'none cohort.winback',
      'none binding.qa-team',
      'none binding.vip',
      'none binding.winback',
      'none sendable.winback',
    ])
    expect(made.changes.every(({ belief }) => belief === 'unknown')).toBe(true)
    expect(made.beliefs).toMatchObject({ read: 0, recorded: 0 })
    expect(made.beliefs.unknown).toBeGreaterThan(0)
  })

  test('it says what nobody tried, refuses nothing for it, and counts nobody', () => {
    expect(made).toMatchObject({
      isOffline: true,
      storeHead: 0,
      reads: {
        customerioSegments: { kind: 'not-tried' },
        moengageSegments: { kind: 'not-tried' },
        moengageSendables: { kind: 'not-tried' },
      },
      refusals: [],
      warnings: [],
      effects: [],
    })
    expect(made.storeId).toBeUndefined()
  })

  test('what is suspended is said', () => {
    expect(changeAt(made, 'cohort.qa-team').reason).toBe('suspended: left as it is')
  })
})

describe('with a base', () => {
  const compare = (base: readonly Audience[], now: readonly Audience[], workspace = aWorkspace) =>
    plan({
      audiences: now,
      workspace,
      recorded: assumeApplied(workspace, base, NOW),
      observed: NOT_OBSERVED,
      offline: 'base',
    })

  test('what did not change is none, and not verified', () => {
    const made = compare([vip, winback], [vip, winback])
    expect(summarizePending(made)).toEqual([])
    expect(made.beliefs).toMatchObject({ read: 0, recorded: 0 })
    expect(made.beliefs.oldestUnknownAt).toBeUndefined()
  })

  test.each([
    [
      'a new audience',
      [vip],
      [vip, winback],
      ['create cohort.winback', 'create binding.winback', 'create sendable.winback'],
    ],
    ['a changed one', [vip], [{ ...vip, useCase: 'loyalty' }], ['update binding.vip']],
    [
      'a deleted one',
      [vip, winback],
      [vip],
      ['retire sendable.winback', 'retire cohort.winback', 'retire binding.winback'],
    ],
    [
      'a renamed one',
      [vip],
      [{ ...vip, name: 'ORC__Best__365d' }],
      ['rename cohort.vip', 'update binding.vip', 'retire cohort.vip@g1'],
    ],
    [
      'a moved one',
      [vip],
      [{ ...vip, id: 'gold', movedFrom: 'vip' }],
      ['rename cohort.gold', 'rename binding.gold'],
    ],
    ['one that goes on', [{ ...vip, isSuspended: true }], [vip], ['create cohort.vip', 'create binding.vip']],
  ] satisfies [string, Audience[], Audience[], string[]][])('%s', (_story, base, now, changes) => {
    const made = compare(base, now)
    expect(summarizePending(made)).toEqual(changes)
    expect(made.changes.every(({ belief }) => belief === 'unknown')).toBe(true)
    expect(
      made.changes.flatMap(({ attributes }) => attributes).every(({ belief }) => belief === 'unknown'),
    ).toBe(true)
    expect(
      made.changes.flatMap(({ attributes }) => attributes).some(({ recordedAt }) => recordedAt !== undefined),
    ).toBe(false)
  })

  test('a rename names the generation that would follow the first', () => {
    expect(stepsOf(changeAt(compare([vip], [{ ...vip, name: 'ORC__Best__365d' }]), 'cohort.vip'))[1]).toBe(
      'cohort_id: acme-vip-g1 → acme-vip-g2 (unknown, file)',
    )
  })

  test.each([
    [
      'a protected audience that is deleted',
      [{ ...vip, isProtected: true }, winback],
      [winback],
      ['guard/protected'],
    ],
    [
      'another identifier',
      [vip],
      [{ ...vip, identifier: { key: { kind: 'email' }, minCoverage: 1 } }],
      ['guard/identifier-change'],
    ],
  ] satisfies [string, Audience[], Audience[], string[]][])(
    '%s is refused all the same',
    (_story, base, now, codes) => {
      expect(codesOf(compare(base, now))).toEqual(codes)
    },
  )

  test('what would need a look is not refused, nor warned of: nobody was asked', () => {
    const made = compare([], [{ ...vip, adopt: {} }, winback])
    expect([codesOf(made), warningsOf(made)]).toEqual([[], []])
  })

  test('calls are those that follow from the files alone', () => {
    expect(callsOf(changeAt(compare([], [vip]), 'cohort.vip'))).toEqual(['create cohort'])
  })
})

test('an empty state is what an offline plan without a base stands on', () => {
  expect(plan({ recorded: EMPTY_STATE, observed: NOT_OBSERVED, offline: 'nothing' }).changes).toEqual([])
})
