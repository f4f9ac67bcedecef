import { Hono } from 'hono'
import type { ShopClock } from '../clock.ts'
import type { EmulatorEnv, WireObject } from '../http.ts'
import { isWireObject, readJson } from '../http.ts'
import type { CohortEffect, Cohorts } from './cohorts.ts'
import { evaluateSegment } from './evaluation.ts'
import { readDefinition } from './filters.ts'
import { toWhole } from './segment-wire.ts'
import type { CohortSegment, Segment, Segments } from './segments.ts'
import type { Users } from './users.ts'

/** What only the emulator can show or change. */
export interface TruthWorld {
  clock: ShopClock
  segments: Segments
  cohorts: Cohorts
  users: Users
}

const describeCohort = (cohort: CohortSegment) => ({
  name: cohort.name,
  cohort_id: cohort.cohortId,
  partner: cohort.partner,
  segment_id: cohort.id,
  members: cohort.members.size,
  archived: cohort.archivedAtMs !== undefined,
})

const describeSegment = (segment: Segment) => ({
  segment_id: segment.id,
  name: segment.name,
  kind: segment.kind,
  archived: segment.archivedAtMs !== undefined,
  last_run: new Date(segment.lastRunAtMs).toISOString(),
})

const withoutUids = ({ uids: _, ...counts }: CohortEffect) => counts

/** A run, as a campaign or a query would be one; and archiving as the dashboard would. */
const editLifecycle = (segment: Segment, { run, archived }: WireObject, nowMs: number): void => {
  if (run === true || archived === false) segment.lastRunAtMs = nowMs
  if (typeof archived === 'boolean') segment.archivedAtMs = archived ? nowMs : undefined
}

const editMembers = (cohort: CohortSegment, { add, remove }: WireObject): void => {
  if (Array.isArray(add)) for (const uid of add) cohort.members.add(String(uid))
  if (Array.isArray(remove)) for (const uid of remove) cohort.members.delete(String(uid))
}

const createCohortTruth = ({ clock, segments, cohorts }: TruthWorld): Hono<EmulatorEnv> => {
  const app = new Hono<EmulatorEnv>()
  const findCohort = (name: string): CohortSegment | undefined => {
    const segment = segments.findByName(name)
    return segment?.kind === 'cohort' ? segment : undefined
  }
  app.get('/_emulator/cohorts', c => {
    const all = segments.all().filter(segment => segment.kind === 'cohort')
    return c.json({ cohorts: all.map(describeCohort), pending: cohorts.countPending() })
  })
  app.get('/_emulator/cohorts/:name', c => {
    const cohort = findCohort(c.req.param('name'))
    if (cohort === undefined) return c.json({ error: 'no such cohort' }, 404)
    return c.json({ ...describeCohort(cohort), members: [...cohort.members].sort() })
  })
  app.post('/_emulator/cohorts/:name', async c => {
    const cohort = findCohort(c.req.param('name'))
    const edit = await readJson(c)
    if (cohort === undefined || !isWireObject(edit))
      return c.json({ error: 'no such cohort, or no object' }, 404)
    editMembers(cohort, edit)
    editLifecycle(cohort, edit, clock.nowMs())
    return c.json(describeCohort(cohort))
  })
  app.post('/_emulator/settle', c => c.json({ settled: cohorts.settle() }))
  app.get('/_emulator/settled-log', c => {
    const effects = cohorts.listEffects()
    return c.json({ effects: c.req.query('uids') === 'true' ? effects : effects.map(withoutUids) })
  })
  return app
}

const createUserTruth = ({ segments, users }: TruthWorld): Hono<EmulatorEnv> => {
  const app = new Hono<EmulatorEnv>()
  app.get('/_emulator/users/:uid', c => {
    const uid = c.req.param('uid')
    const cohorts = segments.all().filter(segment => segment.kind === 'cohort' && segment.members.has(uid))
    return c.json({ uid, known: users.isKnown(uid), cohorts: cohorts.map(({ name }) => name) })
  })
  app.put('/_emulator/users/:uid', c => {
    users.add(c.req.param('uid'))
    return c.json({ uid: c.req.param('uid'), known: users.isKnown(c.req.param('uid')) })
  })
  app.delete('/_emulator/users/:uid', c => {
    const uid = c.req.param('uid')
    users.remove(uid)
    for (const segment of segments.all()) if (segment.kind === 'cohort') segment.members.delete(uid)
    return c.body(null, 204)
  })
  return app
}

const createSegmentTruth = ({ clock, segments, users }: TruthWorld): Hono<EmulatorEnv> => {
  const app = new Hono<EmulatorEnv>()
  app.get('/_emulator/segments', c => c.json({ segments: segments.all().map(describeSegment) }))
  app.post('/_emulator/segments', async c => {
    const body = await readJson(c)
    if (!isWireObject(body) || typeof body.name !== 'string') return c.json({ error: 'say a name' }, 400)
    const definition = readDefinition(body, id => segments.find(id)?.name) ?? {
      included_filters: { filter_operator: 'and', filters: [] },
    }
    const words = { kind: 'filter', name: body.name, type: 'ELASTIC_SEARCH', source: 'Dashboard' } as const
    return c.json(toWhole(segments.add({ ...words, isInUse: true, definition }, clock.nowMs())), 201)
  })
  app.post('/_emulator/segments/:id', async c => {
    const segment = segments.find(c.req.param('id'))
    const edit = await readJson(c)
    if (segment === undefined || !isWireObject(edit)) {
      return c.json({ error: 'no such segment, or no object' }, 404)
    }
    editLifecycle(segment, edit, clock.nowMs())
    return c.json(describeSegment(segment))
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

/** MoEngage's side of `/_emulator/`: the members that the API hides, the order of effects, and other hands. */
export const createTruthRoutes = (world: TruthWorld): Hono<EmulatorEnv> => {
  const app = new Hono<EmulatorEnv>()
  app.route('/', createCohortTruth(world))
  app.route('/', createUserTruth(world))
  app.route('/', createSegmentTruth(world))
  return app
}
