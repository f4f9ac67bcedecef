import type { Address, Attributes } from '../model/plan.ts'
import type { RecordedObject, RecordedState } from '../model/recorded.ts'

/** Whether a recorded sendable segment includes or excludes the object. */
export const refersTo = ({ include, exclude }: Attributes, address: Address): boolean =>
  include === address || (Array.isArray(exclude) && exclude.includes(address))

/** The recorded sendable segments that point at an object. */
export const findReferring = (
  { objects }: Pick<RecordedState, 'objects'>,
  address: Address,
): readonly RecordedObject[] =>
  [...objects.values()].filter(({ kind, attributes }) => kind === 'sendable' && refersTo(attributes, address))
