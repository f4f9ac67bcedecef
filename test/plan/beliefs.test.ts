import { describe, expect, test } from 'vitest'
import { readingOf } from '../../src/model/reading.ts'
import type { Observed } from '../../src/plan/observed.ts'
import {
  applied,
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
  warningsOf,
  winback,
  withObject,
  withoutRemoteId,
} from '../support/planning.ts'

const FAILED = { kind: 'failed', code: 'provider/unavailable' } as const
const audiences = [vip, winback, qaTeam]
const recorded = applied(audiences, { workspace: testedWorkspace })
const observed = faithful(recorded, audiences)
const look = (change: Partial<Observed>, input = {}) =>
  plan({ recorded, workspace: testedWorkspace, audiences, observed: { ...observed, ...change }, ...input })

/** Objects with a value that could have been read and was not. */
const unknownAt = (made: ReturnType<typeof look>): readonly string[] =>
  made.changes.filter(({ belief }) => belief === 'unknown').map(({ address }) => address)

describe('what could not be read is unknown, and its class with it', () => {
  test.each([
    ['everything was read', {}, [], 0],
    ['MoEngage’s list failed', { segments: FAILED }, ['cohort.qa-team', 'cohort.vip', 'cohort.winback'], 3],
    [
      'Customer.io’s list failed',
      { sourceSegments: FAILED },
      ['source.qa-team', 'binding.vip', 'binding.winback'],
      5,
    ],
    [
      'one sendable segment could not be read',
      { sendables: new Map([[remoteIdOf('sendable.winback'), FAILED]]) },
      ['sendable.winback'],
      3,
    ],
    [
      'nobody tried anything',
      {
        sourceSegments: { kind: 'not-tried' as const },
        segments: { kind: 'not-tried' as const },
        sendables: new Map(),
      },
      [
        'source.qa-team',
        'cohort.qa-team',
        'cohort.vip',
        'cohort.winback',
        'binding.vip',
        'binding.winback',
        'sendable.winback',
      ],
      11,
    ],
  ] satisfies [string, Partial<Observed>, string[], number][])('%s', (_story, change, addresses, unknown) => {
    const made = look(change)
    expect(summarizePending(made)).toEqual([])
    expect(unknownAt(made)).toEqual(addresses)
    expect(made.beliefs.unknown).toBe(unknown)
  })

  test('the reads say what became of each class, and a warning says what it means', () => {
    const made = look({ segments: FAILED, sendables: new Map([[remoteIdOf('sendable.winback'), FAILED]]) })
    expect(made.reads).toEqual({
      customerioSegments: { kind: 'read', count: 3 },
      moengageSegments: { kind: 'failed', code: 'provider/unavailable' },
      moengageSendables: { kind: 'failed', code: 'provider/unavailable' },
    })
    expect(warningsOf(made)).toEqual(['refresh/unread', 'refresh/unread'])
  })

  test('a list that was read and is empty is no failed one', () => {
    const made = look({ segments: readingOf([]) })
    expect(made.beliefs.unknown).toBe(0)
    expect(made.drift.map(({ address }) => address)).toEqual([
      'cohort.qa-team',
      'cohort.vip',
      'cohort.winback',
    ])
  })

  test('what goes away is no more certain than what stays', () => {
    const made = plan({
      recorded,
      audiences: [vip],
      observed: { ...observed, segments: FAILED, sourceSegments: FAILED },
    })
    expect(stepsOf(changeAt(made, 'cohort.winback'))[0]).toBe('name: ACT__Winback__60d → ∅ (unknown, file)')
    expect(unknownAt(made)).toContain('cohort.winback')
    expect(unknownAt(made)).toContain('source.qa-team')
  })
})

describe('nothing is made where nobody could look', () => {
  const onlyVip = applied([vip])
  test.each([
    ['a new cohort', [vip, { ...winback, suppressedBy: [] }], ['guard/unverified']],
    ['a new cohort with its sendable segment', [vip, winback], ['guard/unverified', 'guard/unverified']],
    ['a cohort to be taken over', [vip, { ...winback, adopt: {}, suppressedBy: [] }], ['guard/unverified']],
    ['a renamed cohort', [{ ...vip, name: 'ORC__Best__365d' }], ['guard/unverified']],
    ['a changed binding', [{ ...vip, useCase: 'loyalty' }], []],
    ['a moved record', [{ ...vip, id: 'gold', movedFrom: 'vip' }], []],
  ])('%s', (_story, declared, codes) => {
    const shown = faithful(onlyVip, [vip, winback])
    const made = plan({ recorded: onlyVip, audiences: declared, observed: { ...shown, segments: FAILED } })
    expect(codesOf(made)).toEqual(codes)
  })

  test('a manual segment is made only when Customer.io’s list was read', () => {
    const made = plan({
      audiences: [qaTeam],
      workspace: testedWorkspace,
      observed: { ...faithful(applied([])), sourceSegments: FAILED },
    })
    expect(made.refusals.map(({ code, detail }) => `${code} ${detail}`)).toEqual([
      "guard/unverified source.qa-team: Customer.io's list of segments could not be read (provider/unavailable), so the name may be taken.",
    ])
  })

  test('a sendable segment that is to be taken over must have been read itself', () => {
    const name = `${winback.name}__Sendable`
    const shown = faithful(onlyVip, [vip, winback])
    const made = plan({
      recorded: onlyVip,
      audiences: [vip, { ...winback, adopt: {} }],
      observed: {
        ...shown,
        segments: readingOf([
          { remoteId: remoteIdOf('cohort.vip'), name: vip.name },
          { remoteId: 'theirs', name },
        ]),
        sendables: new Map([['theirs', FAILED]]),
      },
    })
    expect(codesOf(made)).toEqual(['guard/unverified'])
  })
})

describe('counts and ages', () => {
  test('what lives in our record alone has its age; what was read has none', () => {
    const made = look({})
    expect(made.beliefs).toMatchObject({ unknown: 0, oldestRecordedAt: '2026-11-20T10:00:00.000Z' })
    expect(made.beliefs.oldestUnknownAt).toBeUndefined()
    expect(made.beliefs.read).toBeGreaterThan(0)
  })

  test('the oldest of the unknown values is told, and not that of the others', () => {
    const older = withObject(
      withObject(recorded, 'cohort.winback', { recordedAt: '2026-09-01T00:00:00.000Z' }),
      'binding.vip',
      { recordedAt: '2026-01-01T00:00:00.000Z' },
    )
    expect(look({ segments: FAILED }, { recorded: older }).beliefs).toMatchObject({
      oldestRecordedAt: '2026-01-01T00:00:00.000Z',
      oldestUnknownAt: '2026-09-01T00:00:00.000Z',
    })
  })

  test('every value of every object is counted once', () => {
    const { read, recorded: kept, unknown } = look({ segments: FAILED }).beliefs
    const attributes = [...recorded.objects.values()].flatMap(object => Object.keys(object.attributes))
    expect(read + kept + unknown).toBe(attributes.length)
  })

  test('a pending object whose list failed is unknown, and not done', () => {
    const open = withoutRemoteId(recorded, 'cohort.vip')
    const change = changeAt(look({ segments: FAILED }, { recorded: open }), 'cohort.vip')
    expect(change.belief).toBe('unknown')
    expect(stepsOf(change)).toEqual(['listed: unknown → yes (unknown, file)'])
  })
})
