import type { AudienceId } from '../model/audience.ts'
import type { Address, ObjectKind } from '../model/plan.ts'

export const sourceAddress = (audience: AudienceId): Address => `source.${audience}`
export const cohortAddress = (audience: AudienceId): Address => `cohort.${audience}`
export const bindingAddress = (audience: AudienceId): Address => `binding.${audience}`
export const sendableAddress = (audience: AudienceId): Address => `sendable.${audience}`

/** The address of an object of this kind. */
export const addressOf = (kind: ObjectKind, audience: AudienceId): Address => `${kind}.${audience}`

/** The audience, or the ledger key, of an address. */
export const audienceOf = (address: string): string => address.slice(address.indexOf('.') + 1)

/** Attributes of a sendable segment that hold addresses. */
const REFERENCES: readonly string[] = ['include', 'exclude']

/** Whether an attribute holds addresses of other objects. */
export const isReference = (attribute: string): boolean => REFERENCES.includes(attribute)
