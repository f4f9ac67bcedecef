import { compareText } from '../model/diagnostic.ts'
import { unreachable } from '../model/invariant.ts'
import type { AttributeChange, ObjectKind } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import { cohortAddress } from './address.ts'
import { adoptOrCreate } from './adopt.ts'
import { type Believed, believe } from './believed.ts'
import { attributeNames, compareValue } from './compare.ts'
import { beliefsOf, type DiffInput, type DraftChange } from './draft.ts'
import { isFrozen, isLost, renewFrozen } from './generation.ts'
import type { DesiredObject } from './graph.ts'
import { chooseCohortId, type LeftBehind, type Lineage, translate } from './lineage.ts'
import { compareListing, GONE, isGone } from './listing.ts'
import { reasonForNone, reasonForRename, reasonForUpdate } from './reasons.ts'
import { draftUndeclared } from './undeclared.ts'

/** Compares three views, one object at a time. Order of the answer is the order in which apply works. */
export const diffObjects = (input: DiffInput): readonly DraftChange[] =>
  sortForApply([...input.desired.map(object => changeOf(object, input)), ...draftUndeclared(input)], input)

const FIRST_ORDER: Readonly<Record<ObjectKind, number>> = { source: 0, cohort: 1, binding: 2, sendable: 3 }
const LAST_ORDER: Readonly<Record<ObjectKind, number>> = { sendable: 4, cohort: 5, binding: 7, source: 8 }
/** Drained last: while anybody is left whom they keep from being messaged. */
const SUPPRESSION_ORDER = 6

/**
 * Sources, cohorts, bindings, sendable segments; then what goes away: sendable segments, cohorts and after them the
 * suppressions among these, bindings, which remember what an audience is for and whether it is protected, sources.
 */
export const sortForApply = (
  drafts: readonly DraftChange[],
  { view: { recorded } }: Pick<DiffInput, 'view'>,
): readonly DraftChange[] => {
  const objects = [...recorded.objects.values()]
  const suppressions = new Set<string>(
    objects.flatMap(({ audience, attributes: { intent, exclude } }) => [
      ...(Array.isArray(exclude) ? exclude : []),
      ...(intent === 'suppression' ? [cohortAddress(audience)] : []),
    ]),
  )
  const rankOf = (draft: DraftChange): number =>
    rank(draft) === LAST_ORDER.cohort && suppressions.has(draft.address) ? SUPPRESSION_ORDER : rank(draft)
  return drafts.toSorted((a, b) => rankOf(a) - rankOf(b) || compareText(a.address, b.address))
}

const rank = ({ action, kind }: DraftChange): number => {
  switch (action) {
    case 'retire':
    case 'forget':
      return LAST_ORDER[kind]
    case 'create':
    case 'update':
    case 'adopt':
    case 'rename':
    case 'none':
      return FIRST_ORDER[kind]
    default:
      return unreachable(action)
  }
}

const changeOf = (desired: DesiredObject, input: DiffInput): DraftChange => {
  const recorded = input.lineage.recordedFor(desired)
  if (!recorded) return adoptOrCreate(desired, input)
  const believed = believe(recorded, input.view)
  const attributes = compareObject({ desired, recorded, believed }, input)
  const { address, kind, audience } = desired
  const base = { address, kind, audience, attributes, compared: beliefsOf(recorded, believed, desired) }
  if (attributes.length === 0) return { ...base, action: 'none', reason: reasonForNone(believed) }
  if (recorded.address !== address) {
    const reason = isGone(base) ? reasonForRename(kind, attributes) : 'its audience has another id now'
    return { ...base, action: 'rename', reason, from: recorded.address }
  }
  return isRenamed(kind, attributes)
    ? { ...base, action: 'rename', reason: reasonForRename(kind, attributes) }
    : { ...base, action: 'update', reason: reasonForUpdate(attributes) }
}

