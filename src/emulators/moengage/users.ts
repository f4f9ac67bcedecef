import type { Population } from '../population.ts'
import { bornId, indexOfBornId } from '../population.ts'
import { hashFraction, hashHex } from '../random.ts'

/** The users that MoEngage knows: most of the shop's people who have an id. */
export interface Users {
  isKnown(uid: string): boolean
  /** All known uids; costs a pass over the shop. */
  listAll(): string[]
  attributesOf(uid: string): Record<string, string | boolean>
  /** The uid of an internal id, if it belongs to a known user. */
  findByInternalId(internalId: string): string | undefined
  add(uid: string): void
  remove(uid: string): void
}

const UNKNOWN_SHARE = 0.03
const SALT = { known: 401, internalId: 402 } as const

// The user ids that the vendor refuses, compared without case and surrounding blanks.
const REFUSED = new Set([
  'unknown',
  'guest',
  'null',
  '0',
  '1',
  'true',
  'false',
  'user_attribute_unique_id',
  '(empty)',
  'na',
  'n/a',
  '',
  'dummy_seller_code',
  'user_id',
  'id',
  'customer_id',
  'uid',
  'userid',
  'none',
  '-2',
  '-1',
  '2',
])

/** Whether the vendor refuses this value as a user id. */
export const isRefusedUid = (uid: string): boolean => REFUSED.has(uid.trim().toLowerCase())

/** The users born with the shop, plus and minus what tests add and remove. */
export const createUsers = (population: Population): Users => {
  const { seed, size } = population
  const added = new Set<string>()
  const removed = new Set<string>()
  const isBorn = (uid: string): boolean => {
    const index = indexOfBornId(uid)
    if (index === undefined || index > size || bornId(seed, index) !== uid) return false
    return uid.startsWith('emp_') || hashFraction(seed, SALT.known, index) >= UNKNOWN_SHARE
  }
  const isKnown = (uid: string): boolean => {
    if (removed.has(uid) || isRefusedUid(uid)) return false
    return added.has(uid) || isBorn(uid)
  }
  const internalIdOf = (uid: string): string => {
    const index =
      indexOfBornId(uid) ?? [...uid].reduce((sum, char) => sum * 31 + (char.codePointAt(0) ?? 0), 7) % 1e9
    return hashHex(seed, SALT.internalId, index, 24)
  }
  const listAll = (): string[] => {
    const uids = new Set(added)
    for (let index = 1; index <= size; index++) {
      const uid = bornId(seed, index)
      if (uid !== null && isKnown(uid)) uids.add(uid)
    }
    return [...uids]
  }
  return {
    isKnown,
    listAll,
    attributesOf: uid => {
      const index = indexOfBornId(uid)
      const attributes = index === undefined ? undefined : population.attributesOf(index)
      return {
        customer_id: uid,
        id: internalIdOf(uid),
        is_employee: attributes?.is_employee === 'true',
        country: attributes?.country ?? '',
      }
    },
    findByInternalId: internalId => listAll().find(uid => internalIdOf(uid) === internalId),
    add: uid => {
      removed.delete(uid)
      added.add(uid)
    },
    remove: uid => {
      added.delete(uid)
      removed.add(uid)
    },
  }
}
