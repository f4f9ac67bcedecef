import { describe, expect, test } from 'vitest'
import type { Operation, PlannedCall } from '../../src/model/plan.ts'
import { estimateCost } from '../../src/plan/cost.ts'
import { aWorkspace } from '../support/audience.ts'
import { applied, faithful, plan, qaTeam, testedWorkspace, vip, winback } from '../support/planning.ts'

/** Calls of one kind each. */
const costOf = (calls: Partial<Record<Operation, number>>, rates = aWorkspace.rates) => {
  // The keys are operations.
  const planned = Object.entries(calls).map(
    ([operation, count]): PlannedCall => ({ operation: operation as Operation, calls: count }),
  )
  return estimateCost([{ kind: 'cohort', calls: planned }], { ...aWorkspace, rates })
}

describe('calls are counted by the limit that they share', () => {
  test.each`
    calls                                                       | cohort | segment | source
    ${{}}                                                       | ${0}   | ${0}    | ${0}
    ${{ 'create cohort': 2, 'add members': 3 }}                 | ${5}   | ${0}    | ${0}
    ${{ 'remove members': 4, 'archive segment': 1 }}            | ${4}   | ${1}    | ${0}
    ${{ 'create sendable segment': 1 }}                         | ${0}   | ${1}    | ${0}
    ${{ 'update sendable segment': 2 }}                         | ${0}   | ${2}    | ${0}
    ${{ 'create source segment': 1 }}                           | ${0}   | ${0}    | ${1}
    ${{ 'fill source segment': 3, 'delete source segment': 1 }} | ${0}   | ${0}    | ${4}
  `('$calls', ({ calls, cohort, segment, source }) => {
    const { cohortCalls, segmentCalls, sourceCalls } = costOf(calls)
    expect([cohortCalls, segmentCalls, sourceCalls]).toEqual([cohort, segment, source])
  })
})

describe('minutes, rounded up', () => {
  test.each`
    calls                                | minutes | atLimits
    ${{}}                                | ${0}    | ${0}
    ${{ 'add members': 1 }}              | ${1}    | ${1}
    ${{ 'add members': 240 }}            | ${1}    | ${1}
    ${{ 'add members': 241 }}            | ${2}    | ${1}
    ${{ 'add members': 301 }}            | ${2}    | ${2}
    ${{ 'update sendable segment': 50 }} | ${1}    | ${1}
    ${{ 'update sendable segment': 51 }} | ${1}    | ${2}
    ${{ 'fill source segment': 481 }}    | ${2}    | ${1}
    ${{ 'fill source segment': 601 }}    | ${2}    | ${2}
  `(
    '$calls: $minutes at 240 and 480 a minute, $atLimits at the vendors’ limits',
    ({ calls, minutes, atLimits }) => {
      const cost = costOf(calls)
      expect([cost.minutes, cost.minutesAtVendorLimits]).toEqual([minutes, atLimits])
    },
  )

  test('both vendors are called at once: the slower one counts', () => {
    expect(costOf({ 'add members': 480, 'fill source segment': 481 }).minutes).toBe(2)
  })

  test('a lower rate takes longer; what the vendors allow stays', () => {
    const cost = costOf({ 'add members': 300 }, { moengagePerMinute: 30, customerioPerSecond: 8 })
    expect([cost.minutes, cost.minutesAtVendorLimits]).toEqual([10, 1])
  })
})

test('a plan’s cost is the sum of its changes’ calls', () => {
  const recorded = applied([vip, winback], { members: { vip: 12_400, winback: 300 } })
  const audiences = [{ ...vip, name: 'ORC__Best__365d' }, qaTeam]
  const made = plan({
    recorded,
    audiences,
    workspace: testedWorkspace,
    observed: faithful(recorded, [vip, winback]),
  })
  const calls = made.changes.flatMap(change => change.calls).reduce((sum, each) => sum + each.calls, 0)
  expect(made.cost).toMatchObject({ cohortCalls: 12, segmentCalls: 3, sourceCalls: 2 })
  expect(calls).toBe(17)
})