const compareObject = (sides: Sides, input: DiffInput): readonly AttributeChange[] => {
  const { desired, recorded, believed } = sides
  const values = compareAttributes(sides, input.lineage)
  const place = compareAddress(recorded, desired)
  const left = input.lineage.leftBehind.get(desired.address)
  if (left) {
    const replaced = [...place, ...values, newGeneration(desired, left, input)]
    return isLost(recorded, input.view) ? [...blameLoss(replaced, desired, input), GONE] : replaced
  }
  if (values.length > 0 && isFrozen(recorded, input.view)) {
    const next = nameAnew(sides, input)
    const renewed = compareAttributes({ ...sides, desired: next }, input.lineage)
    return [...place, ...blameLoss(renewed, next, input), GONE]
  }
  return [...place, ...values, ...compareListing(recorded, believed)]
}

/** A file that gives it another name has chosen the next one already. */
const nameAnew = ({ desired, recorded }: Sides, { declared, view }: DiffInput): DesiredObject => {
  const object = declared.get(desired.address)
  const names = new Set([...declared.values()].map(({ attributes }) => String(attributes.name)))
  return object ? renewFrozen(object, recorded, { view, declared: names }) : desired
}

/** No file asked for the name of a later generation. */
const blameLoss = (
  attributes: readonly AttributeChange[],
  { address, attributes: { name } }: DesiredObject,
  { declared }: DiffInput,
): readonly AttributeChange[] =>
  name === declared.get(address)?.attributes.name
    ? attributes
    : attributes.map(change =>
        change.attribute === 'name' || change.attribute === 'cohort_id'
          ? { ...change, origin: 'drift' }
          : change,
      )

/** A manual segment cannot be renamed, and a name that somebody else changed is only set back. */
const isRenamed = (kind: ObjectKind, attributes: readonly AttributeChange[]): boolean =>
  (kind === 'cohort' || kind === 'sendable') &&
  (isGone({ attributes }) ||
    attributes.some(({ attribute, origin }) => attribute === 'name' && origin !== 'drift'))

/** The record itself moves: its address is the first thing that differs. */
const compareAddress = (recorded: RecordedObject, desired: DesiredObject): AttributeChange[] =>
  recorded.address === desired.address
    ? []
    : [
        {
          attribute: 'address',
          before: recorded.address,
          after: desired.address,
          belief: 'recorded',
          origin: 'file',
          recordedAt: recorded.recordedAt,
        },
      ]

const newGeneration = (
  { audience }: DesiredObject,
  { object }: LeftBehind,
  { workspace, view }: DiffInput,
): AttributeChange => ({
  attribute: 'cohort_id',
  ...(object.attributes.cohort_id === undefined ? {} : { before: object.attributes.cohort_id }),
  after: chooseCohortId(workspace, audience, view.cohortIds),
  belief: 'recorded',
  origin: 'file',
  recordedAt: object.recordedAt,
})

/** Chosen when the object was made, and kept: the specs do not say it. */
const REMEMBERED: ReadonlySet<string> = new Set(['cohort_id'])

interface Sides {
  readonly desired: DesiredObject
  readonly recorded: RecordedObject
  readonly believed: Believed
}

const compareAttributes = ({ desired, recorded, believed }: Sides, lineage: Lineage): AttributeChange[] =>
  attributeNames(recorded.attributes, desired.attributes).flatMap(attribute => {
    if (REMEMBERED.has(attribute)) return []
    const wanted = desired.attributes[attribute]
    const remembered = translate(attribute, recorded.attributes[attribute], lineage)
    const shown = translate(attribute, believed.observed[attribute], lineage)
    const change = compareValue({
      attribute,
      ...(wanted === undefined ? {} : { desired: wanted }),
      ...(remembered === undefined ? {} : { recorded: remembered }),
      ...(shown === undefined ? {} : { observed: shown }),
      belief: believed.beliefs[attribute] ?? 'recorded',
      recordedAt: recorded.recordedAt,
    })
    return change && (change.origin !== 'drift' || canSetBack(desired.kind)) ? [change] : []
  })

/**
 * Whether what somebody changed at a vendor can be changed back. A cohort's name cannot, nor can that of the segment
 * that a binding reads: both are drift, and no change. A manual segment's cannot either, which a guard says.
 */
const canSetBack = (kind: ObjectKind): boolean => kind === 'sendable' || kind === 'source'
