import { invariant } from '../model/invariant.ts'
import type { SpooledPerson } from '../ports.ts'

/** Between person and identifier, neither of which may hold a control character. */
const UNIT_SEPARATOR = 0x1f
const LINE_FEED = 0x0a
const SPACE = 0x20
const TILDE = 0x7e

/** UTF-8 never takes more bytes for one unit of a JavaScript text. */
const MOST_BYTES_PER_UNIT = 3

/** Rows of a page as bytes. They are overwritten by the next ones, so they must be written by then. */
export type RowEncoder = (people: readonly SpooledPerson[]) => Uint8Array

/**
 * Writes rows byte by byte as they are checked, with no text in between: building one string of a page and looking
 * through it takes ten times as long, and as much again to encode it.
 */
export const createRowEncoder = (): RowEncoder => {
  let target = Buffer.allocUnsafe(1 << 20)
  const makeRoom = (at: number, units: number): void => {
    const needed = at + units * MOST_BYTES_PER_UNIT + 2
    if (needed <= target.length) return
    const grown = Buffer.allocUnsafe(2 * needed)
    target.copy(grown, 0, 0, at)
    target = grown
  }
  return people => {
    let at = 0
    for (const { person, identifier = '' } of people) {
      makeRoom(at, person.length + identifier.length)
      invariant(person !== '', 'a person cannot be spooled')
      at = writeText(target, at, person)
      target[at] = UNIT_SEPARATOR
      at = writeText(target, at + 1, identifier)
      target[at] = LINE_FEED
      at += 1
    }
    return target.subarray(0, at)
  }
}

/** Writes a text and answers where it ends. One delimiter too many would split a person in two, and remove somebody else. */
const writeText = (target: Buffer, from: number, text: string): number => {
  let at = from
  for (let n = 0; n < text.length; n += 1) {
    const unit = text.charCodeAt(n)
    if (unit < SPACE || unit > TILDE) return from + writeUnusual(target, from, text)
    target[at] = unit
    at += 1
  }
  return at
}

const CONTROL = /\p{Cc}/u

const writeUnusual = (target: Buffer, from: number, text: string): number => {
  invariant(!CONTROL.test(text) && text.isWellFormed(), 'a person cannot be spooled')
  return target.write(text, from)
}
