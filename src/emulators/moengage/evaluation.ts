import type { WireObject } from '../http.ts'
import type { Filter, FilterGroup } from './filters.ts'
import { isGroup } from './filters.ts'
import type { Segment, Segments } from './segments.ts'
import type { Users } from './users.ts'

// Simulated: references to segments, nested groups, and user_attributes of text or bool with `is`, `in`,
// `exists`. Everything else (actions, psychographic events, other operators) matches nobody, and the answer
// says so, because a guess would look like the truth.

/** Who is in a segment now. */
interface Evaluation {
  uids: Set<string>
  /** False when a filter had to be skipped that is not simulated. */
  isComplete: boolean
}

interface Pass {
  segments: Segments
  users: Users
  isComplete: boolean
  everybody: string[] | undefined
}

const listEverybody = (pass: Pass): string[] => {
  pass.everybody ??= pass.users.listAll()
  return pass.everybody
}

const matchesValue = (
  actual: string | boolean | undefined,
  { operator, value, case_sensitive }: WireObject,
): boolean => {
  if (operator === 'exists') return actual !== undefined
  const fold = (text: unknown): string =>
    case_sensitive === true ? String(text) : String(text).toLowerCase()
  const wanted = Array.isArray(value) ? value : [value]
  return actual !== undefined && wanted.some(candidate => fold(candidate) === fold(actual))
}

const findByAttribute = (filter: Filter, pass: Pass): Set<string> => {
  const isSimulated = ['is', 'in', 'exists'].includes(String(filter.operator))
  if (!isSimulated) {
    pass.isComplete = false
    return new Set()
  }
  const name = String(filter.name)
  const matches = (uid: string): boolean =>
    matchesValue(pass.users.attributesOf(uid)[name], filter) !== (filter.negate === true)
  return new Set(listEverybody(pass).filter(matches))
}

const findByFilter = (filter: Filter, pass: Pass): Set<string> => {
  if (isGroup(filter)) return findByGroup(filter, pass)
  if (filter.filter_type === 'user_attributes') return findByAttribute(filter, pass)
  if (filter.filter_type !== 'custom_segments') {
    pass.isComplete = false
    return new Set()
  }
  const segment = pass.segments.find(String(filter.id))
  return segment === undefined ? new Set() : findInSegment(segment, pass)
}

const findByGroup = (group: FilterGroup, pass: Pass): Set<string> => {
  const sets = group.filters.map(filter => findByFilter(filter, pass))
  const [first = new Set<string>(), ...others] = sets
  if (group.filter_operator === 'or') return new Set(sets.flatMap(set => [...set]))
  return new Set([...first].filter(uid => others.every(set => set.has(uid))))
}

const findInSegment = (segment: Segment, pass: Pass): Set<string> => {
  if (segment.kind === 'cohort') return segment.archivedAtMs === undefined ? segment.members : new Set()
  const { included_filters: included, excluded_filters: excluded } = segment.definition
  const found = findByGroup(included, pass)
  if (excluded === undefined) return found
  const out = findByGroup(excluded, pass)
  return new Set([...found].filter(uid => !out.has(uid)))
}

/** Works out a segment's people. An archived cohort has none, an archived filter segment still has its own. */
export const evaluateSegment = (segment: Segment, segments: Segments, users: Users): Evaluation => {
  const pass: Pass = { segments, users, isComplete: true, everybody: undefined }
  const found = findInSegment(segment, pass)
  const uids = new Set([...found].filter(uid => users.isKnown(uid)))
  return { uids, isComplete: pass.isComplete }
}
