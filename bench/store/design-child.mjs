/** One process of the store's bench: one sync by one design of `designs.mjs`, or the first load of all of them. */
import { statSync } from 'node:fs'
import { Client } from 'pg'
import { createLedger, DESIGNS, fillLedger } from './designs.mjs'
import { watchServer } from './watch-server.mjs'

const [, , url, schema, design, path] = process.argv
const client = new Client({ connectionString: url })
await client.connect()
await client.query(`SET search_path TO ${schema}`)
const server = await watchServer(client)
const startedAt = performance.now()
const cpu = process.cpuUsage()
let moved = {}
if (design === 'fill') {
  await client.query(`CREATE SCHEMA ${schema}`)
  await createLedger(client)
  await fillLedger(client, path)
} else moved = await DESIGNS[design](client, path)
const ms = performance.now() - startedAt
const { user, system } = process.cpuUsage(cpu)
const used = await server.read()
const { rows } = await client.query("SELECT pg_total_relation_size('ledger')::float8 AS bytes")
await client.end()
process.stdout.write(
  JSON.stringify({
    ms: Math.round(ms),
    cpuMs: Math.round((user + system) / 1_000),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1_024),
    ...used,
    bytes: rows[0].bytes,
    spoolBytes: statSync(path).size,
    ...moved,
  }),
)
