import { expect, test } from 'vitest'
import { createWebhook } from '../../src/alert/webhook.ts'
import type { AlertNews, RecordedAlert } from '../../src/model/alert.ts'
import { failureOf } from '../../src/model/failure.ts'
import { startWebhook, WEBHOOK_SECRET } from '../support/webhook-server.ts'

const ALERT: RecordedAlert = {
  code: 'monitor/stale',
  audience: 'vip',
  summary: 'Not synced for too long',
  detail: 'vip: last synced to its end 13 h ago; declared is every 6h.',
  hint: 'muster sync --only vip',
  since: '2026-11-25T10:00:00.000Z',
}
const news = (facts: Partial<AlertNews> = {}): AlertNews => ({
  environment: 'live',
  now: '2026-11-25T10:00:00.000Z',
  open: [ALERT],
  begun: [ALERT],
  over: [],
  ...facts,
})

/** A webhook whose waits are written down instead of waited for. */
const aWebhook = (url: string) => {
  const waited: number[] = []
  const webhook = createWebhook({
    url,
    variable: 'ALERT_WEBHOOK_URL',
    version: '0.0.0-test',
    clock: { sleep: async ms => void waited.push(ms) },
    signal: new AbortController().signal,
  })
  return { waited, tell: (facts?: Partial<AlertNews>) => webhook.tell(news(facts)) }
}

/** What a refusal says, and that it holds nothing of the address. */
const refusalOf = async (work: () => Promise<unknown>): Promise<string> => {
  try {
    await work()
  } catch (error) {
    const failure = failureOf(error)
    expect(JSON.stringify([failure, String(error), (error as Error).stack])).not.toContain(WEBHOOK_SECRET)
    return `${failure?.code}: ${failure?.detail}`
  }
  return 'none'
}

test('one message for all that begins and is over, in the form that Slack takes', async () => {
  const server = await startWebhook()
  const { tell } = aWebhook(server.url)
  const over = { ...ALERT, summary: 'A guard stopped the sync', audience: 'winback' }
  const open = [ALERT, { ...ALERT, audience: 'cart' }]
  expect(await tell({ open, over: [over] })).toBe('1 new, 1 over')
  expect(server.messages).toEqual([
    [
      '*muster live*: 1 new, 1 over',
      '• *Not synced for too long.* vip: last synced to its end 13 h ago; declared is every 6h.',
      '   muster sync --only vip',
      '• Over: A guard stopped the sync (winback)',
      '1 other thing is still open',
    ].join('\n'),
  ])
})

test('nothing that begins and nothing that is over is no message', async () => {
  const server = await startWebhook()
  expect(await aWebhook(server.url).tell({ begun: [] })).toBeUndefined()
  expect(server.requests).toBe(0)
})

test('names call nobody: a channel, a link and an end of line are text', async () => {
  const server = await startWebhook()
  await aWebhook(server.url).tell({
    begun: [{ ...ALERT, detail: 'vip: "<!channel> & <https://x|y>\u202e\nz"' }],
  })
  expect(server.messages[0]).toContain('"&lt;!channel&gt; &amp; &lt;https://x|y&gt;')
  expect(server.messages[0]).not.toMatch(/<|\u202e/)
  expect(server.messages[0]?.split('\n')).toHaveLength(3)
})

test('hundreds of alerts are a message that says how much is left out', async () => {
  const server = await startWebhook()
  const begun = Array.from({ length: 400 }, () => ALERT)
  await aWebhook(server.url).tell({ begun, open: begun })
  expect(server.messages[0]?.length).toBeLessThan(4_000)
  expect(server.messages[0]).toMatch(/… and 7\d\d lines more$/)
})

test('what passes is tried again, as late as it was asked for', async () => {
  const server = await startWebhook()
  server.answers.push({ status: 429, retryAfter: '7' }, { status: 503 })
  const { waited, tell } = aWebhook(server.url)
  expect(await tell()).toBe('1 new, 0 over')
  expect([waited, server.messages.length]).toEqual([[7_000, 4_000], 1])
})

test.each`
  story                    | statuses           | requests | says
  ${'gone'}                | ${[404]}           | ${1}     | ${'answered 404'}
  ${'moved'}               | ${[302]}           | ${1}     | ${'answered 302'}
  ${'broken all the time'} | ${[500, 500, 500]} | ${3}     | ${'answered 500'}
`('a webhook that is $story says so, and nothing of its address', async ({ statuses, requests, says }) => {
  const server = await startWebhook()
  for (const status of statuses as number[]) server.answers.push({ status })
  expect(await refusalOf(() => aWebhook(server.url).tell())).toBe(
    `alert/webhook: The webhook of ALERT_WEBHOOK_URL ${says}. Nobody was told there.`,
  )
  expect(server.requests).toBe(requests)
})

test('one that nobody listens at could not be reached', async () => {
  const server = await startWebhook()
  await server.close()
  expect(await refusalOf(() => aWebhook(server.url).tell())).toContain('could not be reached')
})

test.each(['http://example.com/T0XB0Xs3cr3t', 'T0XB0Xs3cr3t', 'ftp://127.0.0.1/T0XB0Xs3cr3t'])(
  '%s is no address to send to',
  async url => {
    expect(await refusalOf(async () => aWebhook(url))).toBe(
      'alert/bad-webhook: The variable ALERT_WEBHOOK_URL holds no https address.',
    )
  },
)
