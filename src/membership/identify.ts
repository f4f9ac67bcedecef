import type { IdentifierKey } from '../model/audience.ts'
import { invariant, unreachable } from '../model/invariant.ts'
import type { Member, SkipReason, SourcePerson } from '../model/membership.ts'

export type Identified =
  | { readonly kind: 'member'; readonly member: Member }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }

/**
 * Finds the identifier under which a person is sent, unchanged: MoEngage matches it byte for byte, so a trimmed or
 * lowered one would be another person's. `refuses` is the destination's word on what it never takes.
 */
export const identifyPerson = (
  person: SourcePerson,
  key: IdentifierKey,
  refuses: (identifier: string) => SkipReason | undefined,
): Identified => {
  const identifier = pickIdentifier(person, key)
  if (identifier === undefined || identifier === '') return { kind: 'skipped', reason: 'no-identifier' }
  const reason = refuses(identifier)
  if (reason) return { kind: 'skipped', reason }
  return { kind: 'member', member: { person: person.person, identifier } }
}

const pickIdentifier = (person: SourcePerson, key: IdentifierKey): string | undefined => {
  switch (key.kind) {
    case 'id':
      return person.id
    case 'email':
      return person.email
    case 'cio_id':
      return person.person
    case 'attribute':
      invariant(false, 'attribute keys are refused before anything is read')
      return undefined
    default:
      return unreachable(key)
  }
}
