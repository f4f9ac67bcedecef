import type { SkipReason } from '../model/membership.ts'

/** Finds identifiers, and counts the people who have none that can be sent. */
export interface Identification {
  /** The identifier that a person's value is sent as, or undefined when they cannot be sent. */
  identify(value: string | undefined): string | undefined
  readonly skipped: Readonly<Record<SkipReason, number>>
}

/** Nobody was skipped yet. */
export const NOBODY_SKIPPED: Identification['skipped'] = {
  'no-identifier': 0,
  'reserved-identifier': 0,
  'unsendable-identifier': 0,
}

/** What decides about an identifier. */
export interface IdentificationRules {
  /** The destination's word on what it never takes. */
  readonly refuses: (identifier: string) => SkipReason | undefined
  /** Brings a value into the form that the destination has; undefined when it is none. Absent: sent as it is. */
  readonly format?: ((value: string) => string | undefined) | undefined
  /** How many were skipped by the read that this one goes on with. */
  readonly skipped?: Identification['skipped']
}

/**
 * A value is sent unchanged unless its key names a format: MoEngage matches it byte for byte, so a trimmed or lowered one
 * would be another person's. One call for each person, and nothing made on the way: this runs ten million times.
 */
export const createIdentification = ({
  refuses,
  format,
  skipped: before,
}: IdentificationRules): Identification => {
  const skipped = { ...NOBODY_SKIPPED, ...before }
  return {
    skipped,
    identify: value => {
      if (value === undefined || value === '') {
        skipped['no-identifier'] += 1
        return undefined
      }
      const identifier = format ? format(value) : value
      const reason = identifier === undefined ? 'unsendable-identifier' : refuses(identifier)
      if (reason === undefined) return identifier
      skipped[reason] += 1
      return undefined
    },
  }
}
