import type { WireObject } from '../http.ts'
import type { Filter, FilterGroup } from './filters.ts'
import { isGroup } from './filters.ts'
import type { Segment } from './segments.ts'
import { writeTime } from './segments.ts'

/** A row of the list: no size, no state, no members. */
export const toListRow = (segment: Segment) => ({
  name: segment.name,
  id: segment.id,
  created_time: writeTime(segment, segment.createdAtMs),
  type: segment.type,
  source: segment.source,
})

const describeFilter = (filter: Filter): string => {
  if (isGroup(filter)) return `(${describeGroup(filter)})`
  if (filter.filter_type === 'custom_segments') return `In segment ${String(filter.name)}`
  if (filter.filter_type === 'actions') return `Has executed ${String(filter.action_name)}`
  return `${String(filter.name)} ${String(filter.operator)} ${JSON.stringify(filter.value ?? '')}`
}

const describeGroup = (group: FilterGroup): string =>
  group.filters.map(describeFilter).join(group.filter_operator === 'and' ? ' AND ' : ' OR ')

/** The whole object: with its definition for a filter segment, metadata only for a cohort. */
export const toWhole = (segment: Segment): WireObject => {
  const { name, id, created_time, type, source } = toListRow(segment)
  const metadata = {
    name,
    id,
    created_time,
    updated_time: writeTime(segment, segment.updatedAtMs),
    type,
    source,
  }
  if (segment.kind === 'cohort') return metadata
  const { included_filters: included, excluded_filters: excluded } = segment.definition
  const except = excluded === undefined ? '' : ` EXCLUDING ${describeGroup(excluded)}`
  return { ...metadata, description: describeGroup(included) + except, ...segment.definition }
}
