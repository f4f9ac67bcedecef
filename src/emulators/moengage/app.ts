import { Hono } from 'hono'
import { announceRequests } from '../announce-requests.ts'
import { createControl } from '../control.ts'
import type { VendorError } from '../fault-middleware.ts'
import { failLoudly, injectFaults } from '../fault-middleware.ts'
import { createFaults } from '../faults.ts'
import type { EmulatorEnv } from '../http.ts'
import type { EmulatorSettings } from '../options.ts'
import { dateAnswers, recordRequests } from '../record-requests.ts'
import { createRequestLog } from '../request-log.ts'
import type { EmulatorWorld } from '../world.ts'
import type { MoEngageAnswers } from './answers.ts'
import { createAnswers } from './answers.ts'
import { createArchiveRoutes } from './archive-routes.ts'
import { createCohortRoutes } from './cohort-routes.ts'
import { createCohorts } from './cohorts.ts'
import { addForeignSegments } from './foreign-segments.ts'
import { writeRateHeaders } from './guards.ts'
import type { SegmentTools } from './segment-changes.ts'
import { createSegmentRoutes } from './segment-routes.ts'
import { createSegments } from './segments.ts'
import { createTruthRoutes } from './truth-routes.ts'
import { createUserRoutes } from './user-routes.ts'
import { createUsers } from './users.ts'

const DATA_TYPES: Readonly<Record<number, string>> = {
  400: 'MissingAttributeError',
  401: 'Authentication required',
  403: 'BlockedClient',
  413: 'Payload too large',
  415: 'Unsupported media type',
  429: 'Rate Limits Exceeded',
  500: 'Server Error',
}

/** How long an injected 429 asks the client to wait. */
const FAULT_RESET_MS = 2_000

const vendorError =
  (answers: MoEngageAnswers, settings: EmulatorSettings): VendorError =>
  (c, status, isQuota) => {
    if (status === 429 && !isQuota) {
      const [window = { max: 0, seconds: 0 }] = settings.limits.cohortSync
      writeRateHeaders(c, { allowed: false, window, remaining: 0, resetMs: FAULT_RESET_MS }, settings)
    }
    const message =
      'An unexpected error was encountered while processing this request. Please contact MoEngage Team'
    if (c.req.path.startsWith('/v3/')) {
      return answers.segment(c, status, {
        code: status === 429 ? 'Too Many Requests' : 'Internal Server Error',
        message,
      })
    }
    if (c.req.path.startsWith('/v2/')) return answers.legacy(c, status, 'Internal Server Error', message)
    return answers.data(c, status, { type: DATA_TYPES[status] ?? 'Server Error', message })
  }

/** The MoEngage of the emulated shop: Cohort Sync, segments, users and `/_emulator/`. */
export const createMoEngage = (world: EmulatorWorld): Hono<EmulatorEnv> => {
  const { population, clock, timers, settings } = world
  const answers = createAnswers(settings.seed)
  const log = createRequestLog()
  const faults = createFaults()
  const users = createUsers(population)
  const segments = createSegments(settings.seed)
  const cohorts = createCohorts({ segments, users, clock, timers, settings })
  const tools: SegmentTools = { world, answers, segments }
  addForeignSegments(segments, population, users)
  // Hours pass when the clock moves, and no batch takes that long: what was accepted settles first.
  clock.onMove({ leaving: () => cohorts.settle(), arrived: () => segments.age(clock.nowMs()) })

  const app = new Hono<EmulatorEnv>()
  app.use(recordRequests(log))
  app.use(dateAnswers(settings.wallMs))
  app.use(injectFaults({ faults, timers, vendorError: vendorError(answers, settings) }))
  app.use(announceRequests('moengage', settings.onRequest))
  app.route('/', createControl({ clock, log, faults }))
  app.route('/', createTruthRoutes({ tools, cohorts, users }))
  app.route('/', createCohortRoutes(world, answers, cohorts))
  app.route('/', createUserRoutes(world, answers, users))
  app.route('/', createArchiveRoutes(world, answers, segments))
  app.route('/', createSegmentRoutes(tools))
  app.onError((error, c) => failLoudly(c, error, vendorError(answers, settings)))
  app.notFound(c => answers.data(c, 404, { type: 'Not Found', message: 'no such endpoint' }))
  return app
}
