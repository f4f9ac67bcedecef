import { Hono } from 'hono'
import type { EmulatorContext, EmulatorEnv } from '../http.ts'
import { isDropped, readJson, withoutOmitted } from '../http.ts'
import type { Limiter, RateWindow } from '../limiter.ts'
import { createLimiter } from '../limiter.ts'
import { agingMs } from '../world.ts'
import { countRequest, guardSegments } from './guards.ts'
import type { Outcome, SegmentTools } from './segment-changes.ts'
import { createSegment, findOne, updateSegment } from './segment-changes.ts'
import { toListRow, toWhole } from './segment-wire.ts'
import { createSegments } from './segments.ts'

// What the documents leave open, and what is done here:
//
// | question                              | decision                                                   |
// | ------------------------------------- | ---------------------------------------------------------- |
// | is the list whole                     | yes, all active segments in one body                       |
// | archived segments in the list         | no (behaviour.listsArchived); get by id still shows them   |
// | PATCH without excluded_filters        | takes them away (behaviour.patchKeepsExcluded)             |
// | a name given up by a rename           | stays taken                                                |
// | same filters as an archived segment   | allowed                                                    |
// | order of checks                       | form, name, active limit, complexity, cycle, filters       |
// | rate of PATCH                         | unlimited, as none is published                            |
// | does a filter run its cohorts         | yes: being referenced by a create or update counts once    |

const refuseRate = (
  c: EmulatorContext,
  limiter: Limiter,
  { world, answers }: SegmentTools,
): Response | undefined => {
  const { allowed, window } = countRequest(c, limiter, world.settings)
  if (allowed) return undefined
  const message = `API rate limit breached. Current limit: ${window.max}/${window.seconds / 60} mins`
  return answers.segment(c, 429, { code: 'Too Many Requests', message })
}

/** The v3 endpoints: list, get, create, update. */
export const createSegmentRoutes = (tools: SegmentTools): Hono<EmulatorEnv> => {
  const { world, answers, segments } = tools
  const { limits, behaviour, seed } = world.settings
  const app = new Hono<EmulatorEnv>()
  const limiterOf = (windows: readonly RateWindow[]): Limiter => createLimiter(windows, () => agingMs(world))
  const listLimiter = limiterOf(limits.segmentList)
  const getLimiter = limiterOf(limits.segmentGet)
  const createOneLimiter = limiterOf(limits.segmentCreate)
  const guard = guardSegments(world.settings, answers)
  const answer = (c: EmulatorContext, outcome: Outcome, status: 200 | 201): Response => {
    if ('error' in outcome) return answers.segment(c, outcome.status, outcome.error)
    return c.json(
      { data: toWhole(outcome.segment), response_id: answers.nextReference(), type: 'custom_segment' },
      status,
    )
  }

  app.get('/v3/custom-segments', guard, c => {
    const refusal = refuseRate(c, listLimiter, tools)
    if (refusal !== undefined) return refusal
    const name = c.req.query('name')
    const listed = segments
      .all()
      .filter(segment => behaviour.listsArchived || segment.archivedAtMs === undefined)
    const shown = withoutOmitted(c, listed).filter(segment => name === undefined || segment.name === name)
    return c.json({
      data: shown.map(toListRow),
      response_id: answers.nextReference(),
      type: 'custom_segment',
    })
  })
  app.post('/v3/custom-segments', guard, async c => {
    const refusal = refuseRate(c, createOneLimiter, tools)
    if (refusal !== undefined) return refusal
    // What is dropped goes to a workspace that nobody will look into.
    const keeper = isDropped(c) ? createSegments(seed + 1) : segments
    return answer(c, createSegment(await readJson(c), tools, keeper), 201)
  })
  app.get('/v3/custom-segments/:id', guard, c => {
    const refusal = refuseRate(c, getLimiter, tools)
    return refusal ?? answer(c, findOne(c.req.param('id'), segments), 200)
  })
  app.patch('/v3/custom-segments/:id', guard, async c => {
    const found = findOne(c.req.param('id'), segments)
    if ('error' in found) return answer(c, found, 200)
    return answer(c, updateSegment(await readJson(c), found.segment, tools, !isDropped(c)), 200)
  })
  return app
}
