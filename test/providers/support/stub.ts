import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** One answer of a script: JSON with a status, or anything at all done by hand. */
export type Reply =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | ((response: ServerResponse, request: SeenRequest) => void)

export interface Stub {
  readonly url: string
  readonly seen: readonly SeenRequest[]
}

/** An address where nobody listens any more. */
export const findClosedStub = async (): Promise<Stub> => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return { url: `http://127.0.0.1:${port}`, seen: [] }
}

/** A server on loopback that answers with the replies in turn; the last one goes on for ever. */
export const openStub = async (...replies: readonly Reply[]): Promise<Stub> => {
  const seen: SeenRequest[] = []
  const server = createServer(async (incoming, response) => {
    const request = {
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      headers: incoming.headers,
      body: await text(incoming),
    }
    seen.push(request)
    const reply = replies[Math.min(seen.length, replies.length) - 1]
    if (typeof reply === 'function') return reply(response, request)
    response.writeHead(reply?.status ?? 500, { 'content-type': 'application/json', ...reply?.headers })
    response.end(reply?.body === undefined ? '' : JSON.stringify(reply.body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}
