import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { checkAnswer, checkRequest } from './description.ts'
import type { Answer, Handler, Route } from './routes.ts'
import { routeActions } from './routes-actions.ts'
import { routeChecks } from './routes-checks.ts'
import { routeIssues } from './routes-issues.ts'
import { routePulls } from './routes-pulls.ts'
import { createState, type GithubState } from './state.ts'

/** A request that was made, as a test compares it. */
export interface RecordedRequest {
  readonly call: string
  readonly status: number
  readonly body?: Readonly<Record<string, unknown>>
}

/** What goes wrong with the next requests of a call. */
export interface GithubFault {
  /** `POST /repos/{owner}/{repo}/issues` */
  readonly call: string
  readonly status: number
  /** It takes effect all the same. */
  readonly afterEffect?: boolean
  readonly headers?: Readonly<Record<string, string>>
  times?: number
}

export interface GithubEmulator {
  readonly url: string
  readonly state: GithubState
  readonly requests: RecordedRequest[]
  /** Where a request or an answer is not what GitHub's own description says. */
  readonly mistakes: string[]
  readonly faults: GithubFault[]
  /** Calls that the token may not make. */
  readonly forbidden: Set<string>
  close(): Promise<void>
}

export const TOKEN = 'ghs_emulated'

const ROUTES: readonly Route[] = [...routeIssues, ...routePulls, ...routeChecks, ...routeActions]

/** A GitHub of one repository on loopback. Each request and each answer is checked against GitHub's description. */
export const startGithub = async (): Promise<GithubEmulator> => {
  const state = createState()
  const requests: RecordedRequest[] = []
  const mistakes: string[] = []
  const faults: GithubFault[] = []
  const forbidden = new Set<string>()
  const app = new Hono()

  const serve = ({ method, path }: Route, handler: Handler): void => {
    const call = `${method} ${path}`
    app.on(method, path.replaceAll(/\{(\w+)\}/g, ':$1'), async c => {
      const text = await c.req.text()
      const body = text === '' ? undefined : (JSON.parse(text) as Readonly<Record<string, unknown>>)
      const query = c.req.query()
      const answer = decide()
      requests.push({ call, status: answer.status, ...(body === undefined ? {} : { body }) })
      if (answer.bytes)
        return new Response(new Uint8Array(answer.bytes), {
          status: answer.status,
          headers: { 'content-type': 'application/zip' },
        })
      if (answer.status < 300)
        for (const wrong of checkAnswer({ method, path }, answer.status, answer.body))
          mistakes.push(`answer to ${call}: ${wrong}`)
      return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), {
        status: answer.status,
        headers: { 'content-type': 'application/json', ...answer.headers },
      })

      function decide(): Answer {
        if (c.req.header('authorization') !== `token ${TOKEN}` && !path.startsWith('/_'))
          return { status: 401, body: { message: 'Bad credentials' } }
        if (!path.startsWith('/_'))
          for (const wrong of checkRequest({ method, path }, { query, body }))
            mistakes.push(`${call}: ${wrong}`)
        if (forbidden.has(call))
          return { status: 403, body: { message: 'Resource not accessible by integration' } }
        const fault = takeFault(call)
        const given = {
          params: c.req.param() as Readonly<Record<string, string>>,
          query,
          body: body ?? {},
          url: c.req.url,
        }
        if (fault && !fault.afterEffect) return failing(fault)
        const answered = handler(state, given)
        return fault ? failing(fault) : answered
      }
    })
  }

  const takeFault = (call: string): GithubFault | undefined => {
    const fault = faults.find(each => each.call === call && (each.times ?? 1) > 0)
    if (fault) fault.times = (fault.times ?? 1) - 1
    return fault
  }

  const failing = ({ status, headers }: GithubFault): Answer => ({
    status,
    body: { message: 'emulated' },
    ...(headers ? { headers } : {}),
  })

  for (const route of ROUTES) serve(route, route.handler)
  app.onError((error, c) => {
    mistakes.push(`${c.req.method} ${c.req.path}: ${error.stack}`)
    return c.json({ message: 'broken' }, 500)
  })
  app.notFound(c => {
    mistakes.push(`${c.req.method} ${c.req.path} is not emulated`)
    return c.json({ message: 'Not Found' }, 404)
  })

  const server = createServer(getRequestListener(app.fetch))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    state,
    requests,
    mistakes,
    faults,
    forbidden,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
