import assert from 'node:assert/strict'
import type { PeopleExports, SourceReader, SourceSegment, SourceWriter } from '../../src/ports.ts'
import { failure, lieAboutWrite, READ_LIES, WRITE_LIES } from './lies.ts'
import type { LyingParts } from './lying-moengage.ts'

/** Data-driven segments that are always there. */
export const SEGMENTS = [
  { segmentId: 11, name: 'Customers' },
  { segmentId: 12, name: 'Readers' },
  { segmentId: 13, name: 'Shoppers' },
  { segmentId: 14, name: 'Visitors' },
] as const

const PEOPLE = Array.from({ length: 12 }, (_each, index) => `usr_${index + 1}`)

interface Kept extends SourceSegment {
  readonly people: Set<string>
}

/** A small Customer.io in memory: data-driven segments whose people change, and manual ones. */
export interface LyingCustomerio {
  readonly reader: SourceReader
  readonly writer: SourceWriter
  readonly exports: PeopleExports
  /** Somebody enters a data-driven segment, or leaves it. */
  movePerson(pick: number): void
  /** No segment is left without anybody. */
  fillEmpty(): void
  addForeign(name: string): void
  /** Somebody deletes what others made, but for these. */
  clearForeign(kept: ReadonlySet<string>): void
  /** Somebody is recorded as about to be sent: from then on they may have arrived. */
  intending(segmentId: string, identifiers: readonly string[]): void
  isOurs(segmentId: number): boolean
  hasForeign(name: string): boolean
}

export interface SourceWatch {
  filling(segmentId: number): Promise<void>
  deleting(segmentId: number): Promise<void>
  making(name: string): Promise<void>
}

export const createLyingCustomerio = ({ liar, kill }: LyingParts, watch: SourceWatch): LyingCustomerio => {
  const segments = new Map<number, Kept>()
  const ours = new Set<number>()
  /** Whom muster was about to send into which segment, as `101 usr_1`: nobody else may be taken out of it. */
  const sent = new Set<string>()
  let nextId = 101
  const add = (segment: Omit<SourceSegment, 'isFinished'>, people: readonly string[]): void => {
    segments.set(segment.segmentId, { ...segment, isFinished: true, people: new Set(people) })
  }
  const addManual = (name: string, people: readonly string[] = []): number => {
    add({ segmentId: nextId, name, type: 'manual' }, people)
    nextId += 1
    return nextId - 1
  }
  for (const { segmentId, name } of SEGMENTS)
    add({ segmentId, name, type: 'dynamic' }, PEOPLE.slice(0, segmentId - 8))

  const show = ({ people: _people, ...segment }: Kept): SourceSegment => segment
  const orFail = <T>(answer: T): T => {
    if (liar.draw(['refuse'])) throw failure(false)
    return answer
  }
  const reader: SourceReader = {
    listSegments: async () => {
      const lie = liar.draw(READ_LIES)
      if (lie === 'refuse') throw failure(false)
      return [...segments.values()].filter(() => lie !== 'omit' || liar.random() < 0.7).map(show)
    },
    readSegment: async id => {
      const segment = orFail(segments.get(id))
      return segment && show(segment)
    },
    countPeople: async id => orFail(segments.get(id)?.people.size ?? 0),
    readPeoplePage: async id => ({
      people: [...orFail(segments.get(id)?.people ?? [])].map(each => ({ person: `c_${each}`, value: each })),
    }),
    readSegmentUse: async () => orFail({ campaigns: 0, newsletters: 0 }),
  }
  const writer: SourceWriter = {
    createSegment: async ({ name }) => {
      await watch.making(name)
      const create = () => {
        const segmentId = addManual(name)
        ours.add(segmentId)
        return { segmentId }
      }
      return lieAboutWrite(liar.draw(WRITE_LIES), create, kill)
    },
    changePeople: async (id, direction, ids) => {
      await watch.filling(id)
      if (direction === 'remove')
        for (const each of ids) assert.ok(sent.has(`${id} ${each}`), `${id} loses whom muster never sent`)
      const change = () => {
        const people = segments.get(id)?.people
        for (const each of ids) {
          if (direction === 'add') people?.add(each)
          else people?.delete(each)
        }
      }
      const lie = liar.draw([...WRITE_LIES, 'drop'])
      lieAboutWrite(lie, () => (lie === 'drop' ? undefined : change()), kill)
    },
    deleteSegment: async id => {
      await watch.deleting(id)
      lieAboutWrite(liar.draw(WRITE_LIES), () => void segments.delete(id), kill)
    },
  }
  const none = () => assert.fail('no audience is read from an export')
  const exports: PeopleExports = { listExports: none, startExport: none, readExport: none, readPeople: none }
  return {
    reader,
    writer,
    exports,
    intending: (segmentId, identifiers) => {
      for (const each of identifiers) sent.add(`${segmentId} ${each}`)
    },
    movePerson: pick => {
      const people = segments.get(SEGMENTS[pick % SEGMENTS.length]?.segmentId ?? 0)?.people
      const person = PEOPLE[Math.floor(pick / 7) % PEOPLE.length]
      if (!people || person === undefined) return
      if (!people.delete(person)) people.add(person)
    },
    fillEmpty: () => {
      for (const { people, type } of segments.values())
        if (people.size === 0 && type === 'dynamic') people.add('usr_1')
    },
    addForeign: name => void addManual(name, PEOPLE),
    clearForeign: kept => {
      for (const { segmentId, type } of segments.values())
        if (type === 'manual' && !ours.has(segmentId) && !kept.has(String(segmentId)))
          segments.delete(segmentId)
    },
    isOurs: id => ours.has(id),
    hasForeign: name =>
      [...segments.values()].some(
        each => each.type === 'manual' && each.name === name && !ours.has(each.segmentId),
      ),
  }
}
