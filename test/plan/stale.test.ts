import { describe, expect, test } from 'vitest'
import type { Audience } from '../../src/model/audience.ts'
import type { WrittenPlan } from '../../src/model/generated/plan.ts'
import { digestOf } from '../../src/plan/digest.ts'
import { isIntact, writePlan } from '../../src/plan/document.ts'
import type { PlanInput } from '../../src/plan/plan-changes.ts'
import { comparePlans } from '../../src/plan/stale.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'
import { digestAgain, planSchema } from '../support/plan-document.ts'
import {
  applied,
  faithful,
  plan,
  qaTeam,
  remoteIdOf,
  testedWorkspace,
  vip,
  winback,
  withObject,
  withoutRemoteId,
  withSegments,
  withSendable,
} from '../support/planning.ts'

/** Pending: a new audience, a changed binding, a renamed cohort that another one is suppressed by, a retired one. */
const gone = anAudience({
  id: 'gone',
  name: 'ACT__Gone__1d',
  source: { kind: 'segment', segmentId: 21, name: 'Gone' },
})
const fresh = anAudience({
  id: 'fresh',
  name: 'ACT__Fresh__1d',
  source: { kind: 'segment', segmentId: 22, name: 'Fresh' },
})
const before = [vip, winback, gone]
const now = [{ ...vip, name: 'ORC__Best__365d' }, winback, fresh]
const recorded = applied(before, { members: { vip: 100 } })
const observed = faithful(recorded, [...before, ...now])
const input: Partial<PlanInput> = { recorded, audiences: now, observed }
const reviewed = writePlan(plan(input))

const replan = (change: Partial<PlanInput> = {}): WrittenPlan => writePlan(plan({ ...input, ...change }))

type Changes = WrittenPlan['changes']
const withChanges = (edit: (changes: Changes) => Changes): WrittenPlan => ({
  ...reviewed,
  changes: edit(reviewed.changes),
})
const editAt = (address: string, edit: (change: Changes[number]) => Changes[number]): WrittenPlan =>
  withChanges(changes => changes.map(change => (change.address === address ? edit(change) : change)))

/** Which of the three doors stays shut, and what it says. */
const present = (attacked: WrittenPlan, against: WrittenPlan = replan()): string => {
  if (planSchema.check(attacked).length > 0) return 'schema'
  if (!isIntact(attacked)) return 'seal'
  const comparison = comparePlans(attacked, against)
  return comparison.kind === 'stale' ? comparison.differences.join('; ') : comparison.kind
}

test('what was reviewed is what would be done', () => {
  expect(present(reviewed)).toBe('same')
})

describe('a document that was edited and not sealed again', () => {
  test.each([
    ['another reason', editAt('cohort.gone', change => ({ ...change, reason: 'harmless' })), 'seal'],
    ['a later expiry', { ...reviewed, expires_at: '2027-11-30T10:00:00.000Z' }, 'seal'],
    ['another cost', { ...reviewed, cost: { ...reviewed.cost, cohort_calls: 0 } }, 'seal'],
    ['a change less', withChanges(changes => changes.slice(1)), 'seal'],
    [
      'a new digest without a new seal',
      {
        ...editAt('cohort.gone', change => ({ ...change, reason: 'x' })),
        digest: digestAgain(editAt('cohort.gone', change => ({ ...change, reason: 'x' }))).digest,
      },
      'seal',
    ],
    ['another digest than its content', sealOnly({ ...reviewed, specs_digest: digestOf('other') }), 'seal'],
    ['a key of its own', { ...reviewed, note: 'hello' } as WrittenPlan, 'schema'],
    [
      'a person among its values',
      editAt('binding.vip', change => ({
        ...change,
        attributes: [{ attribute: 'uid', after: 'usr_1', belief: 'read', origin: 'file' } as never],
      })),
      'schema',
    ],
    [
      'a tester by name',
      editAt('binding.vip', change => ({
        ...change,
        attributes: [{ attribute: 'testers', after: 'usr_1', belief: 'read', origin: 'file' }],
      })),
      'schema',
    ],
    ['another version', { ...reviewed, format_version: 2 as never }, 'schema'],
    ['an address outside', editAt('binding.vip', change => ({ ...change, address: 'cohort.*' })), 'schema'],
  ] satisfies [string, WrittenPlan, string][])('%s: refused by the %3$s', (_story, attacked, door) => {
    expect(present(attacked)).toBe(door)
  })
})

