import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'

/** A chat on loopback that takes messages. */
export interface WebhookServer {
  /** With a secret in its path, as such addresses have. */
  readonly url: string
  /** Texts of the messages it took. */
  readonly messages: string[]
  /** What the next requests are answered with, before it takes messages again. */
  readonly answers: { readonly status: number; readonly retryAfter?: string }[]
  /** Requests so far, whatever became of them. */
  readonly requests: number
  close(): Promise<void>
}

export const WEBHOOK_SECRET = 'T0XB0Xs3cr3t'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** Listens until the test is over. */
export const startWebhook = async (): Promise<WebhookServer> => {
  const messages: string[] = []
  const answers: WebhookServer['answers'] = []
  let requests = 0
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      requests += 1
      const answer = answers.shift() ?? { status: 200 }
      if (answer.status === 200) messages.push((JSON.parse(body) as { text: string }).text)
      if (answer.retryAfter !== undefined) response.setHeader('retry-after', answer.retryAfter)
      response.writeHead(answer.status, { 'content-type': 'text/plain' })
      response.end(answer.status === 200 ? 'ok' : `no_service ${WEBHOOK_SECRET}`)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    if (!server.listening) return
    await new Promise<void>(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }
  closers.push(close)
  return {
    url: `http://127.0.0.1:${port}/services/${WEBHOOK_SECRET}`,
    messages,
    answers,
    get requests() {
      return requests
    },
    close,
  }
}
