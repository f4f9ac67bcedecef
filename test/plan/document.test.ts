import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/model/plan.ts'
import { EMPTY_STATE, type RecordedState } from '../../src/model/recorded.ts'
import { isIntact, writePlan } from '../../src/plan/document.ts'
import { NOT_OBSERVED, type Observed } from '../../src/plan/observed.ts'
import { assumeApplied } from '../../src/plan/offline.ts'
import type { PlanInput } from '../../src/plan/plan-changes.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'
import { digestAgain, planSchema } from '../support/plan-document.ts'
import {
  APPLIED,
  applied,
  buried,
  faithful,
  NOW,
  plan,
  qaTeam,
  stranger,
  testedWorkspace,
  vip,
  winback,
  withHints,
  withObject,
  withoutRemoteId,
  withSegments,
  withSendable,
  withSource,
} from '../support/planning.ts'

const all = [vip, winback, qaTeam]
const workspace = testedWorkspace
const recorded = applied(all, { workspace, members: { vip: 10 } })
const observed = faithful(recorded, all)
const base = { workspace, recorded, observed, audiences: all }
const failed = { kind: 'failed', code: 'provider/unavailable' } as const
const allow = [
  { guard: 'identifier-change', audience: 'vip', by: 'Jo Doe', because: 'Ids moved.', until: '2026-12-01' },
]
const long = 'x'.repeat(1_999)

const STORIES: Readonly<Record<string, Partial<PlanInput>>> = {
  'nothing at all': {},
  'everything new': { workspace, audiences: all },
  'nothing to do': base,
  'a renamed audience': { ...base, audiences: [{ ...vip, name: 'ORC__Best__365d' }, winback, qaTeam] },
  'a moved one': { ...base, audiences: [{ ...vip, id: 'gold', movedFrom: 'vip' }, winback, qaTeam] },
  'all retired': { ...base, audiences: [] },
  'all forgotten': {
    ...base,
    audiences: [],
    workspace: { ...workspace, forget: ['vip', 'winback', 'qa-team'] },
  },
  'all suspended': { ...base, audiences: all.map(each => ({ ...each, isSuspended: true })) },
  adopted: {
    audiences: [{ ...vip, adopt: {} }],
    observed: withSegments(faithful(EMPTY_STATE, [vip]), () => [stranger(vip.name)]),
  },
  'nothing read': { ...base, observed: NOT_OBSERVED },
  'all reads failed': {
    ...base,
    observed: { sourceSegments: failed, segments: failed, sendables: new Map() },
  },
  'foreign filters': {
    ...base,
    observed: withSendable(observed, 'sendable.winback', { kind: 'foreign', name: 'Mine' }),
  },
  'everything pending': {
    ...base,
    recorded: withoutRemoteId(withoutRemoteId(recorded, 'cohort.vip'), 'sendable.winback'),
  },
  'hints that changed': {
    ...base,
    recorded: withHints(
      recorded,
      withSource(observed, {
        segmentId: 11,
        name: 'V',
        type: 'dynamic',
        isFinished: true,
        updatedAt: APPLIED,
      }),
    ),
    observed: withSource(observed, {
      segmentId: 11,
      name: 'V',
      type: 'manual',
      isFinished: false,
      updatedAt: NOW,
    }),
  },
  'an override': {
    ...base,
    audiences: [{ ...vip, identifier: { key: { kind: 'email' }, minCoverage: 1 } }, winback, qaTeam],
    workspace: { ...workspace, allow },
  },
  'a name that was used': {
    audiences: [vip],
    recorded: { ...EMPTY_STATE, tombstones: new Map([[vip.name, buried(vip.name)]]) },
  },
  'offline, without a base': { audiences: all, workspace, offline: 'nothing', observed: NOT_OBSERVED },
  'offline, with a base': {
    audiences: [{ ...vip, name: 'ORC__Best__365d' }, winback],
    workspace,
    recorded: assumeApplied(workspace, all, NOW),
    observed: NOT_OBSERVED,
    offline: 'base',
  },
  'the longest texts': {
    audiences: [anAudience({ description: long, changeProcess: long })],
    workspace: { ...aWorkspace, partner: long },
  },
  'names that vendors should not have': {
    audiences: [vip],
    observed: withSource(
      withSegments(faithful(EMPTY_STATE, [vip]), () => [
        { remoteId: 'odd', name: `half \ud800 ${'y'.repeat(50_000)}` },
      ]),
      { segmentId: 11, name: `half \udc00 ${'z'.repeat(50_000)}`, type: 'dynamic', isFinished: true },
    ),
  },
}

