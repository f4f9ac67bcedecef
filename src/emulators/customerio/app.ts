import type { MiddlewareHandler } from 'hono'
import { Hono } from 'hono'
import { announceRequests } from '../announce-requests.ts'
import { createControl } from '../control.ts'
import type { VendorError } from '../fault-middleware.ts'
import { failLoudly, injectFaults } from '../fault-middleware.ts'
import { createFaults } from '../faults.ts'
import type { EmulatorEnv } from '../http.ts'
import { readBasic } from '../http.ts'
import { createLimiter } from '../limiter.ts'
import { dateAnswers, recordRequests } from '../record-requests.ts'
import { createRequestLog } from '../request-log.ts'
import type { EmulatorWorld } from '../world.ts'
import { agingMs } from '../world.ts'
import type { CustomerioAnswers } from './answers.ts'
import { createAnswers } from './answers.ts'
import { createExportRoutes } from './export-routes.ts'
import { createExportRegistry } from './exports.ts'
import { createMemberChanges } from './member-changes.ts'
import { createSegmentRoutes } from './segment-routes.ts'
import { createSegmentRegistry } from './segments.ts'
import { createTrackRoutes, WORKSPACE_ID } from './track-routes.ts'
import { createTruthRoutes } from './truth-routes.ts'

const APP_PATHS = '/v1/*'
const TRACK_PATHS = '/api/v1/*'

const guardApp = (world: EmulatorWorld, answers: CustomerioAnswers): MiddlewareHandler<EmulatorEnv> => {
  const { customerio, limits } = world.settings
  const limiter = createLimiter(limits.customerioApp, () => agingMs(world))
  return async (c, next) => {
    if (c.req.header('authorization') !== `Bearer ${customerio.appKey}`) {
      return answers.app(c, 401, { detail: 'the credentials are not valid', code: 'invalid_credentials' })
    }
    const verdict = limiter.take()
    if (verdict.allowed) return next()
    const { max, seconds } = verdict.window
    c.header('Retry-After', String(Math.max(1, Math.ceil(verdict.resetMs / 1000))))
    return answers.app(c, 429, { detail: `rate limited to ${max} requests per ${seconds}s` })
  }
}

const guardTrack = (world: EmulatorWorld, answers: CustomerioAnswers): MiddlewareHandler<EmulatorEnv> => {
  const { customerio, limits } = world.settings
  const limiter = createLimiter(limits.customerioTrack, () => agingMs(world))
  return async (c, next) => {
    const basic = readBasic(c.req.header('authorization'))
    const isKnown = basic?.user === customerio.trackSiteId && basic.password === customerio.trackApiKey
    if (!isKnown) return answers.track(c, 401, 'Unauthorized request')
    return limiter.take().allowed ? next() : answers.track(c, 429, 'Too many requests')
  }
}

const vendorError =
  (answers: CustomerioAnswers): VendorError =>
  (c, status, isQuota) => {
    if (c.req.path.startsWith('/api/')) return answers.track(c, status, 'injected fault')
    if (status === 429 && !isQuota) c.header('Retry-After', '1')
    return answers.app(c, status, { detail: isQuota ? 'daily quota reached' : 'injected fault' })
  }

/** The Customer.io of the emulated shop: App API, Track API and `/_emulator/`. */
export const createCustomerio = (world: EmulatorWorld): Hono<EmulatorEnv> => {
  const { population, clock, timers, settings } = world
  const answers = createAnswers(settings.seed)
  const log = createRequestLog()
  const faults = createFaults()
  const segments = createSegmentRegistry(population, clock)
  const memberChanges = createMemberChanges({
    population,
    segments,
    clock,
    timers,
    trackDelayMs: settings.trackDelayMs,
    membersMoveUpdatedAt: settings.behaviour.membersMoveUpdatedAt,
  })
  const exports = createExportRegistry({
    population,
    segments,
    clock,
    timers,
    processingDelayMs: settings.processingDelayMs,
    agingMs: () => agingMs(world),
  })

  const app = new Hono<EmulatorEnv>()
  app.use(recordRequests(log))
  app.use(dateAnswers(settings.wallMs))
  app.use(injectFaults({ faults, timers, vendorError: vendorError(answers) }))
  app.use(announceRequests('customerio', settings.onRequest))
  app.route('/', createControl({ clock, log, faults }))
  app.route('/', createTruthRoutes({ population, clock, segments, exports, memberChanges }))
  app.use(APP_PATHS, guardApp(world, answers))
  app.use(TRACK_PATHS, guardTrack(world, answers))
  const { behaviour, limits } = settings
  const { membershipPage } = limits
  app.route('/', createSegmentRoutes({ population, segments, answers, behaviour, membershipPage }))
  app.route('/', createExportRoutes(exports, answers, settings.behaviour))
  app.get('/v1/workspaces', c =>
    c.json({
      workspaces: [
        {
          id: WORKSPACE_ID,
          name: 'acme',
          messages_sent: 0,
          billable_messages_sent: 0,
          people: population.size,
          object_types: 0,
          objects: 0,
        },
      ],
    }),
  )
  app.route('/', createTrackRoutes({ segments, answers, memberChanges }))
  app.onError((error, c) => failLoudly(c, error, vendorError(answers)))
  app.notFound(c => answers.app(c, 404, { detail: 'not found' }))
  return app
}
