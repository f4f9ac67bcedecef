import { Hono } from 'hono'
import type { EmulatorContext, EmulatorEnv, WireObject } from '../http.ts'
import { isWireObject, readJson } from '../http.ts'
import type { Limiter } from '../limiter.ts'
import { createLimiter } from '../limiter.ts'
import type { EmulatorWorld } from '../world.ts'
import { agingMs } from '../world.ts'
import type { MoEngageAnswers } from './answers.ts'
import { MALFORMED_JSON, missingAttribute } from './answers.ts'
import { countRequest, guardData } from './guards.ts'
import type { Users } from './users.ts'

const MOST_USERS = 20

interface Identifier {
  identifier_type: 'customer_id' | 'id'
  identifier: string
}

interface UserTools {
  world: EmulatorWorld
  answers: MoEngageAnswers
  users: Users
  limiter: Limiter
}

const readIdentifier = (wire: unknown): Identifier | undefined => {
  if (!isWireObject(wire) || typeof wire.identifier !== 'string') return undefined
  const type = wire.identifier_type
  if (type !== 'customer_id' && type !== 'id') return undefined
  return { identifier_type: type, identifier: wire.identifier }
}

const readIdentifiers = (wire: WireObject): Identifier[] | undefined => {
  if (!Array.isArray(wire.identifiers)) return undefined
  const identifiers = wire.identifiers.map(readIdentifier)
  const valid = identifiers.filter(identifier => identifier !== undefined)
  return valid.length === identifiers.length && valid.length > 0 ? valid : undefined
}

const pickFields = (
  attributes: Record<string, string | boolean>,
  wanted: unknown,
): Record<string, unknown> => {
  if (!Array.isArray(wanted) || wanted.length === 0) return attributes
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted.includes(name)))
}

const findUid = (users: Users, { identifier_type, identifier }: Identifier): string | undefined => {
  if (identifier_type === 'id') return users.findByInternalId(identifier)
  return users.isKnown(identifier) ? identifier : undefined
}

const exportUsers = async (
  c: EmulatorContext,
  { world, answers, users, limiter }: UserTools,
): Promise<Response> => {
  if (c.req.query('app_id') !== world.settings.moengage.workspaceId) {
    const message = 'App key mismatch in params and authentication'
    return answers.data(c, 401, { type: 'Authentication Mismatch', message })
  }
  const body = await readJson(c)
  if (!isWireObject(body)) return answers.data(c, 400, MALFORMED_JSON)
  const asked = body.data
  if (!isWireObject(asked)) return answers.data(c, 400, missingAttribute('data'))
  const identifiers = readIdentifiers(asked)
  if (identifiers === undefined) return answers.data(c, 400, missingAttribute('identifiers'))
  if (identifiers.length > MOST_USERS) {
    const message = `max limit allowed is ${MOST_USERS}`
    return answers.data(c, 400, { attribute: 'users', message, type: 'LimitBreached' })
  }
  if (!countRequest(c, limiter, world.settings, identifiers.length).allowed) {
    const message = 'Rate limits for customers exceeded. Please Try After Some Time'
    return answers.data(c, 429, { type: 'Rate Limits Exceeded', message })
  }
  c.set('members', identifiers.length)
  const looked = identifiers.map(identifier => ({ identifier, uid: findUid(users, identifier) }))
  return c.json({
    status: 'success',
    type: 'export_users',
    data: {
      users_not_found: looked.filter(({ uid }) => uid === undefined).map(({ identifier }) => identifier),
      users: looked.flatMap(({ uid }) =>
        uid === undefined
          ? []
          : [{ user_attributes: pickFields(users.attributesOf(uid), asked.user_fields_to_export) }],
      ),
    },
  })
}

const testConnection = async (c: EmulatorContext, { world, answers }: UserTools): Promise<Response> => {
  const { workspaceId, dataKey } = world.settings.moengage
  const body = await readJson(c)
  if (!isWireObject(body)) return answers.data(c, 400, MALFORMED_JSON)
  if (body.app_id === workspaceId && body.app_secret === dataKey) {
    return c.json({ status: 'success', app_name: workspaceId })
  }
  const message = 'App Secret key mismatch. Please login to the dashboard to verify key'
  return answers.data(c, 401, { type: 'Authentication required', message })
}

/** Get User, which tells whether a uid exists, and the connection test. */
export const createUserRoutes = (
  world: EmulatorWorld,
  answers: MoEngageAnswers,
  users: Users,
): Hono<EmulatorEnv> => {
  const app = new Hono<EmulatorEnv>()
  const limiter = createLimiter(world.settings.limits.getUser, () => agingMs(world))
  const tools: UserTools = { world, answers, users, limiter }
  app.post('/v1/customers/export', guardData(world.settings, answers, false), c => exportUsers(c, tools))
  app.post('/v1/integrations/authentication', guardData(world.settings, answers, true), c =>
    testConnection(c, tools),
  )
  return app
}
