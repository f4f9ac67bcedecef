import type { SkipReason } from '../model/membership.ts'

export type Identified =
  | { readonly kind: 'identifier'; readonly identifier: string }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }

/**
 * The identifier that a value is sent as, unchanged: MoEngage matches it byte for byte, so a trimmed or lowered one
 * would be another person's. `refuses` is the destination's word on what it never takes.
 */
export const identifyPerson = (
  value: string | undefined,
  refuses: (identifier: string) => SkipReason | undefined,
): Identified => {
  if (value === undefined || value === '') return { kind: 'skipped', reason: 'no-identifier' }
  const reason = refuses(value)
  return reason ? { kind: 'skipped', reason } : { kind: 'identifier', identifier: value }
}