/** Sealed with a digest that is not its own. */
function sealOnly(document: WrittenPlan): WrittenPlan {
  const { seal: _seal, ...sealed } = document
  return { ...sealed, seal: digestOf(sealed) }
}

describe('a document with digest and seal made anew', () => {
  test.each([
    [
      'a change less',
      withChanges(changes => changes.filter(({ address }) => address !== 'cohort.gone')),
      'cohort.gone: retire was not in the plan',
    ],
    [
      'a change more',
      withChanges(changes => [
        ...changes,
        {
          ...changes.find(({ address }) => address === 'cohort.gone'),
          address: 'cohort.winback',
          audience: 'winback',
        } as Changes[number],
      ]),
      'cohort.winback: retire was planned, and is not called for',
    ],
    [
      'an audience more',
      withChanges(changes => [
        ...changes,
        {
          ...changes.find(({ address }) => address === 'cohort.fresh'),
          address: 'cohort.evil',
          audience: 'evil',
        } as Changes[number],
      ]),
      'cohort.evil: create was planned, and is not called for',
    ],
    [
      'an update of what is as declared',
      editAt('binding.winback', change => ({ ...change, action: 'update' })),
      'binding.winback: update is not called for any more, and was not done by muster',
    ],
    [
      'a change twice',
      withChanges(changes => [...changes.slice(0, 1), ...changes]),
      'the changes stand in another order',
    ],
    [
      'changes in another order',
      withChanges(changes => changes.toReversed()),
      'the changes stand in another order',
    ],
    [
      'retire made forget',
      editAt('cohort.gone', change => ({ ...change, action: 'forget' })),
      'cohort.gone: forget became retire',
    ],
    [
      'another name',
      editAt('cohort.fresh', change => ({
        ...change,
        attributes: change.attributes.map(each =>
          each.attribute === 'name' ? { ...each, after: 'ACT__Other__1d' } : each,
        ),
      })),
      'cohort.fresh: name was null → "ACT__Other__1d" (read), is now null → "ACT__Fresh__1d" (read)',
    ],
    [
      'an attribute less',
      editAt('cohort.vip', change => ({ ...change, attributes: change.attributes.slice(0, 1) })),
      'cohort.vip: cohort_id was not to change, is now "acme-vip-g1" → "acme-vip-g2" (recorded)',
    ],
    [
      'an attribute twice',
      editAt('cohort.vip', change => ({
        ...change,
        attributes: [...change.attributes, ...change.attributes],
      })),
      'cohort.vip: the plan names an attribute twice',
    ],
    [
      'another belief',
      editAt('cohort.vip', change => ({
        ...change,
        attributes: change.attributes.map(each => ({ ...each, belief: 'unknown' })),
      })),
      'cohort.vip: name was "ORC__Vip__365d" → "ORC__Best__365d" (unknown), is now "ORC__Vip__365d" → "ORC__Best__365d" (read); cohort.vip: cohort_id was "acme-vip-g1" → "acme-vip-g2" (unknown), is now "acme-vip-g1" → "acme-vip-g2" (recorded)',
    ],
    [
      'another former address',
      editAt('cohort.vip', change => ({ ...change, from: 'cohort.gone' })),
      'cohort.vip: rename now concerns another object',
    ],
    [
      'another environment',
      { ...reviewed, target: { ...reviewed.target, environment: 'local' } },
      'the plan is for "local" (MoEngage ACME01, data center 01), this is "live" (MoEngage ACME01, data center 01)',
    ],
    [
      'another account',
      { ...reviewed, target: { ...reviewed.target, moengage_workspace: 'OTHER' } },
      'the plan is for "live" (MoEngage OTHER, data center 01), this is "live" (MoEngage ACME01, data center 01)',
    ],
    [
      'other specs',
      { ...reviewed, specs_digest: digestOf('other') },
      'the specs changed since the plan was made',
    ],
    ['another store', { ...reviewed, store_id: 'store-2' }, 'the plan was made with another store'],
    [
      'a store that was further',
      { ...reviewed, store_head: 8 },
      'the store is older than the plan: 7 recorded changes, the plan has seen 8',
    ],
    [
      'another scope',
      { ...reviewed, only: ['vip'] },
      'the plan is limited to vip, this is for all audiences',
    ],
    [
      'a refusal',
      { ...reviewed, refusals: [{ code: 'guard/takeover', severity: 'error', summary: 'x', detail: 'y' }] },
      'the plan was refused when it was made',
    ],
  ] satisfies [string, WrittenPlan, string][])('%s', (_story, attacked, difference) => {
    const answer = present(digestAgain(attacked))
    expect(answer).toBe(difference)
  })

  test('an older head does not make an added change look done', () => {
    const attacked = editAt('cohort.winback', change => ({ ...change, action: 'retire' }))
    expect(present(digestAgain({ ...attacked, store_head: 0 }))).toContain(
      'cohort.winback: retire was planned, and is not called for',
    )
  })
})

