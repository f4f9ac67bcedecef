import { describe, expect, test } from 'vitest'
import type { RecordedObject, RecordedState } from '../../src/model/recorded.ts'
import { writePlan } from '../../src/plan/document.ts'
import { comparePlans } from '../../src/plan/stale.ts'
import {
  applied,
  callsOf,
  changeAt,
  codesOf,
  faithful,
  plan,
  qaTeam,
  testedWorkspace,
  vip,
  warningsOf,
  withObject,
  withoutRemoteId,
  withSource,
} from '../support/planning.ts'

const ADDRESS = 'source.qa-team'
const MANUAL = { name: 'QA team', type: 'manual', isFinished: true } as const
const otherTesters = { ...testedWorkspace, qa: { testers: ['usr_1'], isRequired: false } }

/** Everyone was filled in by muster. */
const recorded = applied([qaTeam], {
  workspace: testedWorkspace,
  members: { 'qa-team': 3, [ADDRESS]: 1_200 },
})
const withRecord = (change: Partial<RecordedObject>): RecordedState => withObject(recorded, ADDRESS, change)
const withoutPeople = (): RecordedState => {
  const {
    people: _people,
    people_digest: _digest,
    ...attributes
  } = recorded.objects.get(ADDRESS)?.attributes ?? {}
  return withRecord({ attributes, status: 'pending' })
}

describe('people leave a manual segment only where the plan says so, at most as many as muster sent', () => {
  test.each([
    ['the same testers', recorded, testedWorkspace, 'nothing'],
    [
      'other testers',
      recorded,
      otherTesters,
      'fill source segment (1); remove from source segment ×2 (1200)',
    ],
    [
      'a first fill that was cut off',
      withRecord({ status: 'pending' }),
      testedWorkspace,
      'fill source segment (3)',
    ],
    [
      'a change that was cut off, and taken back',
      withoutPeople(),
      testedWorkspace,
      'fill source segment (3); remove from source segment ×2 (1200)',
    ],
    [
      'other testers where muster sent nobody',
      { ...recorded, members: new Map([['qa-team', 3]]) },
      otherTesters,
      'fill source segment (1)',
    ],
  ])('%s', (_story, state, workspace, calls) => {
    const made = plan({ recorded: state, workspace, audiences: [qaTeam], observed: faithful(state) })
    expect(callsOf(changeAt(made, ADDRESS)).join('; ') || 'nothing').toBe(calls)
  })

  test('one that was moved to another id counts those of its former address', () => {
    const moved = { ...qaTeam, id: 'staff', movedFrom: 'qa-team' }
    const made = plan({ recorded, workspace: otherTesters, audiences: [moved], observed: faithful(recorded) })
    expect(callsOf(changeAt(made, 'source.staff'))).toContain('remove from source segment ×2 (1200)')
  })

  test('they are no members of an audience', () => {
    const made = plan({
      recorded,
      workspace: otherTesters,
      audiences: [qaTeam],
      observed: faithful(recorded),
    })
    expect(made.effects.map(({ recordedMembers }) => recordedMembers)).toEqual([3])
  })
})

describe('a manual segment that is gone', () => {
  const gone = { ...faithful(recorded), sourceSegments: { kind: 'read', value: new Map() } } as const
  const planWith = (observed: ReturnType<typeof faithful>, state = recorded) =>
    plan({ recorded: state, workspace: testedWorkspace, audiences: [qaTeam], observed })

  test.each([
    ['is made anew', gone, []],
    [
      'is refused where another one has its name',
      withSource(gone, { ...MANUAL, segmentId: 77 }),
      ['guard/takeover'],
    ],
    [
      'is made anew beside a data-driven one',
      withSource(gone, { ...MANUAL, segmentId: 77, type: 'dynamic' }),
      [],
    ],
  ])('%s', (_story, observed, codes) => {
    expect(codesOf(planWith(observed))).toEqual(codes)
    expect(codesOf(planWith(observed, withRecord({ status: 'pending' })))).toEqual(codes)
  })

  test('is not gone where the list was not read', () => {
    const failed = { kind: 'failed', code: 'provider/unavailable' } as const
    expect(codesOf(planWith({ ...gone, sourceSegments: failed }))).toEqual([])
  })

  test('of which no id is known yet, may be the one of its name', () => {
    const unanswered = withoutRemoteId(withRecord({ status: 'pending' }), ADDRESS)
    const shown = withSource(gone, { ...MANUAL, segmentId: 77 })
    expect(codesOf(planWith(shown, unanswered))).toEqual([])
  })
})

test('taking one over warns that others may be in it', () => {
  const observed = withSource(faithful({ ...recorded, objects: new Map() }), { ...MANUAL, segmentId: 77 })
  const made = plan({ workspace: testedWorkspace, audiences: [{ ...qaTeam, adopt: {} }], observed })
  expect(warningsOf(made)).toContain('adopt/people-stay')
})

test('a plan that leaves a segment alone does not vouch for its end', () => {
  const planRetirement = (state: RecordedState) =>
    writePlan(plan({ recorded: state, audiences: [vip], observed: faithful(state, [vip]) }))
  const kept = planRetirement(withRecord({ origin: 'adopted' }))
  const deleted = planRetirement(recorded)
  expect(comparePlans(kept, deleted)).toEqual({
    kind: 'stale',
    differences: [`${ADDRESS}: it would be deleted in Customer.io, which was not in the plan`],
  })
  expect(comparePlans(deleted, kept)).toEqual({ kind: 'same' })
})
