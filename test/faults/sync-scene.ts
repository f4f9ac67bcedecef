import { DAY_MS, HOUR_MS } from '../../src/model/time.ts'
import type { OracleRules } from './oracle.ts'
import type { Shop } from './shop.ts'
import type { Story } from './story.ts'

/** The exit rules that every fault meets. The two kinds of sticky are two rules. */
export const EXITS = {
  remove: { written: '{ rule: remove }', meant: { rule: 'remove' } },
  'sticky from entry': {
    written: '{ rule: sticky, for: 50h, from: entry }',
    meant: { rule: 'sticky', from: 'entry', forMs: 50 * HOUR_MS },
  },
  'sticky from exit': {
    written: '{ rule: sticky, for: 1d, from: exit }',
    meant: { rule: 'sticky', from: 'exit', forMs: DAY_MS },
  },
  keep: {
    written: '{ rule: keep, because: "Whoever was once invited stays invited." }',
    meant: { rule: 'keep' },
  },
} as const satisfies Readonly<
  Record<string, { readonly written: string; readonly meant: OracleRules['exit'] }>
>

export type ExitName = keyof typeof EXITS

const POPULATION = 600
const FIRST = 101
const SIZE = 240

/** People by their number: from the n-th of the segment on. */
export const peopleFrom = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_each, index) => FIRST + first + index)

/** Somebody who enters on the third day: a fault may pick on them alone. */
const ENTERING = peopleFrom(SIZE + 20, 1)[0] ?? 0

/** The id that somebody was born with. */
const bornIdOf = (person: number): string => `usr_${String(person).padStart(10, '0')}`
export const ENTERING_ID = bornIdOf(ENTERING)

const passFirstDay = async (shop: Shop, segmentId: number): Promise<void> => {
  await shop.takeOut(segmentId, peopleFrom(0, 20))
  await shop.putIn(segmentId, peopleFrom(SIZE, 20))
}

/**
 * People leave, enter and come back; some get another id, two pairs swap theirs, some lose theirs, some are deleted; two
 * come to share one, one gets an id that MoEngage refuses, and one the same in capital letters.
 */
const passThirdDay = async (shop: Shop, segmentId: number): Promise<void> => {
  await shop.takeOut(segmentId, [...peopleFrom(20, 30), ...peopleFrom(SIZE, 5)])
  await shop.putIn(segmentId, [...peopleFrom(0, 5), ...peopleFrom(SIZE + 20, 60)])
  for (const person of peopleFrom(50, 10)) await shop.callPerson(person, `usr_renamed_${person}`)
  const [a = 0, b = 0, c = 0, d = 0] = peopleFrom(60, 4)
  await shop.callPerson(a, bornIdOf(b))
  await shop.callPerson(b, bornIdOf(a))
  await shop.callPerson(c, bornIdOf(d))
  await shop.callPerson(d, bornIdOf(c))
  for (const person of peopleFrom(64, 3)) await shop.callPerson(person, null)
  for (const person of peopleFrom(67, 2)) await shop.deletePerson(person)
  const [twin = 0, sharing = 0, shared = 0, refused = 0] = peopleFrom(69, 4)
  await shop.callPerson(twin, bornIdOf(twin).toUpperCase())
  await shop.callPerson(shared, `usr_shared_${shared}`)
  await shop.callPerson(sharing, `usr_shared_${shared}`)
  await shop.callPerson(refused, 'guest')
}

/** Two syncs that go well, and a third day on which everything happened that a sync can meet. */
const writeStory = (exit: ExitName, isByAttribute: boolean): Story => ({
  population: POPULATION,
  exit: EXITS[exit].meant,
  writtenExit: EXITS[exit].written,
  isByAttribute,
  days: [
    { act: (shop, segmentId) => shop.putIn(segmentId, peopleFrom(0, SIZE)), isSynced: true },
    { after: '1d', act: passFirstDay, isSynced: true },
    { after: '2d', act: passThirdDay, isSynced: false },
  ],
})

const stories = new Map<string, Story>()

/** The story of an exit rule and an identifier: one for all faults that meet it. */
export const storyOf = (exit: ExitName, isByAttribute = false): Story => {
  const key = `${exit} ${isByAttribute}`
  const story = stories.get(key) ?? writeStory(exit, isByAttribute)
  stories.set(key, story)
  return story
}
