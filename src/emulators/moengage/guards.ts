import type { MiddlewareHandler } from 'hono'
import type { EmulatorContext, EmulatorEnv } from '../http.ts'
import { readBasic } from '../http.ts'
import type { Limiter, RateVerdict } from '../limiter.ts'
import type { EmulatorSettings } from '../options.ts'
import type { MoEngageAnswers } from './answers.ts'
import { missingAttribute } from './answers.ts'

// Order of the checks, which no document gives: credentials, rate, then the request itself.
// A request without MOE-APPKEY is a 400 (a required parameter is missing), one with another workspace's is a
// mismatch: 401 here, 409 in a sibling endpoint's document (behaviour.appKeyMismatchStatus).
// A refused request does not count against the rate.

/** What is wrong with the credentials of a request. */
type CredentialProblem = 'no-header' | 'wrong-app' | 'wrong-key' | 'no-app-key' | 'app-key-mismatch'

/** Checks Basic authentication and, where asked for, MOE-APPKEY. */
const findCredentialProblem = (
  c: EmulatorContext,
  { moengage }: EmulatorSettings,
  needsAppKey: boolean,
): CredentialProblem | undefined => {
  const basic = readBasic(c.req.header('authorization'))
  if (basic === undefined) return 'no-header'
  if (basic.user !== moengage.workspaceId) return 'wrong-app'
  if (basic.password !== moengage.dataKey) return 'wrong-key'
  if (!needsAppKey) return undefined
  const appKey = c.req.header('moe-appkey')
  if (appKey === undefined) return 'no-app-key'
  return appKey === moengage.workspaceId ? undefined : 'app-key-mismatch'
}

const DATA_401 = {
  'no-header': { type: 'Authentication required', message: 'Authentication Header Required' },
  'wrong-app': { type: 'Authentication Mismatch', message: 'App key mismatch in params and authentication' },
  'wrong-key': {
    type: 'Authentication required',
    message: 'App Secret key mismatch. Please login to the dashboard to verify key',
  },
} as const

/** Guards an endpoint of the data family. */
export const guardData =
  (
    settings: EmulatorSettings,
    answers: MoEngageAnswers,
    needsAppKey: boolean,
  ): MiddlewareHandler<EmulatorEnv> =>
  async (c, next) => {
    const problem = findCredentialProblem(c, settings, needsAppKey)
    if (problem === undefined) return next()
    if (problem === 'no-app-key') return answers.data(c, 400, missingAttribute('MOE-APPKEY'))
    if (problem === 'app-key-mismatch') {
      return answers.data(c, settings.behaviour.appKeyMismatchStatus, DATA_401['wrong-app'])
    }
    return answers.data(c, 401, DATA_401[problem])
  }

/** Guards the v3 segments. */
export const guardSegments =
  (settings: EmulatorSettings, answers: MoEngageAnswers): MiddlewareHandler<EmulatorEnv> =>
  async (c, next) => {
    const problem = findCredentialProblem(c, settings, true)
    if (problem === undefined) return next()
    if (problem === 'no-app-key' || problem === 'app-key-mismatch') {
      const message = 'MoEngage Client not found. Please check values for headers - MOE-APPKEY or MOE-DBNAME'
      return answers.segment(c, 400, { code: 'Request Error', message })
    }
    const message =
      problem === 'wrong-key'
        ? 'APP_SECRET key mismatch. Please login to the dashboard to verify key'
        : 'Invalid APP_KEY used in Authentication Header'
    return answers.segment(c, 401, { code: 'Authentication required', message })
  }

/** Guards the v2 segments, which ask for no MOE-APPKEY. */
export const guardLegacy =
  (settings: EmulatorSettings, answers: MoEngageAnswers): MiddlewareHandler<EmulatorEnv> =>
  async (c, next) => {
    const problem = findCredentialProblem(c, settings, false)
    if (problem === undefined) return next()
    return answers.legacy(c, 401, 'Authentication required', 'APP_SECRET key mismatch')
  }

/** Writes the three x-ratelimit headers. */
export const writeRateHeaders = (
  c: EmulatorContext,
  verdict: RateVerdict,
  settings: EmulatorSettings,
): void => {
  const resetSeconds = Math.ceil(verdict.resetMs / 1000)
  const epochSeconds = Math.ceil((settings.wallMs() + verdict.resetMs) / 1000)
  c.header('x-ratelimit-limit', String(verdict.window.max))
  c.header('x-ratelimit-remaining', String(verdict.remaining))
  c.header(
    'x-ratelimit-reset',
    String(settings.behaviour.rateResetForm === 'epoch' ? epochSeconds : resetSeconds),
  )
}

/** Counts a request and writes the three x-ratelimit headers, whichever way it goes. */
export const countRequest = (
  c: EmulatorContext,
  limiter: Limiter,
  settings: EmulatorSettings,
  units = 1,
): RateVerdict => {
  const verdict = limiter.take(units)
  writeRateHeaders(c, verdict, settings)
  return verdict
}
