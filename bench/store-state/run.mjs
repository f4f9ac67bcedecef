/**
 * What one step of an apply costs the store: the state is read and one object of it is written, in a store that knows
 * 100 to 10,000 of them already. They are recorded in one commit, which is measured too. A step must not cost more
 * because others were recorded before it. Each size takes turns with the others, so that a slow minute hits all.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDuckdbStore } from '../../dist/store/duckdb/store.js'

const SIZES = [100, 1_000, 10_000]
const ROUNDS = 10
const STEPS_PER_ROUND = 30
const MOST_GROWTH = 3
/** One commit, as `state rebuild` makes it after the loss of the store. */
const BULK = 20_000

const AT = '2026-11-23T10:00:00.000Z'

const makeObject = (number, name = `ORC__Audience_${number}__30d`) => ({
  address: `cohort.audience-${number}`,
  kind: 'cohort',
  audience: `audience-${number}`,
  attributes: { name, cohort_id: `acme-audience-${number}-g1`, tags: ['crm', 'bench'] },
  remoteId: number.toString(16).padStart(24, '0'),
  status: 'seen',
  recordedAt: AT,
  origin: 'created',
})

const openFilled = async (root, count) => {
  const path = join(root, `${count}.duckdb`)
  const store = await openDuckdbStore({
    path,
    target: 'the bench',
    clock: { now: () => new Date().toISOString(), sleep: async () => undefined },
    createId: () => `id-${count}`,
    holder: { owner: 'bench', command: 'bench', runId: 'r1' },
  })
  const startedAt = performance.now()
  const writes = Array.from({ length: count }, (_, number) => ({
    kind: 'object',
    object: makeObject(number),
  }))
  await store.commit(writes)
  return { count, path, store, fillMs: performance.now() - startedAt, stepsMs: [] }
}

const takeStep = async ({ count, store }, step) => {
  const { objects } = await store.readState()
  const number = (step * 7919) % count
  if (!objects.has(`cohort.audience-${number}`)) throw new Error('an object is missing')
  await store.commit([{ kind: 'object', object: makeObject(number, `ORC__Changed_${step}__30d`) }])
}

/** The mean, not the median: what is put off to a later step is paid for all the same. */
const measureRound = async (world, round) => {
  const startedAt = performance.now()
  for (let step = 0; step < STEPS_PER_ROUND; step += 1) await takeStep(world, round * STEPS_PER_ROUND + step)
  world.stepsMs.push((performance.now() - startedAt) / STEPS_PER_ROUND)
}

const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length

const root = mkdtempSync(join(tmpdir(), 'muster-bench-'))
try {
  const worlds = []
  for (const count of SIZES) worlds.push(await openFilled(root, count))
  // The first round warms up and does not count.
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const world of worlds) await measureRound(world, round)
  const costs = worlds.map(({ stepsMs }) => mean(stepsMs.slice(1)))
  for (const [index, { count, path, store, fillMs }] of worlds.entries()) {
    const publishedKilobytes = statSync(`${path}.state.json`).size / 1_024
    process.stdout.write(
      `${count.toLocaleString('en-US').padStart(6)} objects: ${costs[index].toFixed(2)} ms a step, ` +
        `${fillMs.toFixed(0)} ms to record them in one commit, ${publishedKilobytes.toFixed(0)} KB published\n`,
    )
    await store.close()
  }
  const bulk = await openFilled(root, BULK)
  process.stdout.write(
    `${BULK.toLocaleString('en-US')} objects in one commit: ${bulk.fillMs.toFixed(0)} ms\n`,
  )
  await bulk.store.close()
  const growth = costs.at(-1) / costs[0]
  process.stdout.write(
    `a step costs ${growth.toFixed(1)} times as much with ${SIZES.at(-1) / SIZES[0]} times the objects; ` +
      `at most ${MOST_GROWTH}: ${growth <= MOST_GROWTH ? 'met' : 'MISSED'}\n`,
  )
  if (growth > MOST_GROWTH) process.exitCode = 1
} finally {
  rmSync(root, { recursive: true, force: true })
}
