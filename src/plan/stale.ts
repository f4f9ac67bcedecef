import type { WrittenPlan } from '../model/generated/plan.ts'
import { digestOf } from './digest.ts'
import { isGone, LISTED } from './listing.ts'

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
  const hasGoneOn = fresh.store_head > reviewed.store_head
  const done = [...before.values()].filter(({ address }) => !now.has(address))
  const differences = [
    ...compareFrame(reviewed, fresh),
    ...[...now.values()].flatMap(change => compareChange(before.get(change.address), change, hasGoneOn)),
    ...compareOrder(reviewed, fresh),
    ...compareDone(done, fresh, hasGoneOn),
  ]
  if (differences.length > 0) return { kind: 'stale', differences }
  return done.length > 0 ? { kind: 'remainder', done: done.map(({ address }) => address) } : { kind: 'same' }
}

type WrittenChange = WrittenPlan['changes'][number]
type WrittenAttribute = WrittenChange['attributes'][number]

const pendingOf = (plan: WrittenPlan): readonly WrittenChange[] =>
  plan.changes.filter(({ action }) => action !== 'none')

const pendingByAddress = (plan: WrittenPlan): ReadonlyMap<string, WrittenChange> =>
  new Map(pendingOf(plan).map(change => [change.address, change]))

const compareFrame = (reviewed: WrittenPlan, fresh: WrittenPlan): string[] => [
  ...(digestOf(reviewed.target) === digestOf(fresh.target)
    ? []
    : [`the plan is for ${nameTarget(reviewed)}, this is ${nameTarget(fresh)}`]),
  ...(reviewed.specs_digest === fresh.specs_digest ? [] : ['the specs changed since the plan was made']),
  ...(digestOf(reviewed.only) === digestOf(fresh.only)
    ? []
    : [`the plan is ${nameScope(reviewed)}, this is ${nameScope(fresh)}`]),
  ...(reviewed.refusals.length > 0 ? ['the plan was refused when it was made'] : []),
  ...compareStore(reviewed, fresh),
  ...compareOverrides(reviewed, fresh),
]

/** A copy of the store from before the plan would be told of things that it has not seen happen. */
const compareStore = (reviewed: WrittenPlan, fresh: WrittenPlan): string[] => {
  if (reviewed.store_id !== undefined && reviewed.store_id !== fresh.store_id)
    return ['the plan was made with another store']
  return reviewed.store_head > fresh.store_head
    ? [
        `the store is older than the plan: ${fresh.store_head} recorded changes, the plan has seen ${reviewed.store_head}`,
      ]
    : []
}

/** A guard that had nothing to say when the plan was reviewed, and is let pass now. */
const compareOverrides = (reviewed: WrittenPlan, fresh: WrittenPlan): string[] => {
  const seen = new Set(reviewed.overrides.map(digestOf))
  return fresh.overrides
    .filter(override => !seen.has(digestOf(override)))
    .map(({ guard }) => `${guard} would be let pass, and was no matter when the plan was made`)
}

const nameTarget = ({ target }: WrittenPlan): string =>
  `"${target.environment}" (MoEngage ${target.moengage_workspace}, data center ${target.moengage_data_center})`

const nameScope = ({ only }: WrittenPlan): string =>
  only.length === 0 ? 'for all audiences' : `limited to ${only.join(', ')}`

const compareChange = (
  reviewed: WrittenChange | undefined,
  fresh: WrittenChange,
  hasGoneOn: boolean,
): string[] => {
  const { address, action } = fresh
  if (!reviewed) return [`${address}: ${action} was not in the plan`]
  if (isGoing(reviewed) || isGoing(fresh)) return compareGoing(reviewed, fresh)
  if (fresh.attributes.some(({ attribute }) => attribute === LISTED)) return compareOpen(reviewed, fresh)
  const isMoved = hasGoneOn && fresh.from === undefined && movesRecord(reviewed)
  if (reviewed.action !== action && !isMoved) return [`${address}: ${reviewed.action} became ${action}`]
  if ((reviewed.from !== fresh.from && !isMoved) || reviewed.remote_id !== fresh.remote_id)
    return [`${address}: ${action} now concerns another object`]
  // The record has moved already; what is left is the rest of it.
  const expected = isMoved
    ? reviewed.attributes.filter(({ attribute }) => attribute !== 'address')
    : reviewed.attributes
  return compareAttributes(address, expected, fresh.attributes)
}

const movesRecord = ({ from, attributes }: WrittenChange): boolean =>
  from !== undefined && attributes.some(({ attribute, before }) => attribute === 'address' && before === from)

const isGoing = ({ action }: WrittenChange): boolean => action === 'retire' || action === 'forget'

