import { LISTED } from './diff.ts'
import { digestOf } from './digest.ts'
import type { WrittenPlan } from './document.ts'

/** How a plan made just now compares with the one that was reviewed. */
export type Comparison =
  | { readonly kind: 'same' }
  /** What is left of it: the rest was done already. */
  | { readonly kind: 'remainder'; readonly done: readonly string[] }
  /** Something else would be done: each line names one difference. */
  | { readonly kind: 'stale'; readonly differences: readonly string[] }

/** Apply does what was reviewed or stops. Changes are compared one by one, whatever else moved since. */
export const comparePlans = (reviewed: WrittenPlan, fresh: WrittenPlan): Comparison => {
  const before = pendingByAddress(reviewed)
  const now = pendingByAddress(fresh)
  const differences = [
    ...compareFrame(reviewed, fresh),
    ...[...now].flatMap(entry => compareChange(before, entry)),
  ]
  if (differences.length > 0) return { kind: 'stale', differences }
  const done = [...before.keys()].filter(address => !now.has(address))
  return done.length > 0 ? { kind: 'remainder', done } : { kind: 'same' }
}

type WrittenChange = WrittenPlan['changes'][number]

const pendingByAddress = (plan: WrittenPlan): Map<string, WrittenChange> =>
  new Map(plan.changes.filter(({ action }) => action !== 'none').map(change => [change.address, change]))

const compareFrame = (reviewed: WrittenPlan, fresh: WrittenPlan): string[] => [
  ...(digestOf(reviewed.target) === digestOf(fresh.target)
    ? []
    : [`the plan is for ${nameTarget(reviewed)}, this is ${nameTarget(fresh)}`]),
  ...(reviewed.specs_digest === fresh.specs_digest ? [] : ['the specs changed since the plan was made']),
]

const nameTarget = ({ target }: WrittenPlan): string =>
  `"${target.environment}" (MoEngage ${target.moengage_workspace}, data center ${target.moengage_data_center})`

/** The reviewed call was made, and MoEngage has not shown its effect yet: looking again is the rest of it. */
const isListingOnly = ({ action, attributes }: WrittenChange): boolean =>
  action === 'update' && attributes.every(({ attribute }) => attribute === LISTED)

const compareChange = (
  before: ReadonlyMap<string, WrittenChange>,
  [address, fresh]: readonly [string, WrittenChange],
): string[] => {
  const reviewed = before.get(address)
  if (!reviewed) return [`${address}: ${fresh.action} was not in the plan`]
  if (isListingOnly(fresh) && reviewed.action !== 'retire') return []
  if (reviewed.action !== fresh.action) return [`${address}: ${reviewed.action} became ${fresh.action}`]
  return digestOf(reviewed.attributes) === digestOf(fresh.attributes)
    ? []
    : [`${address}: ${fresh.action} now means other values`]
}
