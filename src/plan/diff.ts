import { compareText } from '../model/diagnostic.ts'
import type { Address, AttributeChange, Attributes, Change, Drift, PlanValue } from '../model/plan.ts'
import type { RecordedObject, RecordedState } from '../model/recorded.ts'
import type { ObservedSendable } from '../ports.ts'
import type { DesiredObject } from './graph.ts'
import { findByName, type Observed } from './observed.ts'

export interface DiffInput {
  readonly desired: readonly DesiredObject[]
  readonly recorded: RecordedState
  readonly observed: Observed
}

export interface DiffResult {
  readonly changes: readonly Change[]
  readonly drift: readonly Drift[]
}

/** Compares three views, one object at a time. Order of the answer is the order in which apply works. */
export const diffObjects = (input: DiffInput): DiffResult => {
  const wanted = new Map(input.desired.map(object => [object.address, object]))
  const changes = input.desired.map(object => changeOf(object, input))
  const retirements = [...input.recorded.objects.values()]
    .filter(({ address }) => !wanted.has(address))
    .map(retire)
  return {
    changes: [...changes, ...retirements].sort(byApplyOrder),
    drift: [...input.recorded.objects.values()].flatMap(object => driftOf(object, input)),
  }
}

const CREATE_ORDER = { cohort: 0, binding: 1, sendable: 2 } as const
const RETIRE_ORDER = { sendable: 3, binding: 4, cohort: 5 } as const

/** Cohorts, bindings, sendable segments; then what goes away, outermost first. */
const byApplyOrder = (a: Change, b: Change): number => rank(a) - rank(b) || compareText(a.address, b.address)

const rank = ({ action, kind }: Change): number =>
  action === 'retire' ? RETIRE_ORDER[kind] : CREATE_ORDER[kind]

const changeOf = (desired: DesiredObject, input: DiffInput): Change => {
  const recorded = input.recorded.objects.get(desired.address)
  if (!recorded) return create(desired)
  const attributes = [
    ...compareAttributes(recorded, believedAttributes(recorded, input), desired.attributes),
    ...pendingListing(recorded, input),
  ]
  const { address, kind, audience } = desired
  if (attributes.length === 0) {
    return { address, kind, audience, action: 'none', reason: 'as declared', attributes }
  }
  return {
    address,
    kind,
    audience,
    action: 'update',
    reason: reasonFor(attributes),
    attributes,
  }
}

const create = ({ address, kind, audience, attributes }: DesiredObject): Change => ({
  address,
  kind,
  audience,
  action: 'create',
  reason: 'declared, not recorded yet',
  attributes: Object.entries(attributes).map(([attribute, after]) => ({
    attribute,
    after,
    belief: 'recorded',
  })),
})

const retire = ({ address, kind, audience, attributes, recordedAt }: RecordedObject): Change => ({
  address,
  kind,
  audience,
  action: 'retire',
  reason: kind === 'sendable' ? 'no longer declared' : 'its file is gone',
  attributes: Object.entries(attributes).map(([attribute, before]) => ({
    attribute,
    before,
    belief: 'recorded',
    recordedAt,
  })),
})

const reasonFor = (attributes: readonly AttributeChange[]): string => {
  const listing = attributes.find(({ attribute }) => attribute === LISTED)
  if (!listing || attributes.length > 1) return 'differs from its file'
  return listing.before === 'now'
    ? 'MoEngage lists it now; its id is to be recorded'
    : 'accepted by MoEngage, not seen in its list so far'
}

/** Not an attribute that anyone declares: whether the list showed the object, compared only while it is pending. */
export const LISTED = 'listed'

/** A created object counts as done only once MoEngage lists it: a bad name may be dropped with a 200. */
const pendingListing = (recorded: RecordedObject, { observed }: DiffInput): AttributeChange[] => {
  if (recorded.status !== 'pending') return []
  const name = recorded.attributes.name
  const isListed = typeof name === 'string' && findByName(observed.segments, name) !== undefined
  return [{ attribute: LISTED, before: isListed ? 'now' : 'not yet', after: 'yes', belief: 'read' }]
}

interface Believed {
  readonly attributes: Attributes
  readonly belief: 'read' | 'recorded'
}

/** What the object is like: read where MoEngage lets us (sendable segments), else what we recorded. */
const believedAttributes = (recorded: RecordedObject, input: DiffInput): Believed => {
  const sendable = recorded.kind === 'sendable' ? observedSendable(recorded, input) : undefined
  return sendable
    ? { attributes: attributesOfSendable(sendable, input.recorded), belief: 'read' }
    : { attributes: recorded.attributes, belief: 'recorded' }
}

const observedSendable = (recorded: RecordedObject, { observed }: DiffInput): ObservedSendable | undefined =>
  recorded.remoteId === undefined ? undefined : observed.sendables.get(recorded.remoteId)

const attributesOfSendable = (sendable: ObservedSendable, recorded: RecordedState): Attributes => {
  if (sendable.kind === 'foreign')
    return { name: sendable.name, include: 'filters that muster would not write' }
  const addresses = new Map<string, Address>()
  for (const { address, remoteId } of recorded.objects.values())
    if (remoteId) addresses.set(remoteId, address)
  const nameOf = (remoteId: string): string => addresses.get(remoteId) ?? `segment ${remoteId}`
  return {
    name: sendable.name,
    include: nameOf(sendable.include),
    exclude: sendable.exclude.map(nameOf).sort(compareText),
  }
}

const compareAttributes = (
  recorded: RecordedObject,
  believed: Believed,
  desired: Attributes,
): AttributeChange[] => {
  const names = new Set([...Object.keys(believed.attributes), ...Object.keys(desired)])
  return [...names].flatMap(attribute => {
    const before = believed.attributes[attribute]
    const after = desired[attribute]
    if (isSameValue(before, after)) return []
    return {
      attribute,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      belief: believed.belief,
      ...(believed.belief === 'recorded' ? { recordedAt: recorded.recordedAt } : {}),
    }
  })
}

const isSameValue = (a: PlanValue | undefined, b: PlanValue | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

/** What MoEngage shows against what we recorded, whatever the specs say. */
const driftOf = (recorded: RecordedObject, input: DiffInput): Drift[] => {
  const { address, remoteId } = recorded
  if (recorded.kind === 'binding' || recorded.status === 'pending' || remoteId === undefined) return []
  const isListed = input.observed.segments.some(segment => segment.remoteId === remoteId)
  const sendable = observedSendable(recorded, input)
  if (recorded.kind === 'cohort' ? !isListed : !sendable) {
    return [{ address, attribute: 'listed', detail: 'MoEngage no longer shows it: archived, or gone.' }]
  }
  if (!sendable) return []
  return compareAttributes(
    recorded,
    { attributes: attributesOfSendable(sendable, input.recorded), belief: 'read' },
    recorded.attributes,
  ).map(({ attribute }) => ({ address, attribute, detail: `"${attribute}" was changed in MoEngage.` }))
}
