import type { EmulatorLimits } from '../options.ts'
import type { SegmentError } from './answers.ts'
import type { Definition } from './filters.ts'
import { listReferences } from './filters.ts'
import type { Segments } from './segments.ts'

/** A refusal of the v3 endpoints, with its status. */
export interface Refusal {
  status: number
  error: SegmentError
}

const countLevels = (definition: Definition, segments: Segments): number => {
  const levels = listReferences(definition).map(id => {
    const segment = segments.find(id)
    return segment?.kind === 'filter' ? countLevels(segment.definition, segments) : 0
  })
  return 1 + Math.max(0, ...levels)
}

const reaches = (definition: Definition, wantedId: string, segments: Segments): boolean =>
  listReferences(definition).some(id => {
    if (id === wantedId) return true
    const segment = segments.find(id)
    return segment?.kind === 'filter' && reaches(segment.definition, wantedId, segments)
  })

/** Whether a definition is too large. Cohorts count as references: the strict reading of a vague sentence. */
export const checkComplexity = (
  definition: Definition,
  segments: Segments,
  limits: EmulatorLimits,
): Refusal | undefined => {
  const { filterSegmentReferences: most, filterNestingLevels: deepest } = limits
  if (listReferences(definition).length > most) {
    const message = `The query has more than ${most} custom segments. Please reduce the custom segments.`
    return { status: 413, error: { code: 'Too many segments in a query', message } }
  }
  if (countLevels(definition, segments) > deepest) {
    const message = `The query has more than ${deepest} levels of nesting. Please reduce the segment nesting.`
    return { status: 413, error: { code: 'Query has too many nesting levels', message } }
  }
  if (Buffer.byteLength(JSON.stringify(definition)) > limits.filterQueryBytes) {
    const message = 'The query is too large to execute. Please reduce the filters.'
    return { status: 413, error: { code: 'Query length limit exceeded', message } }
  }
  return undefined
}

/** Whether a changed definition would lead back to its own segment. */
export const checkCycle = (definition: Definition, id: string, segments: Segments): Refusal | undefined => {
  if (!reaches(definition, id, segments)) return undefined
  const message = 'Circular reference detected in the custom segment definition.'
  return { status: 412, error: { code: 'Cyclic Entity', message } }
}

/** Whether another segment has the same filters. Archived ones do not count. */
export const checkSameFilters = (
  definition: Definition,
  ownId: string | undefined,
  segments: Segments,
): Refusal | undefined => {
  const same = segments.findSameFilters(definition)
  if (same === undefined || same.id === ownId) return undefined
  const message = `Another custom-segment already exists containing the given filters: ${same.name}. Please reuse the same or update the filters`
  return {
    status: 409,
    error: { code: 'Resource not created', message, existing_cs_name: same.name, existing_cs_id: same.id },
  }
}

/** The refusal for a name that any segment has, or had. */
export const refuseTakenName = (name: string): Refusal => ({
  status: 409,
  error: {
    code: 'Resource not created',
    message: `Another custom-segment already exists with the same name: ${name}. Please change the custom-segment name.`,
  },
})
