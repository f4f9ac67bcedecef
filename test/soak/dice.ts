/** Chance that comes again: the same seed throws the same. */
export interface Dice {
  /** In [0, 1). */
  roll(): number
  /** A whole number from 0 to `count` − 1. */
  below(count: number): number
  happens(probability: number): boolean
  pick<T>(from: readonly T[]): T | undefined
  /** Up to `count` different ones. */
  draw<T>(from: readonly T[], count: number): readonly T[]
}

/** Mulberry32: 32 bits of state are enough for a month of small decisions. */
export const createDice = (seed: number): Dice => {
  let state = seed >>> 0
  const roll = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number): number => Math.floor(roll() * count)
  return {
    roll,
    below,
    happens: probability => roll() < probability,
    pick: from => from[below(from.length)],
    draw: (from, count) => {
      const rest = [...from]
      const drawn = []
      while (drawn.length < count && rest.length > 0) drawn.push(...rest.splice(below(rest.length), 1))
      return drawn
    },
  }
}
