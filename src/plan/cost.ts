import { type Change, OPERATIONS, type PlanCost, type PlannedCall } from '../model/plan.ts'
import type { Workspace } from '../model/workspace.ts'

/** What the vendors allow. Source: the vendors' fact sheets, MoEngage 2.2 and 3.3, Customer.io 1. */
const VENDOR_LIMITS = { cohortPerMinute: 300, segmentPerMinute: 50, sourcePerMinute: 600 }

/** Adds the calls up, and how long they take when each waits for its turn. */
export const estimateCost = (
  changes: readonly Pick<Change, 'kind' | 'calls'>[],
  { rates }: Workspace,
): PlanCost => {
  const calls = changes.flatMap(change => change.calls)
  const count = (isCounted: (call: PlannedCall) => boolean): number =>
    calls.filter(isCounted).reduce((sum, each) => sum + each.calls, 0)
  const cohortCalls = count(({ operation }) => COHORT_OPERATIONS.has(operation))
  const sourceCalls = count(({ operation }) => OPERATIONS[operation] === 'customerio')
  const segmentCalls = count(() => true) - cohortCalls - sourceCalls
  return {
    cohortCalls,
    segmentCalls,
    sourceCalls,
    minutes: Math.ceil(
      Math.max(
        (cohortCalls + segmentCalls) / rates.moengagePerMinute,
        sourceCalls / (rates.customerioPerSecond * 60),
      ),
    ),
    minutesAtVendorLimits: Math.ceil(
      Math.max(
        cohortCalls / VENDOR_LIMITS.cohortPerMinute,
        segmentCalls / VENDOR_LIMITS.segmentPerMinute,
        sourceCalls / VENDOR_LIMITS.sourcePerMinute,
      ),
    ),
  }
}

const COHORT_OPERATIONS: ReadonlySet<PlannedCall['operation']> = new Set([
  'create cohort',
  'add members',
  'remove members',
])
