import leven, { closestMatch } from 'leven'

/** Comparing costs the product of both lengths, and a hostile folder has thousands of mistakes. */
const LONGEST_WORD = 60
const MOST_WORDS = 1_000

/** The allowed word that was probably meant, or undefined when none is near enough to be worth a suggestion. */
export const findNearestWord = (written: string, allowed: readonly string[]): string | undefined => {
  const lower = written.toLowerCase()
  const exceptCase = allowed.find(word => word.toLowerCase() === lower)
  if (exceptCase !== undefined) return exceptCase
  if (written.length > LONGEST_WORD || allowed.length > MOST_WORDS) return undefined
  const nearest = closestMatch(written, [...allowed])
  if (nearest === undefined) return undefined
  const distance = leven(written, nearest)
  const isNear = distance <= Math.max(1, Math.floor(nearest.length / 3)) && distance < nearest.length
  return isNear && !isOneOfMany(written, nearest, allowed) ? nearest : undefined
}

/** Of two letters, one is always near some other: among the codes of countries, "UK" is as near to six of them. */
const isOneOfMany = (written: string, nearest: string, allowed: readonly string[]): boolean =>
  nearest.length <= 2 && allowed.filter(word => leven(written, word) === leven(written, nearest)).length > 1

/** `did you mean "x"?` when there is a near word, otherwise what to do instead. */
export const suggestWord = (written: string, allowed: readonly string[], otherwise: string): string => {
  const nearest = findNearestWord(written, allowed)
  return nearest === undefined ? otherwise : `did you mean "${nearest}"?`
}

/** Words in a sentence: `a`, `a or b`, `a, b or c`. */
export const joinWords = (words: readonly string[], last: 'and' | 'or'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
