import { Hono } from 'hono'
import type { EmulatorContext, EmulatorEnv } from '../http.ts'
import { isDropped, isWireObject, readInteger, readJson, withoutOmitted } from '../http.ts'
import type { EmulatorBehaviour } from '../options.ts'
import type { Population } from '../population.ts'
import type { CustomerioAnswers } from './answers.ts'
import type { Segment, SegmentRegistry } from './segments.ts'

// What the documents leave open, and what is done here:
//
// | question                                   | decision                                                   |
// | ------------------------------------------ | ---------------------------------------------------------- |
// | order of a membership                      | by cio_id                                                  |
// | cursor                                     | opaque; names the last person shown, so people who enter   |
// |                                            | or leave between pages are missed, never doubled           |
// | last page                                  | `next` is an empty string (behaviour.cursorEnd)            |
// | limit or cursor out of range               | 400                                                        |
// | an id that is no number                    | 404, as for an unknown one                                 |
// | two segments with one name                 | allowed                                                    |
// | DELETE of a data-driven segment            | 400                                                        |
// | DELETE of a segment that a campaign uses   | 409                                                        |
// | archived segments                          | there are none                                             |
// | members of a manual segment change         | updated_at stays (behaviour.membersMoveUpdatedAt)          |

const DEFAULT_PAGE = 1000
const LARGEST_PAGE = 30_000
const WRONG_COUNT_EXTRA = 10

/** What the segment endpoints need. */
interface SegmentRoutesWorld {
  population: Population
  segments: SegmentRegistry
  answers: CustomerioAnswers
  behaviour: EmulatorBehaviour
  /** See EmulatorLimits. */
  membershipPage: number
}

const toWire = (segment: Segment) => ({
  id: segment.id,
  deduplicate_id: `${segment.id}:${segment.updatedAt}`,
  name: segment.name,
  description: segment.description,
  state: segment.state,
  progress: segment.progress,
  type: segment.type,
  tags: segment.tags,
  created_at: segment.createdAt,
  updated_at: segment.updatedAt,
})

/** `turn` tells an empty page's cursor from the one that it was asked for by. */
const toCursor = (lastPerson: number, turn = 0): string =>
  Buffer.from(`${turn}:${lastPerson}`).toString('base64url')

const fromCursor = (cursor: string): number | undefined =>
  readInteger(/^[01]:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1])

const countMembers = (c: EmulatorContext, segments: SegmentRegistry, segment: Segment): number => {
  const count = segments.shownIn(segment).length
  return c.get('fault') === 'wrong-count' ? Math.round(count * 1.5) + WRONG_COUNT_EXTRA : count
}

const readMembership = (c: EmulatorContext, world: SegmentRoutesWorld, segment: Segment): Response => {
  const { population, behaviour, answers, segments, membershipPage } = world
  const start = c.req.query('start')
  const after = start ? fromCursor(start) : 0
  if (after === undefined) return answers.app(c, 400, { detail: 'start is not a valid token' })
  const limit = c.req.query('limit') === undefined ? DEFAULT_PAGE : readInteger(c.req.query('limit'))
  if (limit === undefined || limit < 1 || limit > LARGEST_PAGE) {
    return answers.app(c, 400, { detail: `limit must be between 1 and ${LARGEST_PAGE}` })
  }
  const people = segments.shownIn(segment)
  const from = people.findIndex(person => person > after)
  const isHollow = c.get('fault') === 'empty-page'
  const page = from < 0 || isHollow ? [] : people.slice(from, from + Math.min(limit, membershipPage))
  const identities = page.map(person => population.identityOf(person))
  const isLast = from < 0 || from + page.length >= people.length
  const last = page.at(-1)
  const isStuck = c.get('fault') === 'repeat-cursor'
  return c.json({
    segment_id: segment.id,
    identifiers: behaviour.emailIdentifies
      ? identities.map(({ id, email, cio_id }) => ({ id, email, cio_id }))
      : identities.map(({ id, cio_id }) => ({ id, cio_id })),
    ids: identities.map(identity => identity.id ?? ''),
    ...(isStuck || isHollow
      ? { next: isStuck ? start || toCursor(0) : toCursor(after, 1) }
      : describeNext(isLast ? undefined : last, behaviour.cursorEnd)),
  })
}

const describeNext = (last: number | undefined, end: EmulatorBehaviour['cursorEnd']) => {
  if (last !== undefined) return { next: toCursor(last) }
  if (end === 'absent') return {}
  return { next: end === 'null' ? null : '' }
}

const createSegment = async (
  c: EmulatorContext,
  { segments, answers }: SegmentRoutesWorld,
): Promise<Response> => {
  const body = await readJson(c)
  const written = isWireObject(body) ? body.segment : undefined
  const pointer = '/segment/name'
  if (!isWireObject(written))
    return answers.app(c, 400, { detail: 'segment is missing', pointer: '/segment' })
  const { name, description = '' } = written
  if (typeof name !== 'string' || name.trim() === '')
    return answers.app(c, 400, { detail: 'name is missing', pointer })
  const created = segments.createManual(name, typeof description === 'string' ? description : '')
  if (isDropped(c)) segments.remove(created.id)
  return c.json({ segment: toWire(created) })
}

const deleteSegment = (
  c: EmulatorContext,
  { segments, answers }: SegmentRoutesWorld,
  segment: Segment,
): Response => {
  if (segment.type === 'dynamic') {
    return answers.app(c, 400, { detail: 'data-driven segments cannot be deleted with this API' })
  }
  if (segment.usedBy.campaigns.length > 0) return answers.app(c, 409, { detail: 'the segment is in use' })
  if (!isDropped(c)) segments.remove(segment.id)
  return c.body(null, 204)
}

/** The App API's segments. */
export const createSegmentRoutes = (world: SegmentRoutesWorld): Hono<EmulatorEnv> => {
  const { segments, answers } = world
  const app = new Hono<EmulatorEnv>()
  const withSegment =
    (answer: (c: EmulatorContext, segment: Segment) => Response) =>
    (c: EmulatorContext): Response => {
      const id = readInteger(c.req.param('id'))
      const segment = id === undefined ? undefined : segments.find(id)
      return segment === undefined ? answers.app(c, 404, { detail: 'segment not found' }) : answer(c, segment)
    }

  app.get('/v1/segments', c => c.json({ segments: withoutOmitted(c, segments.list()).map(toWire) }))
  app.post('/v1/segments', c => createSegment(c, world))
  app.get(
    '/v1/segments/:id',
    withSegment((c, segment) => c.json({ segment: toWire(segment) })),
  )
  app.delete(
    '/v1/segments/:id',
    withSegment((c, segment) => deleteSegment(c, world, segment)),
  )
  app.get(
    '/v1/segments/:id/customer_count',
    withSegment((c, segment) =>
      c.json({ segment_id: segment.id, count: countMembers(c, segments, segment) }),
    ),
  )
  app.get(
    '/v1/segments/:id/used_by',
    withSegment((c, segment) => c.json({ segment_id: segment.id, used_by: segment.usedBy })),
  )
  app.get(
    '/v1/segments/:id/membership',
    withSegment((c, segment) => readMembership(c, world, segment)),
  )
  return app
}
