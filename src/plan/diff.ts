import type { Audience, AudienceId } from '../model/audience.ts'
import { compareText } from '../model/diagnostic.ts'
import { unreachable } from '../model/invariant.ts'
import type { AttributeChange, Belief, Change, ObjectKind } from '../model/plan.ts'
import { audienceOfKey } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import type { Workspace } from '../model/workspace.ts'
import { adoptOrCreate } from './adopt.ts'
import { type Believed, believe } from './believed.ts'
import { attributeNames, compareValue, weakestBelief } from './compare.ts'
import type { DesiredObject } from './graph.ts'
import { chooseCohortId, type LeftBehind, type Lineage, translate } from './lineage.ts'
import type { View } from './view.ts'

export interface DiffInput {
  readonly workspace: Workspace
  /** By id. */
  readonly audiences: ReadonlyMap<AudienceId, Audience>
  readonly desired: readonly DesiredObject[]
  readonly lineage: Lineage
  readonly view: View
}

/** A change before its calls are counted, with the belief of every value that was compared for it. */
export type DraftChange = Omit<Change, 'calls' | 'belief'> & { readonly compared: readonly ComparedBelief[] }

export interface ComparedBelief {
  readonly belief: Belief
  readonly recordedAt?: string
}

/** Compares three views, one object at a time. Order of the answer is the order in which apply works. */
export const diffObjects = (input: DiffInput): readonly DraftChange[] => {
  const { recorded } = input.view
  const undeclared = [...recorded.objects.values()].filter(({ address }) => !input.lineage.claimed.has(address))
  return [
    ...input.desired.map(object => changeOf(object, input)),
    ...[...input.lineage.leftBehind.values()].map(retireLeftBehind),
    ...undeclared.map(object => {
      const id = audienceOfKey(object.audience)
      if (input.audiences.get(id)?.isSuspended) return leaveSuspended(object, input)
      return input.workspace.forget.includes(id) ? forget(object) : retire(object)
    }),
  ].sort(byApplyOrder)
}

const FIRST_ORDER: Readonly<Record<ObjectKind, number>> = { source: 0, cohort: 1, binding: 2, sendable: 3 }
const LAST_ORDER: Readonly<Record<ObjectKind, number>> = { sendable: 4, binding: 5, cohort: 6, source: 7 }

/** Sources, cohorts, bindings, sendable segments; then what goes away, outermost first. */
const byApplyOrder = (a: DraftChange, b: DraftChange): number =>
  rank(a) - rank(b) || compareText(a.address, b.address)

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
  const left = input.lineage.leftBehind.get(desired.address)
  const attributes = [
    ...compareAddress(recorded, desired),
    ...compareAttributes({ desired, recorded, believed }, input.lineage),
    ...(left ? [newGeneration(desired, left, input)] : pendingListing(recorded, believed)),
  ]
  const { address, kind, audience } = desired
  const base = { address, kind, audience, attributes, compared: beliefsOf(recorded, believed, desired) }
  if (attributes.length === 0) return { ...base, action: 'none', reason: reasonForNone(believed) }
  if (recorded.address !== address)
    return { ...base, action: 'rename', reason: 'its audience has another id now', from: recorded.address }
  const isRenamed = kind !== 'source' && attributes.some(({ attribute }) => attribute === 'name')
  return isRenamed && kind !== 'binding' && !isOnlyDrift(attributes)
    ? { ...base, action: 'rename', reason: reasonForRename(kind) }
    : { ...base, action: 'update', reason: reasonForUpdate(attributes) }
}

const reasonForNone = ({ presence }: Believed): string =>
  presence === 'unlisted' ? 'as declared, but no longer listed' : 'as declared'

const reasonForRename = (kind: ObjectKind): string =>
  kind === 'cohort' ? 'a cohort cannot be renamed: a new one takes its place' : 'its cohort has another name'

const isOnlyDrift = (attributes: readonly AttributeChange[]): boolean =>
  attributes.every(({ origin }) => origin === 'drift')

