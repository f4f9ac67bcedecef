/** A 32-bit hash of a seed and up to three numbers: the only source of chance in the emulators. */
export const hashNumbers = (seed: number, a: number, b = 0, c = 0): number => {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b)
  h = Math.imul((h ^ (h >>> 13)) + a, 0xc2b2ae35)
  h = Math.imul((h ^ (h >>> 16)) + b, 0x27d4eb2f)
  h = Math.imul((h ^ (h >>> 15)) + c, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** The same hash as a fraction in [0, 1). */
export const hashFraction = (seed: number, a: number, b = 0, c = 0): number =>
  hashNumbers(seed, a, b, c) / 0x1_0000_0000

/** `digits` hexadecimal digits that depend on the seed, a purpose and a number. */
export const hashHex = (seed: number, purpose: number, n: number, digits: number): string => {
  let text = ''
  for (let part = 0; text.length < digits; part++) {
    text += hashNumbers(seed, purpose, n, part).toString(16).padStart(8, '0')
  }
  return text.slice(0, digits)
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Letters as the vendors use them for request references. */
export const hashLetters = (seed: number, n: number, count: number): string => {
  let text = ''
  for (let i = 0; i < count; i++) text += LETTERS.charAt(hashNumbers(seed, n, i) % LETTERS.length)
  return text
}