describe('the world that moved on after the review', () => {
  test.each([
    ['other specs', { specs: { changed: true } }, 'the specs changed since the plan was made'],
    [
      'a store that was set back',
      { recorded: { ...recorded, head: 6 } },
      'the store is older than the plan: 6 recorded changes, the plan has seen 7',
    ],
    [
      'a store of its own',
      { recorded: { ...recorded, storeId: 'store-2' } },
      'the plan was made with another store',
    ],
    [
      'a guard that is let pass only now',
      {
        workspace: {
          ...aWorkspace,
          allow: [{ guard: 'case-twin', by: 'Jo Doe', because: 'Checked.', until: '2026-12-01' }],
        },
        observed: withSegments(observed, segments => [
          ...segments,
          { remoteId: 'twin', name: 'act__fresh__1d' },
        ]),
      },
      'case-twin would be let pass, and was no matter when the plan was made',
    ],
    [
      'a sendable segment that somebody re-pointed',
      {
        observed: withSendable(observed, 'sendable.winback', {
          kind: 'sendable',
          name: `${winback.name}__Sendable`,
          include: remoteIdOf('cohort.winback'),
          exclude: ['somebody'],
        }),
      },
      'sendable.winback: exclude was ["cohort.vip@g1"] → ["cohort.vip"] (read), is now ["segment somebody"] → ["cohort.vip"] (read, both)',
    ],
    [
      'a list that cannot be read',
      { observed: { ...observed, segments: { kind: 'failed', code: 'provider/unavailable' } } },
      'cohort.vip: name was "ORC__Vip__365d" → "ORC__Best__365d" (read), is now "ORC__Vip__365d" → "ORC__Best__365d" (unknown); cohort.fresh: name was null → "ACT__Fresh__1d" (read), is now null → "ACT__Fresh__1d" (unknown); cohort.fresh: cohort_id was null → "acme-fresh-g1" (read), is now null → "acme-fresh-g1" (unknown)',
    ],
    [
      'an audience more to be retired',
      {
        recorded: {
          ...applied([...before, anAudience({ id: 'late', name: 'ACT__Late__1d' })]),
          members: recorded.members,
        },
      },
      'binding.late: retire was not in the plan; cohort.late: retire was not in the plan',
    ],
  ] satisfies [string, Partial<PlanInput>, string][])('%s', (_story, change, difference) => {
    const answer = present(reviewed, replan(change)).split('; ').sort()
    expect(answer).toEqual(difference.split('; ').sort())
  })

  test.each([
    ['more members', { recorded: { ...recorded, members: new Map([['vip', 999]]) } }],
    ['a later hour', { now: '2026-11-24T10:00:00.000Z' }],
    [
      'a segment of somebody else',
      { observed: withSegments(observed, segments => [...segments, { remoteId: 'else', name: 'Else' }]) },
    ],
    ['a store that recorded something else', { recorded: { ...recorded, head: 12 } }],
    [
      'records of another age',
      { recorded: { ...applied(before, { at: '2026-11-22T10:00:00.000Z' }), members: recorded.members } },
    ],
  ] satisfies [string, Partial<PlanInput>][])('%s is no other plan', (_story, change) => {
    expect(present(reviewed, replan(change))).toBe('same')
  })
})

