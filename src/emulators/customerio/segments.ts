import type { ShopClock } from '../clock.ts'
import type { Population } from '../population.ts'
import { createEvaluator } from '../population-segments.ts'
import { hashNumbers } from '../random.ts'
import { seedSegments } from './seeded-segments.ts'

/** How far a segment is from complete. */
export const SEGMENT_STATES = ['events', 'build', 'events_queued', 'build_queued', 'finished'] as const

/** One of SEGMENT_STATES. */
type SegmentState = (typeof SEGMENT_STATES)[number]

/** A segment of the workspace. */
export interface Segment {
  id: number
  name: string
  description: string
  state: SegmentState
  progress: number | null
  type: 'dynamic' | 'manual'
  tags: string[] | null
  createdAt: number
  updatedAt: number
  /** Somebody has edited the definition so that it matches nobody. */
  isEmptied: boolean
  usedBy: { campaigns: number[]; sent_newsletters: number[]; draft_newsletters: number[] }
  /** Who was put into a manual segment. */
  members: Set<number>
}

/** The workspace's segments and who is in them. */
export interface SegmentRegistry {
  list(): Segment[]
  find(id: number): Segment | undefined
  createManual(name: string, description: string): Segment
  remove(id: number): void
  touch(segment: Segment): void
  /** Who is in the segment by its definition, in ascending order: the truth. */
  peopleIn(segment: Segment): readonly number[]
  /** Who the API shows: while the segment is building, only a part of the truth. */
  shownIn(segment: Segment): readonly number[]
}

const FIRST_CREATED_ID = 101
const SHOWN_SALT = 201

/** The shop's ten segments, ready to be read, edited and added to. */
export const createSegmentRegistry = (population: Population, clock: ShopClock): SegmentRegistry => {
  const evaluator = createEvaluator(population, clock)
  const segments = new Map(seedSegments(population.size).map(segment => [segment.id, segment]))
  let nextId = FIRST_CREATED_ID
  const nowSeconds = (): number => Math.floor(clock.nowMs() / 1000)

  const peopleIn = (segment: Segment): readonly number[] => {
    if (segment.isEmptied) return []
    const people =
      segment.type === 'manual' ? [...segment.members].sort((a, b) => a - b) : evaluator.peopleIn(segment.id)
    return people.filter(person => population.isHere(person))
  }

  return {
    list: () => [...segments.values()],
    find: id => segments.get(id),
    createManual: (name, description) => {
      const at = nowSeconds()
      const segment: Segment = {
        id: nextId++,
        name,
        description,
        state: 'finished',
        progress: null,
        type: 'manual',
        tags: null,
        createdAt: at,
        updatedAt: at,
        isEmptied: false,
        usedBy: { campaigns: [], sent_newsletters: [], draft_newsletters: [] },
        members: new Set(),
      }
      segments.set(segment.id, segment)
      return segment
    },
    remove: id => void segments.delete(id),
    touch: segment => {
      segment.updatedAt = Math.max(nowSeconds(), segment.updatedAt + 1)
    },
    peopleIn,
    shownIn: segment => {
      const people = peopleIn(segment)
      if (segment.state === 'finished') return people
      const done = segment.progress ?? 0
      return people.filter(person => hashNumbers(population.seed, SHOWN_SALT, person) % 100 < done)
    },
  }
}
