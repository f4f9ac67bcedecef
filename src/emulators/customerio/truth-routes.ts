import { Hono } from 'hono'
import type { ShopClock } from '../clock.ts'
import type { EmulatorEnv, WireObject } from '../http.ts'
import { isWireObject, readInteger, readJson } from '../http.ts'
import type { IdentityEdit, Population } from '../population.ts'
import { describePerson } from '../population-people.ts'
import type { ExportRegistry } from './exports.ts'
import type { MemberChanges } from './member-changes.ts'
import type { Segment, SegmentRegistry } from './segments.ts'
import { SEGMENT_STATES } from './segments.ts'

/** What only the emulator can show or change. */
export interface TruthWorld {
  population: Population
  clock: ShopClock
  segments: SegmentRegistry
  exports: ExportRegistry
  memberChanges: MemberChanges
}

const DEFAULT_PAGE = 1000
const LARGEST_PAGE = 20_000

const editSegment = (segment: Segment, edit: WireObject): void => {
  const state = SEGMENT_STATES.find(known => known === edit.state)
  if (typeof edit.name === 'string') segment.name = edit.name
  if (typeof edit.description === 'string') segment.description = edit.description
  if (typeof edit.empty === 'boolean') segment.isEmptied = edit.empty
  if (typeof edit.progress === 'number') segment.progress = edit.progress
  if (state === undefined) return
  segment.state = state
  if (state === 'finished') segment.progress = null
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every(each => typeof each === 'number')

/** Campaigns and newsletters start or stop using a segment. That is no edit of the segment. */
const editUse = ({ usedBy }: Segment, edit: WireObject): void => {
  for (const key of ['campaigns', 'sent_newsletters', 'draft_newsletters'] as const) {
    const ids = edit[key]
    if (isNumbers(ids)) usedBy[key] = ids
  }
}

const isOnlyUse = (edit: WireObject): boolean => Object.keys(edit).join() === 'used_by'

const isAttributes = (value: unknown): value is Record<string, string | null> =>
  isWireObject(value) && Object.values(value).every(each => typeof each === 'string' || each === null)

const readIdentityEdit = (edit: WireObject): IdentityEdit => {
  const { id, email, deleted, attributes } = edit
  return {
    ...(typeof id === 'string' || id === null ? { id } : {}),
    ...(typeof email === 'string' || email === null ? { email } : {}),
    ...(typeof deleted === 'boolean' ? { deleted } : {}),
    ...(isAttributes(attributes) ? { attributes } : {}),
  }
}

/** Customer.io's side of `/_emulator/`: the raw people, the true members, and edits by other hands. */
export const createTruthRoutes = ({
  population,
  clock,
  segments,
  exports,
  memberChanges,
}: TruthWorld): Hono<EmulatorEnv> => {
  const app = new Hono<EmulatorEnv>()

  app.get('/_emulator/people', c => {
    const after = readInteger(c.req.query('after')) ?? 0
    const limit = Math.min(readInteger(c.req.query('limit')) ?? DEFAULT_PAGE, LARGEST_PAGE)
    const last = Math.min(after + limit, population.size)
    const people = []
    for (let index = after + 1; index <= last; index++) {
      if (population.isHere(index)) people.push(describePerson(population, index, clock.nowMs()))
    }
    return c.json({
      now: new Date(clock.nowMs()).toISOString(),
      people,
      next: last < population.size ? last : null,
    })
  })
  app.post('/_emulator/people/:cio_id', async c => {
    const index = population.indexOfAnybody(c.req.param('cio_id'))
    const edit = await readJson(c)
    if (index === undefined || !isWireObject(edit))
      return c.json({ error: 'no such person, or no object' }, 404)
    population.edit(index, readIdentityEdit(edit))
    return c.json(population.identityOf(index))
  })

  app.get('/_emulator/segments/:id/people', c => {
    const segment = segments.find(readInteger(c.req.param('id')) ?? 0)
    if (segment === undefined) return c.json({ error: 'no such segment' }, 404)
    const people = segments.peopleIn(segment).map(person => population.identityOf(person))
    return c.json({ segment_id: segment.id, name: segment.name, count: people.length, people })
  })
  app.post('/_emulator/segments/:id', async c => {
    const segment = segments.find(readInteger(c.req.param('id')) ?? 0)
    const edit = await readJson(c)
    if (segment === undefined || !isWireObject(edit))
      return c.json({ error: 'no such segment, or no object' }, 404)
    if (edit.deleted === true) {
      segments.remove(segment.id)
      return c.json({ segment_id: segment.id, deleted: true })
    }
    if (isWireObject(edit.used_by)) editUse(segment, edit.used_by)
    editSegment(segment, edit)
    if (!isOnlyUse(edit)) segments.touch(segment)
    const { id, name, state, progress, isEmptied } = segment
    return c.json({ segment_id: id, name, state, progress, empty: isEmptied })
  })
  app.post('/_emulator/settle', c => c.json({ settled: memberChanges.settle() }))

  app.post('/_emulator/exports/:id', async c => {
    const made = exports.find(readInteger(c.req.param('id')) ?? 0)
    const edit = await readJson(c)
    if (made === undefined || !isWireObject(edit) || edit.status !== 'failed') {
      return c.json({ error: 'say {"status": "failed"} of an export that exists' }, 404)
    }
    exports.fail(made)
    return c.json({ id: made.id, status: made.status })
  })
  return app
}
