import { hashFraction, hashNumbers } from './random.ts'

/** Who a person is, to Customer.io. Everybody has a cio_id; the rest may be missing. */
export interface Identity {
  cio_id: string
  id: string | null
  email: string | null
}

/** A change that a test makes to one person. */
export interface IdentityEdit {
  id?: string | null
  email?: string | null
  deleted?: boolean
  /** Added to those they were born with, or put in their place; null takes one away. */
  attributes?: Readonly<Record<string, string | null>>
}

/** The people of the shop. A person is an index from 1 to `size`; nothing is stored for each but edits. */
export interface Population {
  readonly size: number
  readonly seed: number
  isHere(index: number): boolean
  identityOf(index: number): Identity
  /** `customer_ref` repeats the id a person was born with, as an attribute that may serve as identifier. */
  attributesOf(index: number): Record<string, string>
  indexOf(idType: IdType, value: string): number | undefined
  /** By cio_id, whoever was deleted too: so that they can come back. */
  indexOfAnybody(cioId: string): number | undefined
  edit(index: number, edit: IdentityEdit): void
}

/** What a person can be found by. */
export type IdType = 'id' | 'email' | 'cio_id'

/** The first ten people of the shop are its staff, `emp_001` to `emp_010`. */
export const STAFF_COUNT = 10

// People 21, 34, 55, … carry an id that some client once sent by mistake and that MoEngage refuses.
const JUNK_IDS = new Map([
  [21, 'guest'],
  [34, 'null'],
  [55, '0'],
  [89, 'customer_id'],
  [144, 'NA'],
  [233, 'true'],
  [377, 'unknown'],
])
const JUNK_INDEXES = new Map([...JUNK_IDS].map(([index, id]) => [id, index]))

const WITHOUT_ID = 0.015
const WITHOUT_EMAIL = 0.03
const COUNTRIES = ['DE', 'FR', 'NL', 'AT', 'IT', 'ES', 'PL', 'SE'] as const
const SALT = { id: 101, email: 102, country: 103, tester: 104 } as const

/** The id a person was born with, before any edit. */
export const bornId = (seed: number, index: number): string | null => {
  if (index <= STAFF_COUNT) return `emp_${String(index).padStart(3, '0')}`
  const junk = JUNK_IDS.get(index)
  if (junk !== undefined) return junk
  if (hashFraction(seed, SALT.id, index) < WITHOUT_ID) return null
  return `usr_${String(index).padStart(10, '0')}`
}

const bornEmail = (seed: number, index: number): string | null => {
  if (index <= STAFF_COUNT) return `staff${index}@example.com`
  return hashFraction(seed, SALT.email, index) < WITHOUT_EMAIL ? null : `person${index}@example.com`
}

const CIO_PREFIX = '0300'
const cioIdOf = (index: number): string => CIO_PREFIX + index.toString(16).padStart(8, '0')

const numberIn = (value: string, shape: RegExp, radix = 10): number | undefined => {
  const digits = shape.exec(value)?.[1]
  return digits === undefined ? undefined : Number.parseInt(digits, radix)
}

/** The person born with this id, if the id has the shape of one. */
export const indexOfBornId = (id: string): number | undefined =>
  numberIn(id, /^usr_(\d{10})$/) ?? numberIn(id, /^emp_(\d{3})$/) ?? JUNK_INDEXES.get(id)

const guessIndex = (idType: IdType, value: string): number | undefined => {
  if (idType === 'id') return indexOfBornId(value)
  if (idType === 'cio_id') return numberIn(value, /^(?:cio_)?0300([0-9a-f]{8})$/, 16)
  const email = value.toLowerCase()
  return numberIn(email, /^person(\d+)@example\.com$/) ?? numberIn(email, /^staff(\d+)@example\.com$/)
}

/** The same seed and size give the same people, always. */
export const createPopulation = (seed: number, size: number): Population => {
  const edits = new Map<number, IdentityEdit>()
  const isHere = (index: number): boolean => index >= 1 && index <= size && !edits.get(index)?.deleted
  const identityOf = (index: number): Identity => {
    const edit = edits.get(index)
    return {
      cio_id: cioIdOf(index),
      id: edit?.id === undefined ? bornId(seed, index) : edit.id,
      email: edit?.email === undefined ? bornEmail(seed, index) : edit.email,
    }
  }
  const isCalled = (index: number, idType: IdType, value: string): boolean => {
    if (!isHere(index)) return false
    const identity = identityOf(index)
    if (idType === 'id') return identity.id === value
    if (idType === 'cio_id') return true
    return identity.email?.toLowerCase() === value.toLowerCase()
  }
  return {
    size,
    seed,
    isHere,
    identityOf,
    indexOf: (idType, value) => {
      const guess = guessIndex(idType, value)
      if (guess !== undefined && isCalled(guess, idType, value)) return guess
      return [...edits.keys()].find(index => isCalled(index, idType, value))
    },
    indexOfAnybody: cioId => {
      const index = guessIndex('cio_id', cioId)
      return index !== undefined && index >= 1 && index <= size ? index : undefined
    },
    attributesOf: index => {
      const id = bornId(seed, index)
      const born = {
        is_employee: String(index <= STAFF_COUNT),
        is_tester: String(index <= STAFF_COUNT || hashNumbers(seed, SALT.tester, index) % 1000 === 0),
        country: COUNTRIES[hashNumbers(seed, SALT.country, index) % COUNTRIES.length] ?? 'DE',
        ...(id === null ? {} : { customer_ref: id }),
      }
      const edited = Object.entries({ ...born, ...edits.get(index)?.attributes })
      return Object.fromEntries(edited.filter((entry): entry is [string, string] => entry[1] !== null))
    },
    edit: (index, edit) => {
      const before = edits.get(index)
      const attributes = { ...before?.attributes, ...edit.attributes }
      edits.set(index, { ...before, ...edit, attributes })
    },
  }
}
