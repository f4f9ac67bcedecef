const LONGEST_QUOTE = 60

/**
 * Characters that a reviewer cannot see or that reorder what they see: controls, a lone carriage return, line and
 * paragraph separators, bidirectional embeddings, overrides and isolates, zero-width spaces, tag characters. Joiners
 * and direction marks stay allowed, because emoji and right-to-left scripts need them.
 */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point.
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|\r(?!\n)|[\u{e0000}-\u{e007f}]/u

const LONE_SURROGATE = /\p{Surrogate}/gu

/** True for text that holds half of a character, which UTF-8 cannot carry. */
export const hasLoneSurrogate = (text: string): boolean => text.search(LONE_SURROGATE) !== -1

/** Kept apart from the one above: a global expression remembers where it stopped. */
const EVERY_INVISIBLE = new RegExp(INVISIBLE, 'gu')

/** Where the invisible characters of a text are, as offsets in UTF-16 units. */
export const findInvisible = (text: string): readonly { readonly offset: number; readonly name: string }[] =>
  Array.from(text.matchAll(EVERY_INVISIBLE), match => ({
    offset: match.index,
    name: nameCharacter(match[0]),
  }))

/** True when at least one is there. Cheap, for the many texts that have none. */
export const hasInvisible = (text: string): boolean => INVISIBLE.test(text)

/** The text with each invisible character shown as a box of the same width, safe for a terminal. */
export const showInvisible = (text: string): string =>
  text.replaceAll(EVERY_INVISIBLE, character => '\ufffd'.repeat(character.length))

/** A user's text inside a sentence: in quotes, on one line, visible, not too long. */
export const quoteText = (text: string): string => {
  const oneLine = showInvisible(text.replaceAll(/\s+/g, ' '))
  const shown = oneLine.length > LONGEST_QUOTE ? `${oneLine.slice(0, LONGEST_QUOTE - 1)}…` : oneLine
  return `"${shown.replaceAll(LONE_SURROGATE, '\ufffd')}"`
}

const nameCharacter = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
