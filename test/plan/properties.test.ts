import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Audience } from '../../src/model/audience.ts'
import type { Plan, PlanValue } from '../../src/model/plan.ts'
import { EMPTY_STATE, type RecordedObject, type RecordedState } from '../../src/model/recorded.ts'
import type { Workspace } from '../../src/model/workspace.ts'
import { writePlan } from '../../src/plan/document.ts'
import type { Observed } from '../../src/plan/observed.ts'
import { comparePlans } from '../../src/plan/stale.ts'
import { anAudience } from '../support/audience.ts'
import { planSchema } from '../support/plan-document.ts'
import {
  applied,
  faithful,
  plan,
  remoteIdOf,
  summarizePending,
  testedWorkspace,
  withSegments,
} from '../support/planning.ts'

const workspace: Workspace = {
  ...testedWorkspace,
  allow: [{ guard: 'mass-retirement', by: 'Jo Doe', because: 'A test.', until: '2099-12-31' }],
}
const IDS = ['a', 'b', 'c', 'd', 'e'] as const

/** A programme: each audience may be suppressed by those before it, so that nothing goes in circles. */
const programme: fc.Arbitrary<readonly Audience[]> = fc
  .tuple(
    ...IDS.map((id, index) =>
      fc.record({
        isThere: fc.boolean(),
        generation: fc.integer({ min: 1, max: 3 }),
        isManual: fc.boolean(),
        isSuspended: fc.boolean(),
        suppressedBy: fc.subarray([...IDS.slice(0, index)]),
        stage: fc.constantFrom('qa' as const, 'live' as const),
        id: fc.constant(id),
      }),
    ),
  )
  .map(drawn => {
    const there = drawn.filter(({ isThere }) => isThere)
    // One that is suspended may never have been made, and what needs it would wait.
    const ids = new Set<string>(there.filter(each => !each.isSuspended).map(({ id }) => id))
    return there.map(({ id, generation, isManual, isSuspended, suppressedBy, stage }) =>
      anAudience({
        id,
        name: `ACT__${id.toUpperCase()}__${generation}d`,
        isSuspended,
        suppressedBy: suppressedBy.filter(each => ids.has(each)),
        rollout: { stage: { kind: stage }, holdoutPercent: 0 },
        source: isManual
          ? { kind: 'manual', name: `Manual ${id}`, members: 'testers' }
          : { kind: 'segment', segmentId: IDS.indexOf(id) + 1, name: `Segment ${id}` },
      }),
    )
  })

/** Nothing suspended: what points at something that goes away would keep it. */
const active = programme.map(audiences => audiences.map(each => ({ ...each, isSuspended: false })))

/** The record once a plan was applied to its end: what it says, taken at its word. */
const applyAll = (made: Plan, before: RecordedState): RecordedState => {
  const objects = new Map(before.objects)
  for (const change of made.changes) {
    const { address, kind, audience, action, attributes, from } = change
    if (action === 'none') continue
    const former = objects.get(from ?? address)
    objects.delete(from ?? address)
    if (action === 'retire' || action === 'forget') continue
    const values: Record<string, PlanValue> = { ...former?.attributes }
    for (const { attribute, after } of attributes) {
      delete values[attribute]
      if (attribute !== 'address' && after !== undefined) values[attribute] = after
    }
    const isReplaced = attributes.some(({ attribute }) => attribute === 'cohort_id')
    const object: RecordedObject = {
      address,
      kind,
      audience,
      attributes: values,
      status: 'seen',
      recordedAt: made.plannedAt,
      origin: 'created',
      ...(kind === 'binding'
        ? {}
        : {
            remoteId:
              isReplaced || !former?.remoteId
                ? `${remoteIdOf(address)}-${String(values.cohort_id ?? values.name).length}`
                : former.remoteId,
          }),
    }
    objects.set(address, kind === 'source' ? { ...object, remoteId: remoteIdOf(address) } : object)
  }
  return { ...before, head: before.head + made.changes.length, objects }
}

const look = (audiences: readonly Audience[], recorded: RecordedState, observed?: Observed): Plan =>
  plan({ workspace, audiences, recorded, observed: observed ?? faithful(recorded, audiences) })