const reasonForUpdate = (attributes: readonly AttributeChange[]): string => {
  const listing = attributes.find(({ attribute }) => attribute === LISTED)
  if (listing && attributes.length === 1) return LISTING_REASONS[String(listing.before)] ?? 'not listed'
  if (isOnlyDrift(attributes)) return 'was changed at the vendor; its file still says otherwise'
  return attributes.some(({ origin }) => origin !== 'file')
    ? 'differs from its file, and was changed at the vendor'
    : 'differs from its file'
}

/** Not an attribute that anyone declares: whether the list showed the object, compared only while it is pending. */
export const LISTED = 'listed'

const LISTING_REASONS: Readonly<Record<string, string>> = {
  now: 'the vendor lists it now; its id is to be recorded',
  'not yet': 'accepted by the vendor, not seen in its list so far',
  unknown: 'accepted by the vendor; its list could not be read',
  loading: 'not all members were carried over to it yet',
}

/** A created object counts as done only once its vendor lists it: a bad name may be dropped with a 200. */
const pendingListing = (recorded: RecordedObject, { presence }: Believed): AttributeChange[] => {
  if (recorded.status !== 'pending') return []
  const before = recorded.carriesFrom === undefined ? LISTING[presence] : 'loading'
  return [
    { attribute: LISTED, before, after: 'yes', belief: presence === 'unread' ? 'unknown' : 'read', origin: 'file' },
  ]
}

const LISTING: Readonly<Record<Believed['presence'], string>> = {
  listed: 'now',
  ours: 'now',
  unlisted: 'not yet',
  unread: 'unknown',
}

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
    return (
      compareValue({
        attribute,
        ...(wanted === undefined ? {} : { desired: wanted }),
        ...(remembered === undefined ? {} : { recorded: remembered }),
        ...(shown === undefined ? {} : { observed: shown }),
        belief: believed.beliefs[attribute] ?? 'recorded',
        recordedAt: recorded.recordedAt,
      }) ?? []
    )
  })

const beliefsOf = (
  { attributes, recordedAt }: RecordedObject,
  { beliefs }: Believed,
  desired?: DesiredObject,
): readonly ComparedBelief[] =>
  attributeNames(attributes, desired?.attributes ?? {}).map(attribute => {
    const belief = beliefs[attribute] ?? 'recorded'
    return belief === 'read' ? { belief } : { belief, recordedAt }
  })

const leaveSuspended = (object: RecordedObject, { view }: DiffInput): DraftChange => {
  const { address, kind, audience } = object
  const compared = beliefsOf(object, believe(object, view))
  return { address, kind, audience, action: 'none', reason: 'suspended: left as it is', attributes: [], compared }
}

const goAway = (object: RecordedObject): Pick<DraftChange, 'kind' | 'attributes' | 'compared'> => ({
  kind: object.kind,
  attributes: Object.entries(object.attributes).map(([attribute, before]) => ({
    attribute,
    before,
    belief: 'recorded',
    origin: 'file',
    recordedAt: object.recordedAt,
  })),
  compared: beliefsOf(object, { presence: 'ours', observed: {}, beliefs: {} }),
})

const retire = (object: RecordedObject): DraftChange => ({
  ...goAway(object),
  address: object.address,
  audience: object.audience,
  action: 'retire',
  reason: reasonForRetiring(object),
})

const reasonForRetiring = ({ kind, audience }: RecordedObject): string => {
  if (audience !== audienceOfKey(audience)) return LEFT_BEHIND
  return kind === 'sendable' || kind === 'source' ? 'no longer declared' : 'its file is gone'
}

const LEFT_BEHIND = 'left behind by the rename'

/** What the record will hold once the rename is done: said now, so that the whole of it is reviewed. */
const retireLeftBehind = ({ object, address, key }: LeftBehind): DraftChange => ({
  ...goAway(object),
  address,
  audience: key,
  action: 'retire',
  reason: LEFT_BEHIND,
})

const forget = (object: RecordedObject): DraftChange => ({
  ...goAway(object),
  address: object.address,
  audience: object.audience,
  action: 'forget',
  reason: 'muster is told to let go of it',
})

/** The change with its weakest belief, without what was only needed to count. */
export const closeDraft = ({ compared, ...draft }: DraftChange): Omit<Change, 'calls'> => ({
  ...draft,
  belief: weakestBelief([...compared, ...draft.attributes].map(({ belief }) => belief)),
})
