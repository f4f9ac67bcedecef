import type { WrittenPlan } from '../model/generated/plan.ts'
import { LISTED } from './diff.ts'
import { digestOf } from './digest.ts'

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
    ...compareOrder(reviewed, fresh),
  ]
  if (differences.length > 0) return { kind: 'stale', differences }
  const done = [...before.keys()].filter(address => !now.has(address))
  return done.length > 0 ? { kind: 'remainder', done } : { kind: 'same' }
}

type WrittenChange = WrittenPlan['changes'][number]

const pendingOf = (plan: WrittenPlan): readonly WrittenChange[] =>
  plan.changes.filter(({ action }) => action !== 'none')

const pendingByAddress = (plan: WrittenPlan): Map<string, WrittenChange> =>
  new Map(pendingOf(plan).map(change => [change.address, change]))

const compareFrame = (reviewed: WrittenPlan, fresh: WrittenPlan): string[] => [
  ...(digestOf(reviewed.target) === digestOf(fresh.target)
    ? []
    : [`the plan is for ${nameTarget(reviewed)}, this is ${nameTarget(fresh)}`]),
  ...(reviewed.specs_digest === fresh.specs_digest ? [] : ['the specs changed since the plan was made']),
  ...(reviewed.refusals.length > 0 ? ['the plan was refused when it was made'] : []),
  ...compareStore(reviewed, fresh),
]

/** A copy of the store from before the plan would be told of things that it has not seen happen. */
const compareStore = (reviewed: WrittenPlan, fresh: WrittenPlan): string[] => {
  if (reviewed.store_id !== undefined && reviewed.store_id !== fresh.store_id)
    return ['the plan was made with another store']
  return reviewed.store_head > fresh.store_head
    ? [`the store is older than the plan: ${fresh.store_head} recorded changes, the plan has seen ${reviewed.store_head}`]
    : []
}

const nameTarget = ({ target }: WrittenPlan): string =>
  `"${target.environment}" (MoEngage ${target.moengage_workspace}, data center ${target.moengage_data_center})`

/** The reviewed call was made, and the vendor has not shown its effect yet: looking again is the rest of it. */
const isListingOnly = ({ action, attributes }: WrittenChange): boolean =>
  action === 'update' && attributes.every(({ attribute }) => attribute === LISTED)

const compareChange = (
  before: ReadonlyMap<string, WrittenChange>,
  [address, fresh]: readonly [string, WrittenChange],
): string[] => {
  const reviewed = before.get(address)
  if (!reviewed) return [`${address}: ${fresh.action} was not in the plan`]
  if (isListingOnly(fresh) && reviewed.action !== 'retire' && reviewed.action !== 'forget') return []
  if (reviewed.action !== fresh.action) return [`${address}: ${reviewed.action} became ${fresh.action}`]
  if (reviewed.from !== fresh.from || reviewed.remote_id !== fresh.remote_id)
    return [`${address}: ${fresh.action} now concerns another object`]
  return compareAttributes(address, reviewed, fresh)
}

/** Each attribute on its own, so that a person can see what moved. */
const compareAttributes = (address: string, reviewed: WrittenChange, fresh: WrittenChange): string[] => {
  const names = new Set([...reviewed.attributes, ...fresh.attributes].map(({ attribute }) => attribute))
  return [...names].flatMap(name => {
    const was = reviewed.attributes.find(({ attribute }) => attribute === name)
    const is = fresh.attributes.find(({ attribute }) => attribute === name)
    if (was && is && digestOf(was) === digestOf(is)) return []
    return [`${address}: ${name} was ${describeStep(was)}, is now ${describeStep(is)}`]
  })
}

const describeStep = (step: WrittenChange['attributes'][number] | undefined): string => {
  if (!step) return 'not to change'
  return `${JSON.stringify(step.before ?? null)} → ${JSON.stringify(step.after ?? null)} (${step.belief})`
}

/** What depends on something comes after it: another order is another plan. */
const compareOrder = (reviewed: WrittenPlan, fresh: WrittenPlan): string[] => {
  const now = pendingOf(fresh).map(({ address }) => address)
  const left = new Set(now)
  const then = pendingOf(reviewed)
    .map(({ address }) => address)
    .filter(address => left.has(address))
  const isSame = then.length !== now.length || then.every((address, index) => address === now[index])
  return isSame ? [] : ['the changes stand in another order']
}
