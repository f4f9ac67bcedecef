/**
 * One read of a segment by pages as a sync makes it, however large it is: adapter, identifiers, and rows with notes in
 * the spool of a store.
 */
import { join } from 'node:path'
import { createPace } from '../../dist/engine/pace.js'
import { readPages } from '../../dist/engine/read-pages.js'
import { beginRead, takePeople } from '../../dist/engine/read-progress.js'
import { createCustomerioReader } from '../../dist/providers/customerio/provider.js'
import { refuseIdentifier } from '../../dist/providers/moengage/identifiers.js'
import { openDuckdbStore } from '../../dist/store/duckdb/store.js'

const [, , url, segment, folder] = process.argv
const NOW = '2026-11-23T10:00:00.000Z'
const clock = { now: () => NOW, monotonicMs: () => performance.now(), sleep: async () => undefined }
const store = await openDuckdbStore({
  path: join(folder, 'store.duckdb'),
  target: 'bench',
  clock,
  createId: () => 'bench',
  holder: { owner: 'bench', command: 'bench', runId: 'bench' },
})
const source = createCustomerioReader({
  connection: { region: 'us', appKeyEnv: 'KEY', baseUrl: url },
  appKey: 'bench',
  pace: createPace({ limit: 1_000_000, intervalMs: 1, clock }),
  clock,
  random: Math.random,
  version: '0.0.0',
})
const run = {
  now: NOW,
  clock,
  store,
  reader: { source, destination: { refusesIdentifier: refuseIdentifier } },
  reporter: { report: () => undefined },
  signal: new AbortController().signal,
}
const members = {
  audience: { id: 'bench', identifier: { key: { kind: 'id' } } },
  source: { segmentId: Number(segment), name: 'Everybody' },
}
const cpu = process.cpuUsage()
const segmentId = Number(segment)
const before = { segment: await source.readSegment(segmentId), count: await source.countPeople(segmentId) }
const reading = await beginRead(run, members, { before, path: 'pages' })
for await (const page of readPages(run, segmentId, { key: 'id' })) {
  reading.next = page.next ?? null
  await takePeople(reading, page.people)
}
const { user, system } = process.cpuUsage(cpu)
await reading.spool.discard()
await store.close()
process.stdout.write(
  JSON.stringify({
    people: reading.rows,
    skipped: reading.identification.skipped['no-identifier'],
    cpuMs: (user + system) / 1_000,
    rssMb: process.resourceUsage().maxRSS / 1_024,
  }),
)
