/**
 * How well the pace uses the limit, against the emulator's own limiter (300 Cohort Sync calls in any minute) and by the
 * machine's clock. First alone, at 240 a minute for two minutes: at least 97 % of that, and not one 429. Then beside a
 * partner that makes 150 calls a minute and does not care about refusals: no call of ours is lost, and few are refused.
 * Each part has an emulator of its own, whose windows are empty. Takes four minutes; `--seconds 30` shortens both.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createClock } from '../../dist/cli/clock.js'
import { createPace } from '../../dist/engine/pace.js'
import { createMoengageWriter } from '../../dist/providers/moengage/provider.js'

const RATE = 240
const PARTNER_RATE = 150
const LEAST_USE = 0.97
const MOST_REFUSED = 10
const COHORTS = 8

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '120' } } })
const lengthMs = Number(values.seconds) * 1_000

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

const startEmulators = async () => {
  const child = spawn(
    process.execPath,
    [main, '--json', 'emulate', '--customerio-port', '0', '--moengage-port', '0', '--population', '100'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  for await (const line of createInterface({ input: child.stdout }))
    return { child, url: JSON.parse(line).moengage }
  throw new Error('the emulators ended')
}

const countAnswers = async url => {
  const { requests } = await (await fetch(`${url}/_emulator/requests`)).json()
  return {
    taken: requests.filter(({ status }) => status === 200).length,
    refused: requests.filter(({ status }) => status === 429).length,
  }
}

const openWriter = url =>
  createMoengageWriter({
    connection: {
      dataCenter: '01',
      workspaceId: 'ACME01_DEBUG',
      dataKeyEnv: 'MOENGAGE_DATA_KEY',
      baseUrl: url,
    },
    dataKey: 'emulated-data-key',
    partner: 'muster',
    pace: createPace({ limit: RATE, intervalMs: 60_000, clock: createClock() }),
    clock: createClock(),
    random: Math.random,
    version: 'bench',
  })

/** Eight cohorts, one call in flight each, until the time is over. Counts calls that were taken by then. */
const send = async (url, endsAt) => {
  const writer = openWriter(url)
  let done = 0
  let lost = 0
  const sendOne = async number => {
    const cohort = { cohortId: `bench-${number}-g1`, name: `ACT__Bench${number}__60d`, description: '' }
    while (performance.now() < endsAt) {
      try {
        await writer.changeMembers(cohort, 'add', ['usr_0000000001'])
        if (performance.now() < endsAt) done += 1
      } catch {
        lost += 1
      }
    }
  }
  await Promise.all(Array.from({ length: COHORTS }, (_each, number) => sendOne(number)))
  return { done, lost }
}

/** Another sender of the same workspace: evenly, and without a thought for the limit. Answers its refused calls. */
const sendAsPartner = async (url, endsAt) => {
  const headers = {
    'content-type': 'application/json',
    'moe-appkey': 'ACME01_DEBUG',
    authorization: `Basic ${Buffer.from('ACME01_DEBUG:emulated-data-key').toString('base64')}`,
  }
  const body = JSON.stringify({
    action: 'add_members',
    partner: 'other',
    parameters: { cohort_name: 'Other', cohort_id: 'other', members: [{ uid: 'usr_0000000002' }] },
  })
  const startedAt = performance.now()
  let refused = 0
  for (let number = 0; performance.now() < endsAt; number += 1) {
    const { status } = await fetch(`${url}/v1/integrations/cohortsync`, { method: 'POST', headers, body })
    if (status === 429) refused += 1
    await wait(Math.max(0, startedAt + ((number + 1) * 60_000) / PARTNER_RATE - performance.now()))
  }
  return refused
}

const tell = (text, isMet) => {
  process.stdout.write(`${text}: ${isMet ? 'met' : 'MISSED'}\n`)
  if (!isMet) process.exitCode = 1
}

const measureAlone = async () => {
  const { child, url } = await startEmulators()
  try {
    const { done, lost } = await send(url, performance.now() + lengthMs)
    const { refused } = await countAnswers(url)
    const use = done / ((RATE * lengthMs) / 60_000)
    tell(
      `alone, ${RATE} a minute for ${lengthMs / 1_000} s: ${done} calls, ${(use * 100).toFixed(1)} % of the rate ` +
        `(at least ${LEAST_USE * 100} %), ${refused} refused (none), ${lost} lost (none)`,
      use >= LEAST_USE && refused === 0 && lost === 0,
    )
  } finally {
    child.kill()
  }
}

const measureBesidePartner = async () => {
  const { child, url } = await startEmulators()
  try {
    const endsAt = performance.now() + lengthMs
    const [{ done, lost }, partnerRefused] = await Promise.all([
      send(url, endsAt),
      sendAsPartner(url, endsAt),
    ])
    const { refused } = await countAnswers(url)
    tell(
      `beside a partner with ${PARTNER_RATE} a minute: ${done} calls, ${refused - partnerRefused} refused ` +
        `(at most ${MOST_REFUSED}), ${lost} lost (none)`,
      refused - partnerRefused <= MOST_REFUSED && lost === 0,
    )
  } finally {
    child.kill()
  }
}

await measureAlone()
await measureBesidePartner()
