import type { MiddlewareHandler } from 'hono'
import type { Fault, Faults } from './faults.ts'
import type { EmulatorContext, EmulatorEnv } from './http.ts'
import { answeredByHand } from './http.ts'
import { isControl, templateOf } from './record-requests.ts'
import type { Timers } from './timers.ts'

/** Gives a status the error body that this vendor would send with it. */
export type VendorError = (c: EmulatorContext, status: number, isQuota: boolean) => Response

const PROXY_PAGE = '<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>'

const resetSocket = (c: EmulatorContext): Response => {
  c.env.incoming.socket.resetAndDestroy()
  return answeredByHand()
}

const cutAnswer = async (c: EmulatorContext): Promise<Response> => {
  const body = Buffer.from(await c.res.arrayBuffer())
  const { outgoing, incoming } = c.env
  const headers = { ...Object.fromEntries(c.res.headers), 'content-length': String(body.length) }
  outgoing.writeHead(c.res.status, headers)
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => incoming.socket.destroy())
  return answeredByHand()
}

const halveAnswer = async (c: EmulatorContext): Promise<Response> => {
  const body = Buffer.from(await c.res.arrayBuffer())
  const headers = new Headers(c.res.headers)
  headers.delete('content-length')
  return new Response(body.subarray(0, Math.floor(body.length / 2)), { status: c.res.status, headers })
}

const replaceAnswer = (c: EmulatorContext, answer: Response): void => {
  c.set('handledStatus', c.res.status)
  // Assigning over an answer merges its headers into the new one; undefined first forgets it.
  c.res = undefined
  c.res = answer
}

interface Injection {
  faults: Faults
  timers: Timers
  vendorError: VendorError
}

const act = async (c: EmulatorContext, fault: Fault, tools: Injection, next: () => Promise<void>) => {
  switch (fault.kind) {
    case 'status':
      return tools.vendorError(c, fault.status ?? 500, false)
    case 'quota':
      return tools.vendorError(c, fault.status ?? 429, true)
    case 'html':
      c.status((fault.status ?? 502) as 502) // any number is a status; the type lists the known ones
      return c.html(PROXY_PAGE)
    case 'hang':
      return new Promise<Response>(() => undefined)
    case 'reset':
      return resetSocket(c)
    case 'delay':
      await tools.timers.sleep(fault.delayMs ?? 0)
      return next()
    case 'truncate':
      await next()
      return replaceAnswer(c, await cutAnswer(c))
    case 'cut':
      await next()
      return replaceAnswer(c, await halveAnswer(c))
    case 'unknown':
      await next()
      return replaceAnswer(c, resetSocket(c))
    case 'omit':
      c.set('fault', fault.kind)
      c.set('omitted', fault.names)
      return next()
    case 'drop':
    case 'repeat-cursor':
    case 'empty-page':
    case 'wrong-count':
      c.set('fault', fault.kind)
      return next()
  }
}

/** Lets the injected faults strike, before anything else looks at the request. */
export const injectFaults =
  (tools: Injection): MiddlewareHandler<EmulatorEnv> =>
  async (c, next) => {
    if (isControl(c) || tools.faults.list().length === 0) return next()
    const body = c.req.method === 'GET' ? '' : await c.req.text()
    const fault = tools.faults.strike({ method: c.req.method, route: templateOf(c), body })
    if (fault === undefined) return next()
    const entry = c.get('entry')
    if (entry !== undefined) entry.fault = fault.kind
    return act(c, fault, tools, next)
  }

/** A bug of the emulator's own: the vendor's 500, with what really happened in a header. */
export const failLoudly = (c: EmulatorContext, error: Error, vendorError: VendorError): Response => {
  c.header('x-emulator-error', encodeURIComponent(error.message))
  return vendorError(c, 500, false)
}
