import { Hono } from 'hono'
import type { EmulatorContext, EmulatorEnv, WireObject } from '../http.ts'
import { isWireObject, readJson } from '../http.ts'
import { evaluateSegment } from './evaluation.ts'
import { readDefinition } from './filters.ts'
import type { SegmentTools } from './segment-changes.ts'
import { updateSegment } from './segment-changes.ts'
import type { Refusal } from './segment-checks.ts'
import { toWhole } from './segment-wire.ts'
import type { Segment } from './segments.ts'
import type { Users } from './users.ts'

const describeSegment = (segment: Segment) => ({
  segment_id: segment.id,
  name: segment.name,
  kind: segment.kind,
  archived: segment.archivedAtMs !== undefined,
  last_run: new Date(segment.lastRunAtMs).toISOString(),
})

/** A run, as a campaign or a query would be one; and archiving as the dashboard would. */
export const editLifecycle = (segment: Segment, { run, archived }: WireObject, nowMs: number): void => {
  if (run === true || archived === false) segment.lastRunAtMs = nowMs
  if (typeof archived === 'boolean') segment.archivedAtMs = archived ? nowMs : undefined
}

const referTo = (operator: 'and' | 'or', ids: readonly unknown[]) => ({
  filter_operator: operator,
  filters: ids.map(id => ({ filter_type: 'custom_segments', id })),
})

/** What an edit says of name and filters, as the body of a PATCH would. What it does not name is left out. */
const readWords = ({ name, include, exclude, ...raw }: WireObject): WireObject => ({
  ...(name === undefined ? {} : { name }),
  ...(include === undefined ? {} : { included_filters: referTo('and', [include]) }),
  ...(Array.isArray(exclude) ? { excluded_filters: referTo('or', exclude) } : {}),
  ...(raw.included_filters === undefined ? {} : { included_filters: raw.included_filters }),
  ...(raw.excluded_filters === undefined ? {} : { excluded_filters: raw.excluded_filters }),
})

/** Name and filters as the dashboard would change them, under the API's own rules; says why when it may not. */
const editWords = (segment: Segment, edit: WireObject, tools: SegmentTools): Refusal | undefined => {
  const words = readWords(edit)
  if (Object.keys(words).length === 0) return undefined
  const kept = segment.kind === 'filter' ? segment.definition : {}
  const outcome = updateSegment({ ...kept, ...words }, segment, tools, true)
  return 'error' in outcome ? outcome : undefined
}

const createInDashboard = async (
  c: EmulatorContext,
  { segments, world }: SegmentTools,
): Promise<Response> => {
  const body = await readJson(c)
  if (!isWireObject(body) || typeof body.name !== 'string') return c.json({ error: 'say a name' }, 400)
  const definition = readDefinition(body, id => segments.find(id)?.name) ?? {
    included_filters: { filter_operator: 'and', filters: [] },
  }
  const words = { kind: 'filter', name: body.name, type: 'ELASTIC_SEARCH', source: 'Dashboard' } as const
  return c.json(toWhole(segments.add({ ...words, isInUse: true, definition }, world.clock.nowMs())), 201)
}

/** The segments' part of `/_emulator/`: all of them, who they reach, and what is done to them in the dashboard. */
export const createSegmentTruth = (tools: SegmentTools, users: Users): Hono<EmulatorEnv> => {
  const { segments, world } = tools
  const app = new Hono<EmulatorEnv>()
  app.get('/_emulator/segments', c => c.json({ segments: segments.all().map(describeSegment) }))
  app.post('/_emulator/segments', c => createInDashboard(c, tools))
  app.post('/_emulator/segments/:id', async c => {
    const segment = segments.find(c.req.param('id'))
    const edit = await readJson(c)
    if (segment === undefined || !isWireObject(edit)) {
      return c.json({ error: 'no such segment, or no object' }, 404)
    }
    editLifecycle(segment, edit, world.clock.nowMs())
    const refusal = editWords(segment, edit, tools)
    return refusal === undefined
      ? c.json(describeSegment(segment))
      : c.json({ error: refusal.error.message }, 409)
  })
  app.get('/_emulator/segments/:id/people', c => {
    const segment = segments.find(c.req.param('id'))
    if (segment === undefined) return c.json({ error: 'no such segment' }, 404)
    const { uids, isComplete } = evaluateSegment(segment, segments, users)
    const { id: segment_id, name } = segment
    return c.json({ segment_id, name, complete: isComplete, count: uids.size, uids: [...uids].sort() })
  })
  return app
}
