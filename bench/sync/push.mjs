/**
 * What a first load costs: a cohort of 1 M members, most of them new, sent in batches by the engine and the adapter as
 * they are, out of a real store, to a server in another process that takes every call and counts bytes. Nothing paces
 * it. Told are how full the calls are, how many more there are than the fewest possible, and the CPU that it takes, the
 * store's own threads included; reading and comparing come before and are not counted.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MEMBERS = 1_000_000
const BUDGET_BYTES = 120_000
const LEAST_FILL = 0.98
const MOST_REQUESTS = 1.01
const PEOPLE_A_PAGE = 30_000

const KINDS = {
  'usr_… ids': number => `usr_${String(number).padStart(10, '0')}`,
  UUIDs: number => {
    const hex = (BigInt(number) * 0x9e3779b97f4a7c15n).toString(16).padStart(32, '0').slice(-32)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
  },
}

/** Takes whatever comes. `GET /` tells how many calls there were and how many bytes, and begins anew. */
const serve = async () => {
  let seen = { calls: 0, bytes: 0 }
  const server = createServer((request, response) => {
    let bytes = 0
    request.on('data', chunk => {
      bytes += chunk.length
    })
    request.on('end', () => {
      response.setHeader('content-type', 'application/json')
      if (request.method === 'GET') {
        response.end(JSON.stringify(seen))
        seen = { calls: 0, bytes: 0 }
        return
      }
      seen = { calls: seen.calls + 1, bytes: seen.bytes + bytes }
      response.end('{"status":"success","message":"accepted"}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  process.stdout.write(`${server.address().port}\n`)
}

const startServer = async () => {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), '--serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  return { child, url: `http://127.0.0.1:${String(line).trim()}` }
}

const clock = {
  now: () => '2026-11-23T10:00:00.000Z',
  monotonicMs: () => performance.now(),
  sleep: async () => undefined,
}

const RULES = {
  exit: { kind: 'remove' },
  stage: { kind: 'live' },
  holdoutPercent: 0,
  testers: [],
  now: clock.now(),
  rejectedSince: '2026-11-16T10:00:00.000Z',
  unsettledSince: '2026-11-23T09:45:00.000Z',
}

const COHORT = { cohortId: 'acme-bench-g1', name: 'ACT__Bench__60d', description: 'A cohort of the bench.' }

const spoolEverybody = async (store, identify) => {
  const spool = await store.openSpool('bench')
  for (let from = 0; from < MEMBERS; from += PEOPLE_A_PAGE) {
    const count = Math.min(PEOPLE_A_PAGE, MEMBERS - from)
    await spool.append(
      Array.from({ length: count }, (_each, index) => ({
        person: `0300${(from + index).toString(16).padStart(10, '0')}`,
        identifier: identify(from + index),
      })),
    )
  }
  return spool.computeDelta({ rules: RULES })
}

const measure = async (kind, identify) => {
  const { openDuckdbStore } = await import('../../dist/store/duckdb/store.js')
  const { createMoengageWriter } = await import('../../dist/providers/moengage/provider.js')
  const { pushDelta } = await import('../../dist/engine/push.js')
  const root = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  const server = await startServer()
  try {
    const store = await openDuckdbStore({
      path: join(root, 'push.duckdb'),
      target: 'the bench',
      clock,
      createId: () => 'bench',
      holder: { owner: 'bench', command: 'bench', runId: 'r1' },
    })
    const destination = createMoengageWriter({
      connection: {
        dataCenter: '01',
        workspaceId: 'BENCH',
        dataKeyEnv: 'BENCH_KEY',
        baseUrl: server.url,
      },
      dataKey: 'bench-key',
      partner: 'muster',
      pace: { take: async () => undefined, pauseFor: () => undefined },
      clock,
      random: () => 0.5,
      version: 'bench',
    })
    const run = {
      runId: 'r1',
      now: clock.now(),
      clock,
      store,
      writer: { destination },
      reporter: { report: () => undefined },
      signal: new AbortController().signal,
    }
    const delta = await spoolEverybody(store, identify)
    const before = process.cpuUsage()
    const startedAt = performance.now()
    const tally = await pushDelta(run, { audience: 'bench', cohort: COHORT }, delta, 'add')
    const seconds = (performance.now() - startedAt) / 1_000
    const cpu = process.cpuUsage(before)
    await delta.close()
    const { members } = await store.readState()
    if (tally.members !== MEMBERS || members.get('bench') !== MEMBERS) throw new Error('members were lost')
    await store.close()
    const seen = await (await fetch(server.url)).json()
    const size = destination.sizeBatch(COHORT, 'add')
    let memberBytes = 0
    for (let number = 0; number < MEMBERS; number += 1) memberBytes += size.memberBytes(identify(number))
    return {
      kind,
      ...seen,
      fewest: Math.ceil(memberBytes / (BUDGET_BYTES - size.envelopeBytes)),
      seconds,
      cpuSeconds: (cpu.user + cpu.system) / 1_000_000,
    }
  } finally {
    server.child.kill()
    rmSync(root, { recursive: true, force: true })
  }
}

const tell = ({ kind, calls, bytes, fewest, seconds, cpuSeconds }) => {
  const fill = bytes / calls / BUDGET_BYTES
  const isMet = fill >= LEAST_FILL && calls <= fewest * MOST_REQUESTS
  process.stdout.write(
    `${MEMBERS.toLocaleString('en-US')} members, ${kind}: ${calls} calls of ${(fill * 100).toFixed(2)} % of the budget ` +
      `(at least ${LEAST_FILL * 100} %), the fewest possible are ${fewest} (at most 1 % more): ${isMet ? 'met' : 'MISSED'}; ` +
      `${(cpuSeconds / (MEMBERS / 1_000_000)).toFixed(2)} s of CPU a million, ${seconds.toFixed(1)} s\n`,
  )
  if (!isMet) process.exitCode = 1
}

if (process.argv.includes('--serve')) await serve()
else for (const [kind, identify] of Object.entries(KINDS)) tell(await measure(kind, identify))