describe('whatever is declared', () => {
  test('the plan of an applied world is empty, and certain', () => {
    fc.assert(
      fc.property(active, active, (first, second) => {
        const one = applyAll(look(first, EMPTY_STATE), EMPTY_STATE)
        expect(summarizePending(look(first, one))).toEqual([])
        const two = applyAll(look(second, one), one)
        const again = look(second, two)
        expect(summarizePending(again)).toEqual([])
        expect(again.beliefs.unknown).toBe(0)
        expect(again.drift).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('what was applied half-way is the remainder of the plan that was reviewed', () => {
    fc.assert(
      fc.property(active, active, fc.nat(), (first, second, cut) => {
        const start = applied(first, { workspace })
        const reviewed = look(second, start)
        const pending = reviewed.changes.filter(({ action }) => action !== 'none')
        // A rename moves two addresses at once: it is cut elsewhere, at the level of calls.
        fc.pre(reviewed.refusals.length === 0 && !pending.some(({ action }) => action === 'rename'))
        const done = pending.slice(0, pending.length === 0 ? 0 : cut % (pending.length + 1))
        const now = applyAll({ ...reviewed, changes: done }, start)
        const comparison = comparePlans(
          writePlan(reviewed),
          writePlan(look(second, { ...now, head: start.head + done.length })),
        )
        expect(comparison).toEqual(
          done.length === 0
            ? { kind: 'same' }
            : { kind: 'remainder', done: done.map(({ address }) => address) },
        )
      }),
      { numRuns: 300 },
    )
  })

  test('every plan fits its schema', () => {
    fc.assert(
      fc.property(programme, programme, (first, second) => {
        expect(planSchema.check(writePlan(look(second, applied(first, { workspace }))))).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  test('a plan with a failed read says of that class: unknown, and makes nothing in it', () => {
    const failed = { kind: 'failed', code: 'provider/unavailable' } as const
    fc.assert(
      fc.property(
        programme,
        programme,
        fc.constantFrom('source', 'cohort', 'sendable'),
        (first, second, kind) => {
          const recorded = applied(first, { workspace })
          const whole = faithful(recorded, [...first, ...second])
          const observed: Observed = {
            ...whole,
            ...(kind === 'source' ? { sourceSegments: failed } : {}),
            ...(kind === 'cohort' ? { segments: failed } : {}),
            ...(kind === 'sendable'
              ? { sendables: new Map([...whole.sendables.keys()].map(id => [id, failed] as const)) }
              : {}),
          }
          const made = look(second, recorded, observed)
          const ofClass = made.changes.filter(
            change => change.kind === kind && change.reason !== 'suspended: not made',
          )
          const existing = ofClass.filter(({ action }) => action !== 'create')
          expect(existing.every(({ belief }) => belief === 'unknown')).toBe(true)
          if (existing.length > 0) expect(made.beliefs.unknown).toBeGreaterThan(0)
          const makes = ofClass.filter(({ action }) => action === 'create')
          if (kind !== 'sendable') expect(makes.every(({ belief }) => belief === 'unknown')).toBe(true)
          if (kind !== 'sendable' && makes.length > 0)
            expect(made.refusals.map(({ code }) => code)).toContain('guard/unverified')
        },
      ),
      { numRuns: 300 },
    )
  })

  test('nobody’s segment is ever touched', () => {
    const strangers = ['Newsletter', 'ACT__Old__1d', 'ORC__Theirs__2d'].map((name, index) => ({
      remoteId: `their-${index}`,
      name,
    }))
    fc.assert(
      fc.property(programme, programme, (first, second) => {
        const recorded = applied(first, { workspace })
        const observed = withSegments(faithful(recorded, [...first, ...second]), list => [
          ...list,
          ...strangers,
        ])
        const text = JSON.stringify(look(second, recorded, observed).changes)
        for (const { remoteId, name } of strangers) {
          expect(text).not.toContain(remoteId)
          expect(text).not.toContain(name)
        }
      }),
      { numRuns: 100 },
    )
  })
})

test('planning is linear: ten times as many audiences take about ten times as long', () => {
  const many = (count: number): readonly Audience[] =>
    Array.from({ length: count }, (_, index) =>
      anAudience({
        id: `a${index}`,
        name: `ACT__A${index}__1d`,
        source:
          index % 3 === 0
            ? { kind: 'manual', name: `Manual ${index}`, members: 'testers' }
            : { kind: 'segment', segmentId: index + 1, name: `Segment ${index}` },
        suppressedBy: index > 0 ? ['a0'] : [],
        ...(index % 5 === 0 ? { adopt: {} } : {}),
      }),
    )
  const timeOf = (count: number): number => {
    const before = many(count)
    // A third renamed, a third gone, the rest adopted or as it was: every way through the planner.
    const after = before.flatMap((each, index) =>
      index % 3 === 1 && index > 2 ? [] : [index % 3 === 2 ? { ...each, name: `${each.name}x` } : each],
    )
    const recorded = applied(
      before.filter((_, index) => index % 5 !== 0),
      { workspace },
    )
    const listed = withSegments(faithful(recorded, before), list => [
      ...list,
      ...before.filter((_, index) => index % 5 === 0).map(({ name }) => ({ remoteId: `r-${name}`, name })),
    ])
    const start = performance.now()
    look(after, recorded, listed)
    return performance.now() - start
  }
  timeOf(300)
  const small = Math.min(timeOf(300), timeOf(300), timeOf(300))
  const large = timeOf(3_000)
  // Quadratic work would take a hundred times as long; half of that leaves room for a busy machine.
  expect(large / small).toBeLessThan(50)
})
