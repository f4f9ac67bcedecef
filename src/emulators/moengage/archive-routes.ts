import { Hono } from 'hono'
import type { EmulatorContext, EmulatorEnv } from '../http.ts'
import { isDropped, isWireObject, readJson } from '../http.ts'
import type { EmulatorWorld } from '../world.ts'
import type { MoEngageAnswers } from './answers.ts'
import { guardLegacy } from './guards.ts'
import type { Segment, Segments } from './segments.ts'

// Decided here: the answer is 200 without cs_id (the newer edition; the older says 202 with it); MOE-DBNAME
// is not asked for; archiving twice is no error; a cohort can be archived, but its unarchiving is refused
// with a 400, as the newer edition says it cannot be (behaviour.unarchivesCohorts).

const findNamed = (body: unknown, segments: Segments): Segment | string | undefined => {
  if (!isWireObject(body) || typeof body.name !== 'string') return undefined
  const { name, cs_id: id } = body
  const segment = typeof id === 'string' ? segments.find(id) : segments.findByName(name)
  return segment ?? (typeof id === 'string' ? id : name)
}

/** The v2 endpoints that archive and unarchive, by name or by id. */
export const createArchiveRoutes = (
  world: EmulatorWorld,
  answers: MoEngageAnswers,
  segments: Segments,
): Hono<EmulatorEnv> => {
  const app = new Hono<EmulatorEnv>()
  const guard = guardLegacy(world.settings, answers)
  const respond = async (
    c: EmulatorContext,
    verb: string,
    change: (segment: Segment) => string | undefined,
  ) => {
    const found = findNamed(await readJson(c), segments)
    if (found === undefined) return answers.legacy(c, 400, 'Invalid request', 'name is missing')
    if (typeof found === 'string') {
      const description = `Custom segment not found for the given name or cs_id: ${found}`
      return answers.legacy(c, 404, 'Entity Not Found', description)
    }
    const problem = isDropped(c) ? undefined : change(found)
    if (problem !== undefined) return answers.legacy(c, 400, 'Invalid request', problem)
    return c.json({ message: `Successfully ${verb} the custom segment`, success: true, cs_name: found.name })
  }

  app.patch('/v2/custom-segments/archive', guard, c =>
    respond(c, 'archived', segment => {
      segment.archivedAtMs ??= world.clock.nowMs()
      return undefined
    }),
  )
  app.patch('/v2/custom-segments/unarchive', guard, c =>
    respond(c, 'unarchived', segment => {
      if (segment.kind === 'cohort' && !world.settings.behaviour.unarchivesCohorts) {
        return 'Segments created through Cohort Sync cannot be unarchived'
      }
      segment.archivedAtMs = undefined
      segment.lastRunAtMs = world.clock.nowMs()
      return undefined
    }),
  )
  return app
}
