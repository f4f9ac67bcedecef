import { describe, expect, test } from 'vitest'
import type { Audience } from '../../src/model/audience.ts'
import type { Plan } from '../../src/model/plan.ts'
import { EMPTY_STATE } from '../../src/model/recorded.ts'
import { NOT_OBSERVED } from '../../src/plan/observed.ts'
import type { PlanInput } from '../../src/plan/plan-changes.ts'
import { aWorkspace } from '../support/audience.ts'
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
  winback,
  withObject,
  withSegments,
  withSource,
} from '../support/planning.ts'

const refusedAddresses = ({ refusals }: Plan, code: string): readonly string[] =>
  refusals.filter(each => each.code === code).map(({ detail }) => detail.slice(0, detail.indexOf(':')))

describe('a binding whose segment nobody could look at', () => {
  const replan = (
    before: readonly Audience[],
    now: readonly Audience[],
    input: Partial<PlanInput> = {},
  ): Plan => {
    const recorded = applied(before, { workspace: testedWorkspace })
    const observed = {
      ...faithful(recorded, [...before, ...now]),
      sourceSegments: { kind: 'failed', code: 'provider/unavailable' } as const,
    }
    return plan({ workspace: testedWorkspace, recorded, audiences: now, observed, ...input })
  }
  const elsewhere: Audience = { ...vip, source: { kind: 'segment', segmentId: 12, name: 'Other people' } }

  test.each([
    ['is new', [], [vip], ['binding.vip']],
    ['reads another segment', [vip], [elsewhere], ['binding.vip']],
    [
      'reads one of another name',
      [vip],
      [{ ...vip, source: { kind: 'segment', segmentId: 11, name: 'VIPs' } }],
      ['binding.vip'],
    ],
    ['reads a manual one from now on', [vip], [{ ...vip, source: qaTeam.source }], ['source.vip']],
    [
      'moves to another id and another segment',
      [vip],
      [{ ...elsewhere, id: 'gold', movedFrom: 'vip' }],
      ['binding.gold'],
    ],
    ['moves to another id', [vip], [{ ...vip, id: 'gold', movedFrom: 'vip' }], []],
    ['changes otherwise', [vip], [{ ...vip, useCase: 'care' }], []],
    ['is as it was', [vip], [vip], []],
    ['goes', [vip, winback], [{ ...winback, suppressedBy: [] }], []],
    ['is suspended', [vip], [{ ...elsewhere, isSuspended: true }], []],
  ] satisfies [string, Audience[], Audience[], string[]][])('%s', (_story, before, now, refused) => {
    expect([...refusedAddresses(replan(before, now), 'guard/unverified')].sort()).toEqual([...refused].sort())
  })

  test('is refused with the reason, and can be planned offline', () => {
    expect(replan([], [vip]).refusals).toEqual([
      {
        code: 'guard/unverified',
        severity: 'error',
        summary: 'A list could not be read, so nothing new is made',
        detail:
          "binding.vip: Customer.io's list of segments could not be read (provider/unavailable), so its segment may be gone, or mean other people.",
        hint: 'plan again once the list can be read',
      },
    ])
    expect(codesOf(replan([vip], [elsewhere], { observed: NOT_OBSERVED, offline: 'base' }))).toEqual([])
  })
})

describe('another partner', () => {
  const renamed = { ...aWorkspace, partner: 'acme-tool' }
  const of = (recorded: PlanInput['recorded'], now: readonly Audience[], input: Partial<PlanInput> = {}) =>
    plan({
      workspace: renamed,
      recorded,
      audiences: now,
      observed: faithful(recorded, [vip, winback]),
      ...input,
    })

  test('for what is recorded is refused once, with the way back', () => {
    expect(of(applied([vip, winback]), [vip, winback]).refusals).toEqual([
      {
        code: 'guard/partner-change',
        severity: 'error',
        summary: 'Recorded cohorts would be sent under another partner',
        detail:
          '"muster" would become "acme-tool" for 2 recorded cohorts. What MoEngage makes of that is not documented.',
        hint: 'set partner in workspace.yaml back to "muster"',
      },
    ])
  })

  const both = applied([vip, winback])
  test.each([
    ['where nothing is recorded', EMPTY_STATE, [vip], {}, []],
    ['where no cohort was born so far', withObject(applied([vip]), 'cohort.vip', 'gone'), [vip], {}, []],
    ['for a part of it', both, [vip, winback], { only: new Set(['vip']) }, ['guard/partner-change']],
    [
      'although its audience is suspended',
      applied([vip]),
      [{ ...vip, isSuspended: true }],
      {},
      ['guard/partner-change'],
    ],
    [
      'although it is retired: its members are removed under some partner',
      both,
      [vip],
      {},
      ['guard/partner-change'],
    ],
    [
      'under another id',
      applied([vip]),
      [{ ...vip, id: 'gold', movedFrom: 'vip' }],
      {},
      ['guard/partner-change'],
    ],
    ['for one that is let go', applied([vip]), [], { workspace: { ...renamed, forget: ['vip'] } }, []],
    [
      'that a person would let pass',
      applied([vip]),
      [vip],
      {
        workspace: {
          ...renamed,
          allow: [{ guard: 'partner-change', by: 'Jo Doe', because: 'New tool.', until: '2026-12-31' }],
        },
      },
      ['guard/partner-change'],
    ],
    [
      'between two sets of files',
      applied([vip]),
      [vip],
      { observed: NOT_OBSERVED, offline: 'base' },
      ['guard/partner-change'],
    ],
  ] satisfies [string, PlanInput['recorded'], Audience[], Partial<PlanInput>, string[]][])(
    '%s',
    (_story, recorded, now, input, codes) => {
      expect(codesOf(of(recorded, now, input))).toEqual(codes)
    },
  )
})

describe('a name that is taken, and a store that records nothing', () => {
  const LOST = 'if the store was lost: muster state rebuild'
  const taken = withSegments(faithful(EMPTY_STATE, [vip]), () => [stranger(vip.name)])
  const hintOf = (input: Partial<PlanInput>): string | undefined =>
    plan({ audiences: [vip], observed: taken, ...input }).refusals.find(
      ({ code }) => code === 'guard/takeover',
    )?.hint

  test('may be its own, from before the store was lost', () => {
    expect(hintOf({})).toBe(`choose another name, or take it over: adopt: true in its spec; ${LOST}`)
  })

  test('the same of a manual segment', () => {
    const observed = withSource(faithful(EMPTY_STATE, []), {
      segmentId: 77,
      name: 'QA team',
      type: 'manual',
      isFinished: true,
    })
    expect(hintOf({ workspace: testedWorkspace, audiences: [qaTeam], observed })).toContain(LOST)
  })

  test.each([
    ['an object', applied([winback])],
    ['a used name', { ...EMPTY_STATE, tombstones: new Map([['ORC__Old__1d', buried('ORC__Old__1d')]]) }],
  ])('is a stranger’s where %s is recorded', (_story, recorded) => {
    const hint = hintOf({ recorded, audiences: [vip] })
    expect(hint).toBe('choose another name, or take it over: adopt: true in its spec')
  })
})
