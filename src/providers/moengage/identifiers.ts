import type { SkipReason } from '../../model/membership.ts'

/** Values that MoEngage will not have as a user's id, in lower case. Placeholders that apps send before a login. */
const REFUSED: ReadonlySet<string> = new Set([
  'unknown',
  'guest',
  'null',
  'none',
  'true',
  'false',
  'na',
  'n/a',
  '-2',
  '-1',
  '0',
  '1',
  '2',
  '""',
  '(empty)',
  'id',
  'uid',
  'userid',
  'user_id',
  'customer_id',
  'user_attribute_unique_id',
  'dummy_seller_code',
])

/** An id of Customer.io is never longer, and a value that is has been mistaken for one. */
const MAX_BYTES = 150

/** Control characters, and halves of surrogate pairs, which UTF-8 cannot carry. */
const UNSENDABLE = /[\p{Cc}\p{Cs}]/u

/** Whether a refused value has so many characters: ordinary ids mostly have another number, and need no closer look. */
const REFUSED_LENGTHS: readonly boolean[] = [...REFUSED].reduce<boolean[]>(
  (lengths, { length }) => {
    lengths[length] = true
    return lengths
  },
  new Array<boolean>(Math.max(...[...REFUSED].map(({ length }) => length)) + 1).fill(false),
)

const SPACE = 0x20
const TILDE = 0x7e

/** An id of visible ASCII, not too long, and of a length that no refused value has. It is one that MoEngage takes. */
const isOrdinary = (identifier: string): boolean => {
  const { length } = identifier
  if (length > MAX_BYTES || REFUSED_LENGTHS[length] === true) return false
  for (let n = 0; n < length; n += 1) {
    const code = identifier.charCodeAt(n)
    if (code <= SPACE || code > TILDE) return false
  }
  return length > 0
}

/** Why MoEngage would not take this identifier. It skips them without a word, so they are counted before they go. */
export const refuseIdentifier = (identifier: string): SkipReason | undefined =>
  isOrdinary(identifier) ? undefined : refuseUnusual(identifier)

const refuseUnusual = (identifier: string): SkipReason | undefined => {
  const bare = identifier.trim()
  if (bare === '' || UNSENDABLE.test(identifier)) return 'unsendable-identifier'
  if (REFUSED.has(bare.toLowerCase())) return 'reserved-identifier'
  return Buffer.byteLength(identifier) > MAX_BYTES ? 'unsendable-identifier' : undefined
}
