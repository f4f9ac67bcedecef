import type { AttributeChange } from '../model/plan.ts'
import { audienceOfKey, isLeftBehind } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import { addressOf } from './address.ts'
import { believe } from './believed.ts'
import { attributeNames, compareValue } from './compare.ts'
import { beliefsOf, type DiffInput, type DraftChange } from './draft.ts'
import { isLost } from './generation.ts'
import type { DesiredObject } from './graph.ts'
import { type LeftBehind, translate } from './lineage.ts'
import { LISTED } from './listing.ts'

/** What is recorded and no spec asks for: kept while its audience is suspended, let go of when told to, else retired. */
export const draftUndeclared = (input: DiffInput): readonly DraftChange[] => {
  const { lineage, view, workspace } = input
  const forgotten = new Set(workspace.forget)
  const suspended = findSuspended(input)
  return [
    ...[...lineage.leftBehind.values()].map(left => retireLeftBehind(left, input)),
    ...[...view.recorded.objects.values()]
      .filter(({ address }) => !lineage.claimed.has(address))
      .map(object => {
        const id = audienceOfKey(object.audience)
        if (suspended.has(id)) return leaveSuspended(object, input)
        return forgotten.has(id) ? forget(object, input) : retire(object, input)
      }),
    ...input.suspended.filter(object => !isRecorded(object, input)).map(leaveUnmade),
  ]
}

/** Ids of suspended audiences, and those that they had before. */
const findSuspended = ({ audiences }: DiffInput): ReadonlySet<string> =>
  new Set(
    [...audiences.values()].flatMap(({ id, movedFrom, isSuspended }) =>
      isSuspended ? [id, ...(movedFrom === undefined ? [] : [movedFrom])] : [],
    ),
  )

const isRecorded = ({ address, kind, audience }: DesiredObject, { audiences, view }: DiffInput): boolean => {
  const { objects } = view.recorded
  const former = audiences.get(audience)?.movedFrom
  return objects.has(address) || (former !== undefined && objects.has(addressOf(kind, former)))
}

const leaveSuspended = (object: RecordedObject, { view }: DiffInput): DraftChange => {
  const { address, kind, audience } = object
  const compared = beliefsOf(object, believe(object, view))
  return {
    address,
    kind,
    audience,
    action: 'none',
    reason: 'suspended: left as it is',
    attributes: [],
    compared,
  }
}

const leaveUnmade = ({ address, kind, audience }: DesiredObject): DraftChange => ({
  address,
  kind,
  audience,
  action: 'none',
  reason: 'suspended: not made',
  attributes: [],
  compared: [],
})

const goAway = (
  object: RecordedObject,
  { lineage, view }: DiffInput,
): Pick<DraftChange, 'kind' | 'attributes' | 'compared'> => {
  const believed = believe(object, view)
  return {
    kind: object.kind,
    attributes: attributeNames(object.attributes).flatMap((attribute): AttributeChange[] => {
      const remembered = translate(attribute, object.attributes[attribute], lineage)
      const shown = translate(attribute, believed.observed[attribute], lineage)
      const change = compareValue({
        attribute,
        ...(remembered === undefined ? {} : { recorded: remembered }),
        ...(shown === undefined ? {} : { observed: shown }),
        belief: believed.beliefs[attribute] ?? 'recorded',
        recordedAt: object.recordedAt,
      })
      return change ? [change] : []
    }),
    compared: beliefsOf(object, believed),
  }
}

/** Everything of an audience that gets another id moves with it, what is to go away included. */
const standAt = (
  { address, kind, audience }: RecordedObject,
  { lineage: { movedTo } }: DiffInput,
): Pick<DraftChange, 'address' | 'audience' | 'from'> => {
  const id = movedTo.get(audience)
  return id === undefined
    ? { address, audience }
    : { address: addressOf(kind, id), audience: id, from: address }
}

const retire = (object: RecordedObject, input: DiffInput): DraftChange => {
  const isDropped = isLeftBehind(object.audience) && isLost(object, input.view)
  const going = goAway(object, input)
  return {
    ...(isDropped ? withLoss(going) : going),
    ...standAt(object, input),
    action: 'retire',
    reason: isDropped ? LOST : reasonForRetiring(object, input),
  }
}

const reasonForRetiring = ({ kind, audience }: RecordedObject, { audiences, lineage }: DiffInput): string => {
  const isMoved = lineage.movedTo.has(audience)
  if (isLeftBehind(audience)) return LEFT_BEHIND
  if (!audiences.has(audience) && !isMoved) return 'its file is gone'
  return kind === 'sendable' ? 'its audience has no suppression any more' : 'no longer declared'
}

const LEFT_BEHIND = 'left behind by the rename'
const LOST = 'lost, and replaced by another one'

/** Members of a cohort that is there no more have nowhere to be removed from. */
const withLoss = <T extends Pick<DraftChange, 'attributes'>>(going: T): T => ({
  ...going,
  attributes: [
    ...going.attributes,
    { attribute: LISTED, before: 'gone', belief: 'read', origin: 'drift' } satisfies AttributeChange,
  ],
})

/** What the record will hold once the rename is done: said now, so that the whole of it is reviewed. */
const retireLeftBehind = ({ object, address, key }: LeftBehind, input: DiffInput): DraftChange => {
  const isDropped = isLost(object, input.view)
  const going = goAway(object, input)
  return {
    ...(isDropped ? withLoss(going) : going),
    address,
    audience: key,
    action: 'retire',
    reason: isDropped ? LOST : LEFT_BEHIND,
  }
}

const forget = (object: RecordedObject, input: DiffInput): DraftChange => ({
  ...goAway(object, input),
  ...standAt(object, input),
  action: 'forget',
  reason: 'muster is told to let go of it',
})
