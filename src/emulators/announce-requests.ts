import type { MiddlewareHandler } from 'hono'
import type { EmulatorEnv } from './http.ts'
import type { RequestEvent, RequestListener } from './options.ts'

/**
 * Tells whoever started the emulators of every request, before it is handled and once it was, with the answer still
 * to leave. Both wait for the listener. A request that a fault kept from being handled is not announced.
 */
export const announceRequests =
  (vendor: RequestEvent['vendor'], listener: RequestListener): MiddlewareHandler<EmulatorEnv> =>
  async (c, next) => {
    const entry = c.get('entry')
    if (entry === undefined) return next()
    const { method, route, write } = entry
    await listener({ vendor, method, route, write, phase: 'before' })
    await next()
    await listener({ vendor, method, route, write, phase: 'after' })
  }