/** What goes away is told by what it is, however that is known by now: a call of ours may have hidden it. */
const compareGoing = (reviewed: WrittenChange, fresh: WrittenChange): string[] => {
  if (reviewed.action !== fresh.action) return [`${fresh.address}: ${reviewed.action} became ${fresh.action}`]
  if (isDeleted(fresh) && !isDeleted(reviewed))
    return [`${fresh.address}: it would be deleted in Customer.io, which was not in the plan`]
  // Shown when it was reviewed and not any more: less is called. The other way round more would be.
  const wasGone = isGone(reviewed)
  return compareAttributes(
    fresh.address,
    reviewed.attributes.map(keepBefore),
    fresh.attributes.filter(({ attribute }) => wasGone || attribute !== LISTED).map(keepBefore),
  )
}

const isDeleted = ({ calls }: WrittenChange): boolean =>
  calls.some(({ operation }) => operation === 'delete source segment')

const keepBefore = ({ attribute, before }: WrittenAttribute): WrittenAttribute => ({
  attribute,
  ...(before === undefined ? {} : { before }),
  belief: 'recorded',
  origin: 'file',
})

/** A call of ours was made and its effect is not certain yet: what is left must lead to what was reviewed. */
const compareOpen = (reviewed: WrittenChange, fresh: WrittenChange): string[] => {
  const wanted = new Map(reviewed.attributes.map(({ attribute, after }) => [attribute, after]))
  return fresh.attributes
    .filter(({ attribute, before, after }) => {
      // What somebody deleted since would be made anew: that is no rest of anything.
      if (attribute === LISTED && before !== 'gone') return false
      return !wanted.has(attribute) || digestOf(wanted.get(attribute) ?? null) !== digestOf(after ?? null)
    })
    .map(
      ({ attribute, after }) =>
        `${fresh.address}: ${attribute} would become ${JSON.stringify(after ?? null)}, which was not in the plan`,
    )
}

/** Each attribute on its own, so that a person can see what moved. Since when something is recorded does not count. */
const compareAttributes = (
  address: string,
  reviewed: readonly WrittenAttribute[],
  fresh: readonly WrittenAttribute[],
): string[] => {
  const names = new Set([...reviewed, ...fresh].map(({ attribute }) => attribute))
  const differences = [...names].flatMap(name => {
    const was = reviewed.find(({ attribute }) => attribute === name)
    const is = fresh.find(({ attribute }) => attribute === name)
    if (was && is && digestStep(was) === digestStep(is)) return []
    return [`${address}: ${name} was ${describeStep(was)}, is now ${describeStep(is)}`]
  })
  const isOnce = reviewed.length === new Set(reviewed.map(({ attribute }) => attribute)).size
  return isOnce ? differences : [...differences, `${address}: the plan names an attribute twice`]
}

const digestStep = ({ recorded_at: _recordedAt, ...step }: WrittenAttribute): string => digestOf(step)

const describeStep = (step: WrittenAttribute | undefined): string => {
  if (!step) return 'not to change'
  const { before = null, after = null, belief, origin } = step
  const how = origin === 'file' ? belief : `${belief}, ${origin}`
  return `${JSON.stringify(before)} → ${JSON.stringify(after)} (${how})`
}

/**
 * What depends on something comes after it: another order is another plan. Nothing stands in it twice. Among cohorts
 * that go away, which of them others relied on is not remembered once their segments are gone.
 */
const compareOrder = (reviewed: WrittenPlan, fresh: WrittenPlan): string[] => {
  const now = new Set(pendingOf(fresh).map(({ address }) => address))
  const then = pendingOf(reviewed).filter(({ address }) => now.has(address))
  const seen = new Set(then.map(({ address }) => address))
  const expected = pendingOf(fresh).filter(({ address }) => seen.has(address))
  const was = then.map(nameStep)
  const is = expected.map(nameStep)
  const isSame = was.length === is.length && was.every((step, index) => step === is[index])
  return isSame ? [] : ['the changes stand in another order']
}

const nameStep = (change: WrittenChange): string =>
  change.kind === 'cohort' && isGoing(change) ? 'cohorts that go away' : change.address

/** What is left out now must have been done: by a store that went on since, and as far as can be seen. */
const compareDone = (done: readonly WrittenChange[], fresh: WrittenPlan, hasGoneOn: boolean): string[] => {
  const settled = new Set(
    fresh.changes.filter(({ action }) => action === 'none').map(({ address }) => address),
  )
  const present = new Set(fresh.changes.map(({ address }) => address))
  return done.flatMap(change => {
    const isDone = isGoing(change) ? !present.has(change.address) : settled.has(change.address)
    if (!isDone) return [`${change.address}: ${change.action} was planned, and is not called for`]
    return hasGoneOn
      ? []
      : [`${change.address}: ${change.action} is not called for any more, and was not done by muster`]
  })
}
