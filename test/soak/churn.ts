import type { Shop } from '../faults/shop.ts'
import type { Dice } from './dice.ts'
import type { Moved } from './programme.ts'

/** The people of the shop as the soak moves them about. */
export interface Churn {
  /** Everybody's life of one hour. */
  pass(): Promise<void>
  /** A few more come and go, for a moment in which that must not happen. */
  stir(): Promise<void>
}

const FIRST = 11
const FIRST_MEMBERS = 60
const MOST_MOVING = 5
/** How likely each is within an hour. Somebody is deleted about once a day. */
const LIKELY = {
  newId: 0.3,
  swap: 0.15,
  lost: 0.1,
  found: 0.1,
  shared: 0.05,
  junk: 0.05,
  twin: 0.05,
  deleted: 0.04,
}
const JUNK = ['guest', '0', 'NA', ' ', 'null']

/** Fills the segments, and begins to move people in and out, to give and take ids, and to delete some. */
export const beginChurn = async (
  shop: Shop,
  moved: Moved,
  dice: Dice,
  population: number,
): Promise<Churn> => {
  const segments = [...moved.values()]
  const people = new Set(Array.from({ length: population - FIRST + 1 }, (_each, index) => FIRST + index))
  const ids = new Map<number, string | null>()
  const without = new Set<number>()
  let made = 0

  for (const segmentId of segments) await shop.putIn(segmentId, dice.draw([...people], FIRST_MEMBERS))

  const someone = (): number => dice.pick([...people]) ?? FIRST
  const idOf = (person: number): string | null => ids.get(person) ?? `usr_${String(person).padStart(10, '0')}`
  const call = async (person: number, id: string | null): Promise<void> => {
    ids.set(person, id)
    if (id === null) without.add(person)
    else without.delete(person)
    await shop.callPerson(person, id)
  }
  const callAnew = (person: number): Promise<void> => {
    made += 1
    return call(person, `usr_new_${made}`)
  }

  const changes: Readonly<Record<keyof typeof LIKELY, () => Promise<void>>> = {
    newId: () => callAnew(someone()),
    swap: async () => {
      const [one, other] = [someone(), someone()]
      const [first, second] = [idOf(one), idOf(other)]
      await call(one, second)
      await call(other, first)
    },
    lost: () => call(someone(), null),
    found: async () => {
      const person = dice.pick([...without])
      if (person !== undefined) await callAnew(person)
    },
    shared: () => call(someone(), idOf(someone())),
    junk: () => call(someone(), dice.pick(JUNK) ?? null),
    twin: async () => {
      const person = someone()
      const id = idOf(person)
      await call(person, id === id?.toUpperCase() ? (id?.toLowerCase() ?? null) : (id?.toUpperCase() ?? null))
    },
    deleted: async () => {
      const person = someone()
      people.delete(person)
      without.delete(person)
      await shop.deletePerson(person)
    },
  }

  const move = async (): Promise<void> => {
    for (const segmentId of segments) {
      await shop.takeOut(segmentId, dice.draw([...people], dice.below(3 * MOST_MOVING)))
      await shop.putIn(segmentId, dice.draw([...people], dice.below(MOST_MOVING)))
    }
  }
  return {
    pass: async () => {
      await move()
      for (const [name, probability] of Object.entries(LIKELY))
        if (dice.happens(probability)) await changes[name as keyof typeof LIKELY]()
    },
    stir: move,
  }
}
