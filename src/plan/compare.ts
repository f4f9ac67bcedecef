import type { AttributeChange, Attributes, Belief, Origin, PlanValue } from '../model/plan.ts'
import type { Instant } from '../model/time.ts'

/** One value from its three sides. `observed` is absent where nothing was read, or nothing can be. */
export interface ThreeWay {
  readonly attribute: string
  readonly desired?: PlanValue
  readonly recorded?: PlanValue
  readonly observed?: PlanValue
  readonly belief: Belief
  /** Absent where there is no record, or none with an age. */
  readonly recordedAt?: Instant
}

/** The difference as a reviewer reads it, or undefined when all three sides agree. */
export const compareValue = (value: ThreeWay): AttributeChange | undefined => {
  const { attribute, desired, recorded, observed, belief, recordedAt } = value
  const isFileChanged = !isSameValue(desired, recorded)
  const hasDrifted = observed !== undefined && !isSameValue(observed, recorded)
  // What was read and is already as declared needs no before of its own: the record is what changes.
  const isAsDeclared = hasDrifted && isSameValue(observed, desired)
  const before = hasDrifted && !isAsDeclared ? observed : recorded
  if (isSameValue(before, desired)) return undefined
  return {
    attribute,
    ...(before === undefined ? {} : { before }),
    ...(desired === undefined ? {} : { after: desired }),
    belief: isAsDeclared ? 'recorded' : belief,
    origin: nameOrigin(isFileChanged, hasDrifted),
    ...(hasDrifted && !isAsDeclared && recorded !== undefined ? { recorded } : {}),
    ...((belief !== 'read' || isAsDeclared) && recordedAt !== undefined ? { recordedAt } : {}),
  }
}

const nameOrigin = (isFileChanged: boolean, hasDrifted: boolean): Origin => {
  if (!hasDrifted) return 'file'
  return isFileChanged ? 'both' : 'drift'
}

/** Lists are compared in order: whoever builds one sorts it first. */
export const isSameValue = (a: PlanValue | undefined, b: PlanValue | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

/** Every attribute that either side has, each once. */
export const attributeNames = (...sides: readonly Attributes[]): readonly string[] => [
  ...new Set(sides.flatMap(side => Object.keys(side))),
]

const STRENGTH: Readonly<Record<Belief, number>> = { unknown: 0, recorded: 1, read: 2 }

/** The one to trust least; `read` when there is none. */
export const weakestBelief = (beliefs: readonly Belief[]): Belief =>
  beliefs.reduce((weakest, each) => (STRENGTH[each] < STRENGTH[weakest] ? each : weakest), 'read')
