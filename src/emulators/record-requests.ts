import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { EmulatorContext, EmulatorEnv } from './http.ts'
import type { RequestLog } from './request-log.ts'

/** Whether a request is for the emulator itself: neither logged nor struck by faults. */
export const isControl = (c: EmulatorContext): boolean => c.req.path.startsWith('/_emulator/')

/** The template of the route that will answer, `unmatched` when none will. */
export const templateOf = (c: EmulatorContext): string => {
  const path = matchedRoutes(c).at(-1)?.path ?? '*'
  return path.endsWith('*') ? 'unmatched' : path
}

/** Writes every request to the log, with its template and counts only. */
export const recordRequests =
  (log: RequestLog): MiddlewareHandler<EmulatorEnv> =>
  async (c, next) => {
    if (isControl(c)) return next()
    const entry = log.open(c.req.method, templateOf(c))
    c.set('entry', entry)
    await next()
    const isByHand = c.res.headers.has('x-hono-already-sent')
    entry.status = c.get('handledStatus') ?? (isByHand ? 0 : c.res.status)
    const action = c.get('action')
    const members = c.get('members')
    if (action !== undefined) entry.action = action
    if (members !== undefined) entry.members = members
  }

/** Dates every answer by the clock of the machine that the emulator stands for. */
export const dateAnswers =
  (wallMs: () => number): MiddlewareHandler<EmulatorEnv> =>
  (c, next) => {
    c.header('date', new Date(wallMs()).toUTCString())
    return next()
  }
