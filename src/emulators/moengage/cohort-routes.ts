import { Hono } from 'hono'
import type { EmulatorContext, EmulatorEnv, WireObject } from '../http.ts'
import { isDropped, isWireObject, readJson } from '../http.ts'
import type { Limiter } from '../limiter.ts'
import { createLimiter } from '../limiter.ts'
import type { EmulatorWorld } from '../world.ts'
import { agingMs } from '../world.ts'
import type { MoEngageAnswers } from './answers.ts'
import { MALFORMED_JSON, missingAttribute } from './answers.ts'
import type { CohortBatch, Cohorts } from './cohorts.ts'
import { countRequest, guardData } from './guards.ts'

// Decided here: checks run in the order credentials, rate, media type, size, JSON, attributes; a member that
// is no object with a text `uid` is a 400 that names `members`; the size is that of the body in bytes.

const ROUTE = '/v1/integrations/cohortsync'
const ACCEPTED = {
  status: 'success',
  message: 'Your request has been accepted and will be processed soon.',
} as const

const readUids = (wire: unknown): string[] | undefined => {
  if (!Array.isArray(wire)) return undefined
  const uids = wire.map(member => (isWireObject(member) ? member.uid : undefined))
  const texts = uids.filter(uid => typeof uid === 'string')
  return texts.length === uids.length ? texts : undefined
}

const readBatch = (body: WireObject): CohortBatch | { missing: string } => {
  const { action, partner, parameters } = body
  if (action !== 'add_members' && action !== 'remove_members') return { missing: 'action' }
  if (typeof partner !== 'string' || partner === '') return { missing: 'partner' }
  if (!isWireObject(parameters)) return { missing: 'parameters' }
  const { cohort_name: cohortName, cohort_id: cohortId, members } = parameters
  if (typeof cohortName !== 'string' || cohortName === '') return { missing: 'cohort_name' }
  if (typeof cohortId !== 'string' || cohortId === '') return { missing: 'cohort_id' }
  const uids = readUids(members)
  if (uids === undefined) return { missing: 'members' }
  return { action, partner, cohortName, cohortId, uids }
}

interface CohortTools {
  world: EmulatorWorld
  answers: MoEngageAnswers
  cohorts: Cohorts
  limiter: Limiter
}

const refuse = async (
  c: EmulatorContext,
  { world, answers, limiter }: CohortTools,
): Promise<Response | undefined> => {
  const { settings } = world
  if (!countRequest(c, limiter, settings).allowed) {
    const message = 'Rate limits for customers exceeded. Please Try After Some Time'
    return answers.data(c, 429, { type: 'Rate Limits Exceeded', message })
  }
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    return answers.data(c, 415, { type: 'Unsupported media type', message: 'Content type is not supported' })
  }
  if (Buffer.byteLength(await c.req.text()) > settings.limits.cohortPayloadBytes) {
    return answers.data(c, 413, { type: 'Payload too large', message: 'Payload can not exceed 128KB' })
  }
  return undefined
}

const syncCohort = async (c: EmulatorContext, tools: CohortTools): Promise<Response> => {
  const { answers, cohorts } = tools
  const refusal = await refuse(c, tools)
  if (refusal !== undefined) return refusal
  const body = await readJson(c)
  if (!isWireObject(body)) return answers.data(c, 400, MALFORMED_JSON)
  const batch = readBatch(body)
  if ('missing' in batch) return answers.data(c, 400, missingAttribute(batch.missing))
  c.set('action', batch.action)
  c.set('members', batch.uids.length)
  cohorts.accept(isDropped(c) ? { ...batch, isLost: true } : batch)
  return c.json(ACCEPTED)
}

/** Cohort Sync: one endpoint, which accepts and tells nothing. */
export const createCohortRoutes = (
  world: EmulatorWorld,
  answers: MoEngageAnswers,
  cohorts: Cohorts,
): Hono<EmulatorEnv> => {
  const app = new Hono<EmulatorEnv>()
  const limiter = createLimiter(world.settings.limits.cohortSync, () => agingMs(world))
  app.post(ROUTE, guardData(world.settings, answers, true), c =>
    syncCohort(c, { world, answers, cohorts, limiter }),
  )
  return app
}
