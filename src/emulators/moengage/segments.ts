import { DAY_MS } from '../durations.ts'
import { hashHex, hashNumbers } from '../random.ts'
import type { Definition } from './filters.ts'
import { fingerprintOf } from './filters.ts'

interface SegmentBase {
  readonly id: string
  name: string
  readonly createdAtMs: number
  updatedAtMs: number
  readonly type: string
  readonly source: string
  /** A query, a campaign or the use in a filter. Sync traffic is not a run. */
  lastRunAtMs: number
  /** Campaigns run it all the time, so it never grows old. */
  readonly isInUse: boolean
  archivedAtMs: number | undefined
}

/** A segment that is defined by filters; it can be read, changed and renamed. */
export interface FilterSegment extends SegmentBase {
  readonly kind: 'filter'
  definition: Definition
}

/** A segment that is a list of members, fed by a partner; the API never shows the list. */
export interface CohortSegment extends SegmentBase {
  readonly kind: 'cohort'
  readonly cohortId: string
  readonly partner: string
  readonly members: Set<string>
}

/** Any segment of the workspace. */
export type Segment = FilterSegment | CohortSegment

/** What is said about a segment when it is made; the rest is the same for all. */
type NewSegment =
  | Pick<FilterSegment, 'kind' | 'name' | 'type' | 'source' | 'isInUse' | 'definition'>
  | Pick<CohortSegment, 'kind' | 'name' | 'type' | 'source' | 'isInUse' | 'cohortId' | 'partner'>

/** The segments of the workspace, archived ones included: nothing is ever deleted. */
export interface Segments {
  all(): Segment[]
  countActive(): number
  find(id: string): Segment | undefined
  findByName(name: string): Segment | undefined
  findCohort(cohortId: string): CohortSegment | undefined
  findSameFilters(definition: Definition): FilterSegment | undefined
  /** A name is taken for ever: by archived segments too, and after a rename. */
  isNameTaken(name: string): boolean
  add(made: NewSegment, nowMs: number): Segment
  rename(segment: FilterSegment, name: string): void
  /** Archives what was not run for 60 days; empties cohorts 30 days after that. */
  age(nowMs: number): void
}

const ARCHIVED_AFTER_MS = 60 * DAY_MS
const EMPTIED_AFTER_MS = 30 * DAY_MS
const SALT = { id: 501, micros: 502 } as const

const ageOne = (segment: Segment, nowMs: number): void => {
  const idleUntilMs = segment.lastRunAtMs + ARCHIVED_AFTER_MS
  if (segment.archivedAtMs === undefined && !segment.isInUse && nowMs >= idleUntilMs) {
    segment.archivedAtMs = idleUntilMs
  }
  if (segment.kind !== 'cohort' || segment.archivedAtMs === undefined) return
  if (nowMs >= segment.archivedAtMs + EMPTIED_AFTER_MS) segment.members.clear()
}

/** An empty workspace. */
export const createSegments = (seed: number): Segments => {
  const segments = new Map<string, Segment>()
  const takenNames = new Set<string>()
  const all = (): Segment[] => [...segments.values()]
  return {
    all,
    countActive: () => all().filter(segment => segment.archivedAtMs === undefined).length,
    find: id => segments.get(id),
    findByName: name => all().find(segment => segment.name === name),
    findCohort: cohortId =>
      all()
        .filter(segment => segment.kind === 'cohort')
        .find(cohort => cohort.cohortId === cohortId),
    findSameFilters: definition => {
      const fingerprint = fingerprintOf(definition)
      for (const segment of segments.values()) {
        if (segment.kind !== 'filter' || segment.archivedAtMs !== undefined) continue
        if (fingerprintOf(segment.definition) === fingerprint) return segment
      }
      return undefined
    },
    isNameTaken: name => takenNames.has(name),
    add: (made, nowMs) => {
      const id = hashHex(seed, SALT.id, segments.size + 1, 24)
      const times = { createdAtMs: nowMs, updatedAtMs: nowMs, lastRunAtMs: nowMs, archivedAtMs: undefined }
      const segment: Segment =
        made.kind === 'filter' ? { id, ...made, ...times } : { id, ...made, ...times, members: new Set() }
      segments.set(id, segment)
      takenNames.add(segment.name)
      return segment
    },
    rename: (segment, name) => {
      segment.name = name
      takenNames.add(name)
    },
    age: nowMs => {
      for (const segment of segments.values()) ageOne(segment, nowMs)
    },
  }
}

/** A time as the vendor writes it: microseconds, and no zone. */
export const writeTime = (segment: Segment, ms: number): string => {
  const micros = hashNumbers(Number.parseInt(segment.id.slice(0, 8), 16), SALT.micros) % 1_000_000
  return `${new Date(ms).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}`
}
