import { request } from 'undici'
import { fail } from '../model/failure.ts'
import type { Alerter, Clock } from '../ports.ts'
import { renderAlertMessage } from '../render/alert-message.ts'

export interface WebhookOptions {
  /** Whoever knows it can post there: never shown. */
  readonly url: string
  /** The variable that holds it, which messages name instead. */
  readonly variable: string
  readonly version: string
  readonly clock: Pick<Clock, 'sleep'>
  readonly signal: AbortSignal
}

const ATTEMPTS = 3
const PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 30_000
const TIMEOUT_MS = 15_000

/** Posts one message for everything that begins or is over, in the form that Slack and others take. */
export const createWebhook = (options: WebhookOptions): Alerter => {
  const url = parseWebhook(options)
  return {
    name: 'webhook',
    tell: async news => {
      if (news.begun.length + news.over.length === 0) return undefined
      await postMessage(url, renderAlertMessage(news), options)
      return `${news.begun.length} new, ${news.over.length} over`
    },
  }
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

const parseWebhook = ({ url, variable }: WebhookOptions): URL => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const isSafe =
    parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && LOOPBACK.has(parsed.hostname))
  if (parsed && isSafe) return parsed
  return fail({
    origin: 'webhook',
    code: 'alert/bad-webhook',
    detail: `The variable ${variable} holds no https address.`,
    hint: 'put the whole address of the webhook into it',
    retryable: false,
  })
}

const postMessage = async (url: URL, text: string, options: WebhookOptions): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    const { status, retryAfterMs } = await post(url, text, options)
    if (status >= 200 && status < 300) return
    const isPassing = status === 0 || status === 429 || status >= 500
    if (!isPassing || attempt === ATTEMPTS || options.signal.aborted) return refuse(status, options)
    await options.clock.sleep(Math.min(retryAfterMs ?? PAUSE_MS * attempt, LONGEST_PAUSE_MS), options.signal)
  }
}

/** Status 0: no answer. The error of the transport may quote the address, so nothing of it is kept. */
const post = async (
  url: URL,
  text: string,
  { version, signal }: WebhookOptions,
): Promise<{ readonly status: number; readonly retryAfterMs?: number }> => {
  try {
    const { statusCode, headers, body } = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': `muster/${version}` },
      body: JSON.stringify({ text }),
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      reset: true,
      signal,
    })
    await body.dump()
    const seconds = Number(headers['retry-after'])
    return { status: statusCode, ...(seconds > 0 ? { retryAfterMs: seconds * 1_000 } : {}) }
  } catch {
    return { status: 0 }
  }
}

const refuse = (status: number, { variable }: WebhookOptions): never =>
  fail({
    origin: 'webhook',
    code: 'alert/webhook',
    detail: `The webhook of ${variable} ${status === 0 ? 'could not be reached' : `answered ${status}`}. Nobody was told there.`,
    hint: 'the next muster monitor tells it again; look at the address when that fails too',
    retryable: true,
    ...(status === 0 ? {} : { status }),
  })
