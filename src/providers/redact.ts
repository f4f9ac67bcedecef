/**
 * The sieve that words of a vendor pass before they may stand in a failure. Free text never passes: it may repeat an
 * identifier that we sent. What passes is one of a list, a short token, or the name of a segment.
 */

/** The word itself when it is on the list, else undefined. */
export const pickKnown = (word: unknown, known: ReadonlySet<string>): string | undefined =>
  typeof word === 'string' && known.has(word) ? word : undefined

/** A support reference such as `a1b2c3`, or undefined for anything that is not a short token. */
export const pickReference = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[A-Za-z0-9_-]{1,40}$/.test(value) ? value : undefined

/** A segment's name on one line, cut at 200 characters. Names belong to the workspace, never to a person. */
export const pickName = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.replace(/\p{C}/gu, ' ').slice(0, 200) : undefined

/** A segment's name as it is, for comparing. Undefined when `pickName` would have to alter it. */
export const pickExactName = (value: unknown): string | undefined => {
  const name = pickName(value)
  return name === value ? name : undefined
}

/** A key that a header can carry: printable ASCII, no spaces. A line break at the end is the usual mistake. */
export const isUsableKey = (key: string): boolean => /^[\x21-\x7e]+$/.test(key)
