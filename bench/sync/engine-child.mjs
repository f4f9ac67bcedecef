/**
 * One process of the engine's bench: `fill` makes a ledger, `sync` compares a later read with it and commits what
 * follows, one batch a list. Told is what it took from the spool file on; the peak is that of the whole process.
 */
import { openDuckdbStore } from '../../dist/store/duckdb/store.js'
import { IDENTIFIERS, makePerson, shuffle } from './engine-people.mjs'

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

const [, , path, kind, first, count, memoryLimit] = process.argv
const identify = IDENTIFIERS[kind]
const store = await openDuckdbStore({
  path,
  target: 'the bench',
  clock: { now: () => new Date().toISOString(), sleep: async () => undefined },
  createId: () => crypto.randomUUID(),
  holder: { owner: 'bench', command: 'bench', runId: 'r1' },
  ...(memoryLimit ? { memoryLimit } : {}),
})

const spool = await store.openSpool('bench')
const numbers = shuffle(Number(first), Number(count))
for (let from = 0; from < numbers.length; from += PEOPLE_A_PAGE) {
  const page = Array.from(numbers.subarray(from, from + PEOPLE_A_PAGE))
  await spool.append(page.map(number => ({ person: makePerson(number), identifier: identify(number) })))
}

const startedAt = performance.now()
const cpu = process.cpuUsage()
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
await delta.close()
const { members } = await step('read', store.readState())
await step('close', store.close())
const result = {
  ms: Math.round(ms),
  cpuMs: Math.round((user + system) / 1_000),
  peakMb: Math.round(process.resourceUsage().maxRSS / 1_024),
  adds: delta.counts.adds,
  removes: delta.counts.removes,
  people: delta.people,
  members: members.get('bench'),
  steps,
}
process.stdout.write(JSON.stringify(result))
