import { compareText } from '../model/diagnostic.ts'
import { unreachable } from '../model/invariant.ts'
import type { Attributes, Belief } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import type { ObservedSendable, SourceSegment } from '../ports.ts'
import { bareName } from './observed.ts'
import type { View } from './view.ts'

/** What is known of a recorded object now. */
export interface Believed {
  /** Whether a vendor shows it. `unlisted`: it was looked for and is not there. `unread`: nobody could look. */
  readonly presence: 'listed' | 'unlisted' | 'unread' | 'ours'
  /** Only what was read. */
  readonly observed: Attributes
  /** Of each attribute; those that are missing here are `recorded`. */
  readonly beliefs: Readonly<Record<string, Belief>>
}

/** Shown in place of filters that somebody else gave a sendable segment. */
export const FOREIGN_FILTERS = 'filters that muster would not write'

/** Confronts a record with what was read of it. */
export const believe = (object: RecordedObject, view: View): Believed => {
  switch (object.kind) {
    case 'source':
      return believeSource(object, view)
    case 'cohort':
      return believeCohort(object, view)
    case 'binding':
      return believeBinding(object, view)
    case 'sendable':
      return believeSendable(object, view)
    default:
      return unreachable(object.kind)
  }
}

const unread = (...attributes: readonly string[]): Believed => ({
  presence: 'unread',
  observed: {},
  beliefs: Object.fromEntries(attributes.map(attribute => [attribute, 'unknown'] as const)),
})

const UNLISTED: Believed = { presence: 'unlisted', observed: {}, beliefs: {} }

/** Of a cohort only its name is ever shown: what id it was sent under, and who is in it, never comes back. */
const believeCohort = (object: RecordedObject, { segments }: View): Believed => {
  if (segments.kind !== 'read') return unread('name')
  const name = String(object.attributes.name)
  const listed =
    object.remoteId === undefined ? segments.value.findOwn(name) : segments.value.get(object.remoteId)
  if (!listed) return UNLISTED
  // A partner's prefix is the vendor's own doing, and no new name.
  const shown = bareName(listed.name) === name ? name : listed.name
  return { presence: 'listed', observed: { name: shown }, beliefs: { name: 'read' } }
}

/** A manual segment's members are not read for a plan: that would cost a call a page. */
const believeSource = (object: RecordedObject, { observed, manualSegments }: View): Believed => {
  const { sourceSegments } = observed
  if (sourceSegments.kind !== 'read') return unread('name')
  const segment =
    object.remoteId === undefined
      ? onlyOne(manualSegments(String(object.attributes.name)))
      : sourceSegments.value.get(Number(object.remoteId))
  if (!segment) return UNLISTED
  return { presence: 'listed', observed: { name: segment.name }, beliefs: { name: 'read' } }
}

/** What a call without an answer may have made: told by its name, when there is but one of it. */
const onlyOne = <T>([found, another]: readonly T[]): T | undefined => (another ? undefined : found)

/** A binding lives in our store; what it says about its segment can be looked up. */
const believeBinding = (object: RecordedObject, { observed: { sourceSegments } }: View): Believed => {
  const segmentId = object.attributes.source_segment
  if (typeof segmentId !== 'number') return { presence: 'ours', observed: {}, beliefs: {} }
  if (sourceSegments.kind !== 'read') return { ...unread('source_segment', 'source_name'), presence: 'ours' }
  const segment: SourceSegment | undefined = sourceSegments.value.get(segmentId)
  return {
    presence: 'ours',
    observed: segment ? { source_segment: segmentId, source_name: segment.name } : {},
    beliefs: segment ? { source_segment: 'read', source_name: 'read' } : {},
  }
}

const believeSendable = (object: RecordedObject, view: View): Believed => {
  if (object.remoteId === undefined) return believePending(object, view)
  const reading = view.observed.sendables.get(object.remoteId)
  if (reading?.kind !== 'read') return unread('name', 'include', 'exclude')
  if (!reading.value) return UNLISTED
  return {
    presence: 'listed',
    observed: attributesOfSendable(reading.value, view),
    beliefs: { name: 'read', include: 'read', exclude: 'read' },
  }
}

const believePending = (object: RecordedObject, { segments }: View): Believed => {
  if (segments.kind !== 'read') return unread('name', 'include', 'exclude')
  return segments.value.findOwn(String(object.attributes.name))
    ? { presence: 'listed', observed: {}, beliefs: {} }
    : UNLISTED
}

/** A sendable segment as it was read, with addresses in place of the vendor's ids where they are ours. */
export const attributesOfSendable = (
  sendable: ObservedSendable,
  { addresses }: Pick<View, 'addresses'>,
): Attributes => {
  if (sendable.kind === 'foreign') return { name: sendable.name, include: FOREIGN_FILTERS, exclude: [] }
  const nameOf = (remoteId: string): string => addresses.get(remoteId) ?? `segment ${remoteId}`
  return {
    name: sendable.name,
    include: nameOf(sendable.include),
    exclude: sendable.exclude.map(nameOf).sort(compareText),
  }
}
