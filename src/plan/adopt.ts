import type { Adoption } from '../model/audience.ts'
import type { Attributes, Belief, ObjectKind } from '../model/plan.ts'
import type { SourceSegment } from '../ports.ts'
import { attributesOfSendable } from './believed.ts'
import { attributeNames, compareValue } from './compare.ts'
import type { DiffInput, DraftChange } from './diff.ts'
import type { DesiredObject } from './graph.ts'
import { chooseCohortId } from './lineage.ts'
import type { View } from './view.ts'

/** What is declared and not recorded: taken over when its spec says so and it is there, else made. */
export const adoptOrCreate = (desired: DesiredObject, input: DiffInput): DraftChange => {
  const audience = input.audiences.get(desired.audience)
  const found = audience?.adopt && findExisting(desired, audience.adopt, input)
  return found ?? create(desired, audience?.adopt, input)
}

const create = (desired: DesiredObject, adoption: Adoption | undefined, input: DiffInput): DraftChange => {
  const belief = beliefInAbsence(desired.kind, input.view)
  return {
    ...headOf(desired),
    action: 'create',
    reason: 'declared, not recorded yet',
    attributes: Object.entries({ ...desired.attributes, ...remembered(desired, adoption, input) }).map(
      ([attribute, after]) => ({ attribute, after, belief, origin: 'file' }),
    ),
    compared: [],
  }
}

const headOf = ({ address, kind, audience }: DesiredObject) => ({ address, kind, audience })

/** A cohort is sent under an id that is chosen with it and never comes back. */
const remembered = (
  { kind, audience }: DesiredObject,
  adoption: Adoption | undefined,
  input: DiffInput,
): Attributes =>
  kind === 'cohort'
    ? { cohort_id: adoption?.cohortId ?? chooseCohortId(input.workspace, audience, input.view.cohortIds) }
    : {}

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
  const name = String(desired.attributes.name)
  switch (desired.kind) {
    case 'binding':
      return undefined
    case 'source':
      return findSource(desired, name, input.view)
    case 'cohort': {
      const remoteId = findFree(name, input.view)
      if (remoteId === undefined) return undefined
      const attributes = { ...desired.attributes, ...remembered(desired, adoption, input) }
      return adopt(desired, remoteId, { shown: { name }, attributes })
    }
    case 'sendable': {
      const remoteId = findFree(name, input.view)
      const reading = remoteId === undefined ? undefined : input.view.observed.sendables.get(remoteId)
      if (remoteId === undefined || reading?.kind !== 'read' || !reading.value) return undefined
      const shown = attributesOfSendable(reading.value, withAdopted(desired, input))
      return adopt(desired, remoteId, { shown, attributes: desired.attributes })
    }
  }
}

/** A listed segment of this name that no record of ours claims. */
const findFree = (name: string, { segments, addresses }: View): string | undefined => {
  if (segments.kind !== 'read') return undefined
  const remoteId = segments.value.find(name)?.remoteId
  return remoteId === undefined || addresses.has(remoteId) ? undefined : remoteId
}

/** Cohorts that are taken over in the same plan have their address already, as far as filters are concerned. */
const withAdopted = (
  { attributes }: DesiredObject,
  { desired, view }: DiffInput,
): Pick<View, 'addresses'> => {
  const addresses = new Map(view.addresses)
  const references = new Set([
    attributes.include,
    ...(Array.isArray(attributes.exclude) ? attributes.exclude : []),
  ])
  for (const each of desired) {
    if (!references.has(each.address)) continue
    const remoteId = findFree(String(each.attributes.name), view)
    if (remoteId !== undefined) addresses.set(remoteId, each.address)
  }
  return { addresses }
}

const findSource = (desired: DesiredObject, name: string, view: View): DraftChange | undefined => {
  const [segment, another] = manualSegments(name, view)
  if (!segment || another) return undefined
  return adopt(desired, String(segment.segmentId), { shown: { name }, attributes: desired.attributes })
}

/** Manual segments of this name: Customer.io does not keep names apart. */
export const manualSegments = (name: string, { observed }: View): readonly SourceSegment[] =>
  observed.sourceSegments.kind === 'read'
    ? [...observed.sourceSegments.value.values()].filter(each => each.type === 'manual' && each.name === name)
    : []

interface Found {
  /** What the vendor shows of it. */
  readonly shown: Attributes
  /** What will be recorded. */
  readonly attributes: Attributes
}

const adopt = (desired: DesiredObject, remoteId: string, { shown, attributes }: Found): DraftChange => ({
  ...headOf(desired),
  action: 'adopt',
  reason: 'there already, and its spec says to take it over',
  remoteId,
  attributes: attributeNames(attributes).flatMap(attribute => {
    const value = attributes[attribute]
    const observed = shown[attribute]
    if (value === undefined) return []
    const difference = observed === undefined ? undefined : compareShown(attribute, value, observed)
    return (
      difference ?? {
        attribute,
        after: value,
        belief: observed === undefined ? 'recorded' : 'read',
        origin: 'file',
      }
    )
  }),
  compared: [],
})

const compareShown = (attribute: string, desired: Attributes[string], observed: Attributes[string]) => {
  const change = compareValue({ attribute, desired, observed, recorded: observed, belief: 'read' })
  return change && { ...change, origin: 'file' as const }
}

/** Whether taking a sendable segment over changes its filters: only then is the vendor called. */
export const changesDefinition = ({ attributes }: Pick<DraftChange, 'attributes'>): boolean =>
  attributes.some(({ before }) => before !== undefined)