describe('the document of every plan', () => {
  test.each(Object.entries(STORIES))('%s: fits the schema, and is what its digests say', (_story, input) => {
    const document = writePlan(plan(input))
    expect(planSchema.check(document)).toEqual([])
    expect(isIntact(document)).toBe(true)
    // Once more by hand: what the digest covers is written down twice on purpose.
    expect(digestAgain(document)).toEqual(document)
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
  })

  test('names no tester', () => {
    const text = JSON.stringify(Object.values(STORIES).map(input => writePlan(plan(input))))
    for (const tester of workspace.qa.testers) expect(text).not.toContain(tester)
  })
})

describe('the digest', () => {
  const digest = plan(base).digest

  test.each([
    ['a later moment', { now: '2026-11-25T00:00:00.000Z' }],
    ['more members', { recorded: { ...recorded, members: new Map([['vip', 99_999]]) } }],
    [
      'more segments of other people',
      { observed: withSegments(observed, list => [...list, stranger('Else')]) },
    ],
    ['another sync', { recorded: { ...recorded, synced: new Map([['vip', NOW]]) } }],
  ] satisfies [string, Partial<PlanInput>][])('is the same after %s', (_story, change) => {
    expect(plan({ ...base, ...change }).digest).toBe(digest)
  })

  test.each([
    ['other specs', { specs: { changed: true } }],
    ['another version', { musterVersion: '0.2.0' }],
    ['another scope', { only: new Set(['vip', 'winback', 'qa-team']) }],
    ['another store', { recorded: { ...recorded, storeId: 'store-2' } }],
    ['another account', { target: { ...plan(base).target, moengageWorkspace: 'OTHER' } }],
    ['a change more', { audiences: [...all, anAudience({ id: 'more', name: 'ACT__More__1d' })] }],
    ['a change less', { audiences: all.slice(1) }],
    ['another value', { audiences: [{ ...vip, useCase: 'other' }, winback, qaTeam] }],
    ['a belief that fell', { observed: { ...observed, segments: failed } }],
    ['drift', { observed: withSegments(observed, () => []) }],
  ] satisfies [string, Partial<PlanInput>][])('is another with %s', (_story, change) => {
    expect(plan({ ...base, ...change }).digest).not.toBe(digest)
  })

  test('changes with any change to what is done', () => {
    const { changes } = plan({ ...base, audiences: [{ ...vip, name: 'ORC__Best__365d' }, winback] })
    const made: Plan = { ...plan(base), changes }
    const digests = new Set([
      digestAgain(writePlan(made)).digest,
      ...changes.map(
        (_, index) => digestAgain(writePlan({ ...made, changes: changes.toSpliced(index, 1) })).digest,
      ),
      digestAgain(writePlan({ ...made, changes: changes.toReversed() })).digest,
    ])
    expect(digests.size).toBe(changes.length + 2)
  })
})

describe('the same bytes whatever the order', () => {
  const audiences = Array.from({ length: 6 }, (_, index) =>
    anAudience({
      id: `a${index}`,
      name: `ACT__A${index}__1d`,
      source: { kind: 'segment', segmentId: 40 + index, name: `S${index}` },
      suppressedBy: index > 0 ? ['a0', ...(index > 1 ? ['a1'] : [])] : [],
    }),
  )
  const renamed = audiences.map((each, index) =>
    index % 2 === 0 ? { ...each, name: `${each.name}x` } : each,
  )
  const before = applied([...audiences, vip])
  const shown = faithful(before, [...audiences, vip])
  const drifted = withSegments(shown, list => list.slice(2))

  const shuffle = <T>(values: readonly T[]) =>
    fc.shuffledSubarray([...values], { minLength: values.length, maxLength: values.length })

  const shuffledState = shuffle([...before.objects]).map(
    (objects): RecordedState => ({ ...before, objects: new Map(objects) }),
  )
  const shuffledView = fc
    .tuple(
      shuffle(drifted.segments.kind === 'read' ? drifted.segments.value : []),
      shuffle(shown.sourceSegments.kind === 'read' ? [...shown.sourceSegments.value] : []),
      shuffle([...shown.sendables]),
    )
    .map(
      ([segments, sources, sendables]): Observed => ({
        segments: { kind: 'read', value: segments },
        sourceSegments: { kind: 'read', value: new Map(sources) },
        sendables: new Map(sendables),
      }),
    )

  test('of files, of records and of what the vendors list', () => {
    const first = JSON.stringify(writePlan(plan({ audiences: renamed, recorded: before, observed: drifted })))
    fc.assert(
      fc.property(shuffle(renamed), shuffledState, shuffledView, (files, state, view) => {
        const again = plan({ audiences: files, recorded: state, observed: view })
        expect(JSON.stringify(writePlan(again))).toBe(first)
      }),
      { numRuns: 60 },
    )
  })
})

test('a lost record does not go unseen', () => {
  expect(plan({ ...base, recorded: withObject(recorded, 'cohort.vip', 'gone') }).digest).not.toBe(
    plan(base).digest,
  )
})
