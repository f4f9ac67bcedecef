import type { Adoption } from '../model/audience.ts'
import { unreachable } from '../model/invariant.ts'
import type { Address, AttributeChange, Attributes, Belief, ObjectKind, PlanValue } from '../model/plan.ts'
import { attributesOfSendable } from './believed.ts'
import { attributeNames, compareValue } from './compare.ts'
import type { DiffInput, DraftChange } from './draft.ts'
import type { DesiredObject } from './graph.ts'
import { chooseCohortId, translate } from './lineage.ts'
import type { View } from './view.ts'

/** What is declared and not recorded: taken over when its spec says so and it is there, else made. */
export const adoptOrCreate = (desired: DesiredObject, input: DiffInput): DraftChange => {
  const audience = input.audiences.get(desired.audience)
  const found = audience?.adopt && findExisting(desired, audience.adopt, input)
  return found ?? create(desired, audience?.adopt, input)
}

const create = (desired: DesiredObject, adoption: Adoption | undefined, input: DiffInput): DraftChange => {
  const belief = beliefInAbsence(desired.kind, input.view)
  const attributes =
    desired.kind === 'cohort'
      ? { ...desired.attributes, cohort_id: adoption?.cohortId ?? chooseNext(desired, input) }
      : desired.attributes
  return {
    ...headOf(desired),
    action: 'create',
    reason: 'declared, not recorded yet',
    attributes: Object.entries(attributes).map(([attribute, after]) => ({
      attribute,
      after,
      belief,
      origin: 'file',
    })),
    compared: [],
  }
}

const headOf = ({ address, kind, audience }: DesiredObject) => ({ address, kind, audience })

const chooseNext = ({ audience }: DesiredObject, { workspace, view }: DiffInput): string =>
  chooseCohortId(workspace, audience, view.cohortIds)

/** How sure it is that there is no such thing yet. */
const beliefInAbsence = (kind: ObjectKind, { observed }: View): Belief => {
  if (kind === 'binding') return 'recorded'
  const list = kind === 'source' ? observed.sourceSegments : observed.segments
  return list.kind === 'read' ? 'read' : 'unknown'
}

const findExisting = (
  desired: DesiredObject,
  adoption: Adoption,
  input: DiffInput,
): DraftChange | undefined => {
  switch (desired.kind) {
    case 'binding':
      return undefined
    case 'source':
      return findSource(desired, input.view)
    case 'cohort':
      return findCohort(desired, adoption, input)
    case 'sendable':
      return findSendable(desired, input)
    default:
      return unreachable(desired.kind)
  }
}

const nameOf = ({ attributes }: DesiredObject): string => String(attributes.name)

/** The only manual segment of its name: among several, a person must choose. */
const findSource = (desired: DesiredObject, view: View): DraftChange | undefined => {
  const name = nameOf(desired)
  const [segment, another] = view.manualSegments(name)
  if (!segment || another) return undefined
  return adopt(desired, String(segment.segmentId), { shown: { name }, attributes: desired.attributes })
}

const findCohort = (
  desired: DesiredObject,
  { cohortId }: Adoption,
  input: DiffInput,
): DraftChange | undefined => {
  const name = nameOf(desired)
  const remoteId = findFree(name, input)
  if (remoteId === undefined) return undefined
  const former = input.view.recorded.tombstones.get(name)
  const cohort_id = cohortId ?? former?.cohortId ?? chooseNext(desired, input)
  return adopt(desired, remoteId, { shown: { name }, attributes: { ...desired.attributes, cohort_id } })
}

const findSendable = (desired: DesiredObject, input: DiffInput): DraftChange | undefined => {
  const remoteId = findFree(nameOf(desired), input)
  const reading = remoteId === undefined ? undefined : input.view.observed.sendables.get(remoteId)
  if (remoteId === undefined || reading?.kind !== 'read' || !reading.value) return undefined
  const shown = attributesOfSendable(reading.value, { addresses: input.addressesAfter })
  const translated = Object.fromEntries(
    Object.entries(shown).map(([attribute, value]) => [
      attribute,
      translate(attribute, value, input.lineage) ?? value,
    ]),
  )
  return adopt(desired, remoteId, { shown: translated, attributes: desired.attributes })
}

/** A listed segment of this name that no record of ours claims, and no other partner. */
const findFree = (
  name: string,
  { view: { segments, addresses } }: Pick<DiffInput, 'view'>,
): string | undefined => {
  if (segments.kind !== 'read') return undefined
  const listed = segments.value.findOwn(name)
  return listed && !addresses.has(listed.remoteId) ? listed.remoteId : undefined
}

/**
 * Addresses in MoEngage by the vendor's id, with the cohorts that this very plan takes over: filters that point at
 * one of those point at an address already.
 */
export const withAdoptable = (input: Omit<DiffInput, 'addressesAfter'>): ReadonlyMap<string, Address> => {
  const { audiences, desired, lineage, view } = input
  const addresses = new Map(view.addresses)
  for (const object of desired) {
    if (object.kind !== 'cohort' || !audiences.get(object.audience)?.adopt || lineage.recordedFor(object))
      continue
    const remoteId = findFree(nameOf(object), input)
    if (remoteId !== undefined) addresses.set(remoteId, object.address)
  }
  return addresses
}

interface Found {
  /** What the vendor shows of it. */
  readonly shown: Attributes
  /** What will be recorded. */
  readonly attributes: Attributes
}

const adopt = (desired: DesiredObject, remoteId: string, { shown, attributes }: Found): DraftChange => {
  const changes = attributeNames(attributes).flatMap(attribute => {
    const after = attributes[attribute]
    return after === undefined ? [] : [compareShown(attribute, after, shown[attribute])]
  })
  return {
    ...headOf(desired),
    action: 'adopt',
    reason: 'there already, and its spec says to take it over',
    remoteId,
    attributes: changes,
    compared: changes.map(({ belief }) => ({ belief })),
  }
}

/** What nobody shows is taken from the spec; what is shown and is as declared has no before of its own. */
const compareShown = (
  attribute: string,
  after: PlanValue,
  observed: PlanValue | undefined,
): AttributeChange => {
  if (observed === undefined) return { attribute, after, belief: 'recorded', origin: 'file' }
  const change = compareValue({ attribute, desired: after, observed, recorded: observed, belief: 'read' })
  return change ?? { attribute, after, belief: 'read', origin: 'file' }
}

/** Whether taking a sendable segment over changes its filters: only then is the vendor called. */
export const changesDefinition = ({ attributes }: Pick<DraftChange, 'attributes'>): boolean =>
  attributes.some(({ before }) => before !== undefined)
