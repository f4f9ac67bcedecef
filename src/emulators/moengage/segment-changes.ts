import type { WireObject } from '../http.ts'
import { isWireObject } from '../http.ts'
import type { EmulatorWorld } from '../world.ts'
import type { MoEngageAnswers } from './answers.ts'
import type { Definition } from './filters.ts'
import { listReferences, readDefinition } from './filters.ts'
import { isSegmentName } from './names.ts'
import type { Refusal } from './segment-checks.ts'
import { checkComplexity, checkCycle, checkSameFilters, refuseTakenName } from './segment-checks.ts'
import type { FilterSegment, Segment, Segments } from './segments.ts'

/** What the segment endpoints need. */
export interface SegmentTools {
  world: EmulatorWorld
  answers: MoEngageAnswers
  segments: Segments
}

const MALFORMED: Refusal = {
  status: 400,
  error: {
    code: 'Invalid request',
    message:
      'Invalid request format. Please check the documentation to ensure that the request has been formed correctly.',
  },
}
const UNUSABLE: Refusal = {
  status: 400,
  error: {
    code: 'Invalid Request',
    message:
      "Invalid request. Please ensure that the filters are correct and the custom-segment name doesn't contain HTML characters/only whitespaces.",
  },
}

const FORBIDDEN: Refusal = {
  status: 403,
  error: {
    code: 'Forbidden operation',
    message:
      "Update isn't supported for file-segments, internally created custom-segments, custom-segments imported from Analyze and archived custom-segments.",
  },
}

const refuseOneMore = (count: number, limit: number): Refusal => ({
  status: 429,
  error: {
    code: 'Too Many Requests',
    message: 'Total active segments limit breached. Request rejected!',
    actual_count: count,
    limit,
  },
})

const markReferencesRun = (definition: Definition, { segments, world }: SegmentTools): void => {
  for (const id of listReferences(definition)) {
    const referenced = segments.find(id)
    if (referenced !== undefined) referenced.lastRunAtMs = world.clock.nowMs()
  }
}

const readSent = (body: WireObject, segments: Segments): Definition | undefined =>
  readDefinition(body, id => segments.find(id)?.name)

/** A segment, or why not. */
export type Outcome = { segment: Segment } | Refusal

/** Creates a filter segment; it is kept by `keeper`, and checked against the workspace. */
export const createSegment = (body: unknown, tools: SegmentTools, keeper: Segments): Outcome => {
  const { segments, world } = tools
  const { limits } = world.settings
  if (!isWireObject(body) || typeof body.name !== 'string') return MALFORMED
  const name = body.name
  const definition = readSent(body, segments)
  if (definition === undefined || !isSegmentName(name)) return UNUSABLE
  if (segments.isNameTaken(name)) return refuseTakenName(name)
  const activeCount = segments.countActive()
  if (activeCount >= limits.activeSegments) return refuseOneMore(activeCount + 1, limits.activeSegments)
  const refusal =
    checkComplexity(definition, segments, limits) ?? checkSameFilters(definition, undefined, segments)
  if (refusal !== undefined) return refusal
  markReferencesRun(definition, tools)
  const words = { kind: 'filter', name, type: 'ELASTIC_SEARCH', source: 'API', isInUse: false } as const
  return { segment: keeper.add({ ...words, definition }, world.clock.nowMs()) }
}

const readUpdate = (
  body: WireObject,
  segment: FilterSegment,
  tools: SegmentTools,
): Definition | undefined => {
  const { segments, world } = tools
  const keeps = world.settings.behaviour.patchKeepsExcluded && body.excluded_filters === undefined
  const kept = keeps ? { excluded_filters: segment.definition.excluded_filters } : {}
  return readSent({ ...body, ...kept }, segments)
}

/** Changes and renames a filter segment, or only says what would come of it. */
export const updateSegment = (
  body: unknown,
  segment: Segment,
  tools: SegmentTools,
  isKept: boolean,
): Outcome => {
  const { segments, world } = tools
  if (segment.kind !== 'filter' || segment.archivedAtMs !== undefined) return FORBIDDEN
  if (!isWireObject(body)) return MALFORMED
  const name = body.name ?? segment.name
  const definition = readUpdate(body, segment, tools)
  if (definition === undefined || typeof name !== 'string' || !isSegmentName(name)) return UNUSABLE
  if (name !== segment.name && segments.isNameTaken(name)) return refuseTakenName(name)
  const refusal =
    checkCycle(definition, segment.id, segments) ??
    checkComplexity(definition, segments, world.settings.limits) ??
    checkSameFilters(definition, segment.id, segments)
  if (refusal !== undefined) return refusal
  if (!isKept) return { segment: { ...segment, name, definition } }
  markReferencesRun(definition, tools)
  segment.definition = definition
  segment.updatedAtMs = world.clock.nowMs()
  segments.rename(segment, name)
  return { segment }
}

const OBJECT_ID = /^[0-9a-f]{24}$/

/** The segment with this id. */
export const findOne = (id: string, segments: Segments): Outcome => {
  if (!OBJECT_ID.test(id)) {
    const message = 'Invalid bson object-id passed in the request'
    return { status: 400, error: { code: 'Invalid request', message } }
  }
  const segment = segments.find(id)
  if (segment !== undefined) return { segment }
  const message = `Custom segment not found with the given id: ${id}`
  return { status: 404, error: { code: 'Entity Not Found', message } }
}
