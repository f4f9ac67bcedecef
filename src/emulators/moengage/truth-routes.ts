import { Hono } from 'hono'
import type { EmulatorEnv, WireObject } from '../http.ts'
import { isWireObject, readInteger, readJson } from '../http.ts'
import type { CohortEffect, Cohorts } from './cohorts.ts'
import type { SegmentTools } from './segment-changes.ts'
import { createSegmentTruth, editLifecycle } from './segment-truth.ts'
import type { CohortSegment } from './segments.ts'
import type { Users } from './users.ts'

/** What only the emulator can show or change. */
export interface TruthWorld {
  tools: SegmentTools
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

const withoutUids = ({ uids: _, ...counts }: CohortEffect) => counts

const editMembers = (cohort: CohortSegment, { add, remove }: WireObject): void => {
  if (Array.isArray(add)) for (const uid of add) cohort.members.add(String(uid))
  if (Array.isArray(remove)) for (const uid of remove) cohort.members.delete(String(uid))
}

const createCohortTruth = ({ tools, cohorts }: TruthWorld): Hono<EmulatorEnv> => {
  const { segments, world } = tools
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
    editLifecycle(cohort, edit, world.clock.nowMs())
    return c.json(describeCohort(cohort))
  })
  app.post('/_emulator/settle', c => c.json({ settled: cohorts.settle() }))
  app.get('/_emulator/settled-log', c => {
    const effects = cohorts.listEffects().slice(readInteger(c.req.query('after')) ?? 0)
    return c.json({ effects: c.req.query('uids') === 'true' ? effects : effects.map(withoutUids) })
  })
  return app
}

const createUserTruth = ({ tools: { segments }, users }: TruthWorld): Hono<EmulatorEnv> => {
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

/** MoEngage's side of `/_emulator/`: the members that the API hides, the order of effects, and other hands. */
export const createTruthRoutes = (world: TruthWorld): Hono<EmulatorEnv> => {
  const app = new Hono<EmulatorEnv>()
  app.route('/', createCohortTruth(world))
  app.route('/', createUserTruth(world))
  app.route('/', createSegmentTruth(world.tools, world.users))
  return app
}
