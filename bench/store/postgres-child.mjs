/**
 * One process of the store's bench, on PostgreSQL: `fill` makes a ledger, `sync` compares a later read with it and commits
 * what follows, one batch a list. Told is what it took from the spool file on, here and, where the server runs on this
 * machine, in the process that the server has for us.
 */

import { parseDatabaseUrl } from '../../dist/store/postgres/database-url.js'
import { holdStore } from '../../dist/store/postgres/held-store.js'
import { openForWriting } from '../../dist/store/postgres/open.js'
import { connectPg } from '../../dist/store/postgres/pg-driver.js'
import { IDENTIFIERS, makePerson, shuffle } from '../sync/engine-people.mjs'
import { watchServer } from './watch-server.mjs'

const PEOPLE_A_PAGE = 30_000
const AT = '2026-11-23T10:00:00.000Z'
const RULES = {
  exit: { kind: 'remove' },
  stage: { kind: 'live' },
  holdoutPercent: 0,
  testers: [],
  now: AT,
  rejectedSince: '2026-11-16T10:00:00.000Z',
  unsettledSince: '2026-11-23T09:45:00.000Z',
}

const [, , url, schema, spoolFolder, kind, first, count] = process.argv
const identify = IDENTIFIERS[kind]
const place = parseDatabaseUrl(url)
const isTold = process.env.MUSTER_BENCH_STATEMENTS === '1'

/** With the variable, tells each statement that takes its time. */
const connect = async () => {
  const driver = await connectPg(place)
  if (!isTold) return driver
  const timed = async (sql, work) => {
    const from = performance.now()
    const result = await work()
    const ms = performance.now() - from
    if (ms > 20)
      process.stderr.write(`${ms.toFixed(0).padStart(7)} ms  ${sql.replaceAll(/\s+/g, ' ').slice(0, 170)}\n`)
    return result
  }
  return {
    run: (sql, values) => timed(sql, () => driver.run(sql, values)),
    copyFile: (sql, path) => timed(sql, () => driver.copyFile(sql, path)),
    close: () => driver.close(),
  }
}

const options = {
  connect,
  name: 'the bench',
  schema,
  target: 'the bench',
  spoolFolder,
  clock: { now: () => new Date().toISOString(), sleep: async () => undefined },
  createId: () => crypto.randomUUID(),
  holder: { owner: 'bench', command: 'bench', runId: 'r1' },
}
const connection = await openForWriting(options)
const store = await holdStore(connection, options)
const spool = await store.openSpool('bench')
const numbers = shuffle(Number(first), Number(count))
for (let from = 0; from < numbers.length; from += PEOPLE_A_PAGE) {
  const page = Array.from(numbers.subarray(from, from + PEOPLE_A_PAGE))
  await spool.append(page.map(number => ({ person: makePerson(number), identifier: identify(number) })))
}

const startedAt = performance.now()
const cpu = process.cpuUsage()
const server = await watchServer({ query: async sql => ({ rows: await connection.readRows(sql) }) })
const steps = {}
const step = async (name, work) => {
  const from = performance.now()
  const result = await work
  steps[name] = Math.round(performance.now() - from)
  return result
}
const accept = (list, to) =>
  to === 0 ? undefined : store.commit([{ kind: 'batch', audience: 'bench', list, from: 1, to, at: AT }])

const delta = await step('compare', spool.computeDelta({ rules: RULES }))
await step('note', delta.noteLeavers({ at: AT, isComplete: true }))
await step('carry', delta.carryOver(AT))
await step('add', accept('add', delta.counts.adds))
await step('remove', accept('remove', delta.counts.removes))
const ms = performance.now() - startedAt
const { user, system } = process.cpuUsage(cpu)
const used = await server.read()
await delta.close()
const { members } = await step('read', store.readState())
const [{ bytes }] = await connection.readRows(
  'SELECT sum(pg_total_relation_size(c.oid)) AS bytes FROM pg_class c WHERE relnamespace = ?::regnamespace AND relkind = ?',
  [schema, 'r'],
)
await step('close', store.close())
process.stdout.write(
  JSON.stringify({
    ms: Math.round(ms),
    cpuMs: Math.round((user + system) / 1_000),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1_024),
    ...used,
    bytes: Number(bytes),
    adds: delta.counts.adds,
    removes: delta.counts.removes,
    people: delta.people,
    members: members.get('bench'),
    steps,
  }),
)