describe('what was done already', () => {
  const tell = (change: Partial<PlanInput>): string => {
    const comparison = comparePlans(reviewed, replan(change))
    return comparison.kind === 'remainder' ? `done: ${comparison.done.join(', ')}` : comparison.kind
  }
  const once = (state: typeof recorded) => ({
    recorded: { ...state, head: 9 },
    observed: faithful(state, [...before, ...now]),
  })
  const created = applied([...before, fresh], { members: { vip: 100 } })

  test('an audience that was made, and one whose binding was dropped', () => {
    expect(tell(once(created))).toBe('done: cohort.fresh, binding.fresh')
    expect(tell(once(withObject(created, 'binding.gone', 'gone')))).toBe(
      'done: cohort.fresh, binding.fresh, binding.gone',
    )
  })

  test('one that was accepted and is not listed so far is still the same plan', () => {
    expect(tell(once(withoutRemoteId(created, 'cohort.fresh')))).toBe('done: binding.fresh')
  })

  test('a call without an answer: the segment may be as it was, or as it should be', () => {
    const open = (exclude: readonly string[]) => {
      const pending = withObject(recorded, 'sendable.winback', {
        status: 'pending',
        recordedAt: '2026-11-23T09:00:00.000Z',
      })
      return {
        recorded: { ...pending, head: 9 },
        observed: withSendable(observed, 'sendable.winback', {
          kind: 'sendable',
          name: `${winback.name}__Sendable`,
          include: remoteIdOf('cohort.winback'),
          exclude,
        }),
      }
    }
    expect(tell(open([remoteIdOf('cohort.vip')]))).toBe('same')
    expect(tell(open(['the-new-one']))).toBe('same')
  })

  test('a cohort that was archived before it could be noted is still to be retired', () => {
    const hidden = withSegments(observed, segments => segments.filter(({ name }) => name !== gone.name))
    expect(tell({ observed: hidden })).toBe('same')
  })

  test('a manual segment that somebody deleted since would be made anew: that was not reviewed', () => {
    const start = applied([qaTeam], { workspace: testedWorkspace })
    const whole = faithful(start)
    const make = (shown: typeof whole) =>
      writePlan(
        plan({
          recorded: start,
          audiences: [qaTeam],
          workspace: { ...testedWorkspace, qa: { testers: ['usr_9'], isRequired: false } },
          observed: shown,
        }),
      )
    const deleted: typeof whole = { ...whole, sourceSegments: { kind: 'read', value: new Map() } }
    expect(comparePlans(make(whole), make(deleted))).toEqual({
      kind: 'stale',
      differences: ['source.qa-team: listed would become "yes", which was not in the plan'],
    })
    expect(comparePlans(make(deleted), make(deleted))).toEqual({ kind: 'same' })
  })

  describe('a moved record', () => {
    const moved: Audience = { ...winback, id: 'back', movedFrom: 'winback', name: 'ACT__Back__60d' }
    const state = applied([vip, winback], { members: { winback: 5 } })
    const plannedWith = (start: typeof state, audiences: readonly Audience[]) =>
      writePlan(plan({ recorded: start, audiences, observed: faithful(state, [vip, winback]) }))
    const movedBinding = (start: typeof state) => {
      const binding = start.objects.get('binding.winback')
      if (!binding) throw new Error('no binding')
      const objects = new Map(start.objects)
      objects.delete('binding.winback')
      return {
        ...start,
        head: 9,
        objects: objects.set('binding.back', { ...binding, address: 'binding.back', audience: 'back' }),
      }
    }

    test('goes on with what is left of its change', () => {
      const first = plannedWith(state, [vip, moved])
      expect(comparePlans(first, plannedWith(movedBinding(state), [vip, moved]))).toEqual({ kind: 'same' })
    })
  })
})
