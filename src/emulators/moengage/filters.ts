import type { WireObject } from '../http.ts'
import { isWireObject } from '../http.ts'

// How a definition changes between being sent and being shown:
//
// | sent                                        | shown                                              |
// | ------------------------------------------- | -------------------------------------------------- |
// | user_attributes without negate              | negate: false                                      |
// | user_attributes of text w/o case_sensitive  | case_sensitive: false                              |
// | user_attributes with category               | without it                                         |
// | custom_segments without, or with any, name  | name: what the segment is called                   |
// | filters inside an action's attributes       | without filter_type                                |
// | an action without attributes                | attributes: an empty group                         |
// | excluded_filters without filters            | absent                                             |

/** A filter as it is kept and shown. */
export type Filter = WireObject & { readonly filter_type: string }

/** Filters joined by one operator. */
export interface FilterGroup {
  filter_operator: 'and' | 'or'
  filters: Filter[]
}

/** What a filter segment consists of. */
export interface Definition {
  included_filters: FilterGroup
  excluded_filters?: FilterGroup
}

/** Resolves the id of a custom segment to its name. */
type NameOfSegment = (id: string) => string | undefined

const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  string: [
    'in',
    'is',
    'contains',
    'startsWith',
    'endsWith',
    'containsInTheFollowing',
    'startsWithInTheFollowing',
    'endsWithInTheFollowing',
    'exists',
  ],
  double: ['in', 'lessThan', 'greaterThan', 'between', 'exists'],
  bool: ['is', 'exists'],
  datetime: ['on', 'between', 'before', 'after', 'inTheLast', 'inTheNext', 'today', 'is', 'in', 'exists'],
  array_string: ['in', 'contains', 'startsWith', 'endsWith', 'is', 'exists'],
  array_double: ['in', 'lessThan', 'greaterThan', 'between', 'exists'],
}

const readAttribute = (wire: WireObject): Filter | undefined => {
  const { name, data_type: dataType, operator } = wire
  if (typeof name !== 'string' || typeof dataType !== 'string' || typeof operator !== 'string')
    return undefined
  if (!OPERATORS[dataType]?.includes(operator)) return undefined
  const { category: _, ...kept } = wire
  const cased = dataType === 'string' ? { case_sensitive: wire.case_sensitive ?? false } : {}
  return { ...kept, filter_type: 'user_attributes', negate: wire.negate ?? false, ...cased }
}

const readActionAttributes = (wire: unknown): WireObject => {
  if (!isWireObject(wire) || !Array.isArray(wire.filters)) return { filter_operator: 'and', filters: [] }
  const filters = wire.filters.filter(isWireObject).map(({ filter_type: _, category: __, ...kept }) => ({
    ...kept,
    negate: kept.negate ?? false,
  }))
  return { filter_operator: wire.filter_operator ?? 'and', filters }
}

const readAction = (wire: WireObject): Filter | undefined => {
  const { action_name: name, executed, execution, primary_time_range: range, attributes, ...others } = wire
  if (typeof name !== 'string' || typeof executed !== 'boolean') return undefined
  if (!isWireObject(execution) || !isWireObject(range)) return undefined
  return {
    ...others,
    filter_type: 'actions',
    attributes: readActionAttributes(attributes),
    executed,
    primary_time_range: range,
    action_name: name,
    execution,
  }
}

const readFilter = (wire: unknown, nameOf: NameOfSegment): Filter | undefined => {
  if (!isWireObject(wire)) return undefined
  switch (wire.filter_type) {
    case 'user_attributes':
      return readAttribute(wire)
    case 'actions':
      return readAction(wire)
    case 'psychographic_event':
      return typeof wire.action_name === 'string'
        ? { ...wire, filter_type: 'psychographic_event' }
        : undefined
    case 'custom_segments': {
      const name = typeof wire.id === 'string' ? nameOf(wire.id) : undefined
      return name === undefined ? undefined : { filter_type: 'custom_segments', id: wire.id, name }
    }
    case 'nested_filters': {
      const group = readGroup(wire, nameOf)
      return group && { filter_type: 'nested_filters', ...group }
    }
    default:
      return undefined
  }
}

const readGroup = (wire: unknown, nameOf: NameOfSegment): FilterGroup | undefined => {
  if (!isWireObject(wire) || !Array.isArray(wire.filters)) return undefined
  const operator = wire.filter_operator
  if (operator !== 'and' && operator !== 'or') return undefined
  const filters = wire.filters.map(filter => readFilter(filter, nameOf))
  const valid = filters.filter(filter => filter !== undefined)
  return valid.length === filters.length ? { filter_operator: operator, filters: valid } : undefined
}

/** The definition that was sent, as it will be kept; undefined when any part of it is not valid. */
export const readDefinition = (body: WireObject, nameOf: NameOfSegment): Definition | undefined => {
  const included = readGroup(body.included_filters, nameOf)
  if (included === undefined || included.filters.length === 0) return undefined
  if (body.excluded_filters === undefined || body.excluded_filters === null)
    return { included_filters: included }
  const excluded = readGroup(body.excluded_filters, nameOf)
  if (excluded === undefined) return undefined
  if (excluded.filters.length === 0) return { included_filters: included }
  return { included_filters: included, excluded_filters: excluded }
}

/** Whether a filter holds other filters. */
export const isGroup = (filter: WireObject): filter is Filter & FilterGroup =>
  Array.isArray(filter.filters) && filter.filter_type === 'nested_filters'

const referencesIn = (group: FilterGroup): string[] =>
  group.filters.flatMap(filter => {
    if (isGroup(filter)) return referencesIn(filter)
    return filter.filter_type === 'custom_segments' ? [String(filter.id)] : []
  })

/** The ids of all segments that a definition names. */
export const listReferences = ({ included_filters, excluded_filters }: Definition): string[] => [
  ...referencesIn(included_filters),
  ...(excluded_filters === undefined ? [] : referencesIn(excluded_filters)),
]

const sortDeep = (value: unknown): unknown => {
  if (Array.isArray(value))
    return value.map(sortDeep).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (!isWireObject(value)) return value
  const isReference = value.filter_type === 'custom_segments'
  const keys = Object.keys(value).filter(key => !(isReference && key === 'name'))
  return Object.fromEntries(keys.sort().map(key => [key, sortDeep(value[key])]))
}

/** Two definitions with the same fingerprint say the same: order and the names of references do not count. */
export const fingerprintOf = (definition: Definition): string => JSON.stringify(sortDeep(definition))
