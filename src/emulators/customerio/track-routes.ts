import { Hono } from 'hono'
import type { EmulatorContext, EmulatorEnv } from '../http.ts'
import { isDropped, isWireObject, readInteger, readJson } from '../http.ts'
import type { IdType } from '../population.ts'
import type { CustomerioAnswers } from './answers.ts'
import type { MemberChanges } from './member-changes.ts'
import type { SegmentRegistry } from './segments.ts'

// Decided here, as the documents differ or are silent: people who do not exist are ignored, never made; a
// removal takes any id_type, like an addition; an unknown or data-driven segment is a 400; people are looked up
// when a call takes effect, trackDelayMs after it was accepted.

/** The workspace that both kinds of key belong to. */
export const WORKSPACE_ID = 3

const MOST_IDS = 1000

/** What the Track endpoints need. */
interface TrackWorld {
  segments: SegmentRegistry
  answers: CustomerioAnswers
  memberChanges: MemberChanges
}

const readIdType = (c: EmulatorContext): IdType | undefined => {
  const idType = c.req.query('id_type') ?? 'id'
  return idType === 'id' || idType === 'email' || idType === 'cio_id' ? idType : undefined
}

const readIds = (body: unknown): string[] | undefined => {
  const ids = isWireObject(body) ? body.ids : undefined
  if (!Array.isArray(ids) || ids.length < 1 || ids.length > MOST_IDS) return undefined
  return ids.filter(id => typeof id === 'string')
}

const changeMembers = async (
  c: EmulatorContext,
  { segments, answers, memberChanges }: TrackWorld,
  action: 'add' | 'remove',
): Promise<Response> => {
  const segment = segments.find(readInteger(c.req.param('id')) ?? 0)
  if (segment?.type !== 'manual') return answers.track(c, 400, 'segment_id is not a manual segment')
  const idType = readIdType(c)
  if (idType === undefined) return answers.track(c, 400, 'id_type must be id, email or cio_id')
  const ids = readIds(await readJson(c))
  if (ids === undefined) return answers.track(c, 400, `ids must hold 1 to ${MOST_IDS} values`)
  c.set('members', ids.length)
  if (!isDropped(c)) memberChanges.accept({ segment, action, idType, ids })
  return c.json({})
}

/** The Track API: members of manual segments, and the region of the credentials. */
export const createTrackRoutes = (world: TrackWorld): Hono<EmulatorEnv> => {
  const app = new Hono<EmulatorEnv>()
  app.post('/api/v1/segments/:id/add_customers', c => changeMembers(c, world, 'add'))
  app.post('/api/v1/segments/:id/remove_customers', c => changeMembers(c, world, 'remove'))
  app.get('/api/v1/accounts/region', c =>
    c.json({ url: 'https://track.customer.io', region: 'us', environment_id: WORKSPACE_ID }),
  )
  return app
}
