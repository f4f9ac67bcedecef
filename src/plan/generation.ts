import { SENDABLE_SUFFIX, sendableName } from '../model/audience.ts'
import type { RecordedObject } from '../model/recorded.ts'
import type { DesiredObject } from './graph.ts'
import type { View } from './view.ts'

/**
 * A cohort that a list showed once and does not show any more: archived, or gone. MoEngage gives its name to nobody
 * again, and says both that a cohort can be brought back and that it cannot, so that only another name is sure to work.
 * Nothing is lost by a list that could not be read, or that shows the name under another id.
 * Source: vendors' fact sheet for MoEngage, sections 2.4 and 2.6.
 */
export const isLost = (object: RecordedObject, view: View): boolean =>
  object.kind === 'cohort' && isUnlisted(object, view)

/**
 * A sendable segment that no list shows any more works on as it is, and cannot be changed.
 * Source: vendors' fact sheet for MoEngage, sections 2.6 and 3.3.
 */
export const isFrozen = (object: RecordedObject, view: View): boolean =>
  object.kind === 'sendable' && isUnlisted(object, view)

const isUnlisted = ({ status, remoteId, attributes }: RecordedObject, { segments }: View): boolean =>
  status === 'seen' &&
  remoteId !== undefined &&
  segments.kind === 'read' &&
  segments.value.get(remoteId) === undefined &&
  segments.value.findOwn(String(attributes.name)) === undefined

/**
 * The desired objects under the names that they really get: as declared, or that of a later generation, where the one
 * before was lost: `<declared>__G2`. Follows from what is declared, recorded and read alone, so that a name that was
 * made is wanted from then on.
 */
export const nameGenerations = (
  desired: readonly DesiredObject[],
  recordedFor: (desired: DesiredObject) => RecordedObject | undefined,
  view: View,
): readonly DesiredObject[] => {
  const declared = new Set(desired.map(({ attributes }) => String(attributes.name)))
  return desired.map(object => {
    const recorded = recordedFor(object)
    const generation = recorded && generationOf(object, recorded)
    if (!recorded || generation === undefined) return object
    return isLost(recorded, view)
      ? takeNextName(object, generation, { view, declared })
      : withName(object, String(recorded.attributes.name))
  })
}

/** The same object, but as another one that takes the place of what cannot be changed any more. */
export const renewFrozen = (
  declared: DesiredObject,
  recorded: RecordedObject,
  names: NamesInUse,
): DesiredObject => {
  const generation = generationOf(declared, recorded)
  return generation === undefined ? declared : takeNextName(declared, generation, names)
}

/** Names that are not to be had. */
export interface NamesInUse {
  readonly view: View
  /** What all objects are called by their specs. */
  readonly declared: ReadonlySet<string>
}

/** The first name of the generations to come that nobody has, and nobody had. */
const takeNextName = (object: DesiredObject, generation: number, names: NamesInUse): DesiredObject => {
  let next = generation + 1
  while (!isFree(nameAt(object, next), names)) next += 1
  return withName(object, nameAt(object, next))
}

const isFree = (name: string, { view, declared }: NamesInUse): boolean =>
  !declared.has(name) &&
  !view.names.has(name) &&
  !view.recorded.tombstones.has(name) &&
  view.twinsOf(name).length === 0 &&
  (view.segments.kind !== 'read' || view.segments.value.find(name) === undefined)

const withName = (object: DesiredObject, name: string): DesiredObject =>
  object.attributes.name === name ? object : { ...object, attributes: { ...object.attributes, name } }

/** Characters that a name may have. Source: vendors' fact sheet for MoEngage, section 6. */
const LONGEST_NAME = 200

/** What an object of this declared name is called in a generation. The first one is called as declared. */
const nameAt = ({ kind, attributes }: DesiredObject, generation: number): string => {
  const declared = String(attributes.name)
  if (generation === 1) return declared
  const suffix = `__G${generation}`
  if (kind === 'cohort') return `${declared.slice(0, LONGEST_NAME - suffix.length)}${suffix}`
  const stem = declared.slice(0, -SENDABLE_SUFFIX.length)
  return sendableName(`${stem.slice(0, LONGEST_NAME - suffix.length - SENDABLE_SUFFIX.length)}${suffix}`)
}

/** Which generation of the declared name a record has, or undefined when it is none: then its file was changed. */
const generationOf = (declared: DesiredObject, { attributes }: RecordedObject): number | undefined => {
  if (declared.kind !== 'cohort' && declared.kind !== 'sendable') return undefined
  const name = String(attributes.name)
  const generation = Number(/__G([1-9]\d*)(?:__Sendable)?$/.exec(name)?.[1] ?? 1)
  return nameAt(declared, generation) === name ? generation : undefined
}
