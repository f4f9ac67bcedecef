import { FailureError } from '../../src/model/failure.ts'
import { CrashError } from '../support/memory-store.ts'

/** What a vendor does in place of what it was asked, or what happens to the process that asks. */
export type Lie = 'refuse' | 'lose, done' | 'lose, not done' | 'drop' | 'omit' | 'die before' | 'die after'

/** Draws lies. The same seed draws the same ones. */
export interface Liar {
  /** How often, from 0 to 1. */
  rate: number
  draw(lies: readonly Lie[]): Lie | undefined
  /** A number in [0, 1), for what a lie concerns. */
  random(): number
}

export const createLiar = (seed: number): Liar => {
  let state = seed >>> 0
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const liar: Liar = {
    rate: 0,
    random,
    draw: lies => (random() < liar.rate ? lies[Math.floor(random() * lies.length)] : undefined),
  }
  return liar
}

/** An answer that says no, or none at all. */
export const failure = (outcomeUnknown: boolean): FailureError =>
  new FailureError({
    origin: 'moengage',
    code: 'provider/unavailable',
    detail: 'It answered with 503.',
    retryable: true,
    ...(outcomeUnknown ? { outcomeUnknown } : {}),
  })

export const READ_LIES: readonly Lie[] = ['refuse', 'omit']
export const WRITE_LIES: readonly Lie[] = [
  'refuse',
  'lose, done',
  'lose, not done',
  'die before',
  'die after',
]

/** Does a write, or what the lie makes of it. `kill` keeps the process from doing anything more. */
export const lieAboutWrite = <T>(lie: Lie | undefined, work: () => T, kill: () => void): T => {
  switch (lie) {
    case undefined:
    case 'drop':
    case 'omit':
      return work()
    case 'refuse':
      throw failure(false)
    case 'lose, not done':
      throw failure(true)
    case 'lose, done':
      work()
      throw failure(true)
    case 'die after':
      work()
      kill()
      throw new CrashError()
    case 'die before':
      kill()
      throw new CrashError()
  }
}
