/**
 * What a sync costs where the ledger is in PostgreSQL: a ledger of 1 M and 10 M members, a read in which one in a hundred has
 * left and as many have come, from the file of who was read to the committed ledger. Measured are the store as it ships, the
 * designs that were tried for it, each as a bare script that knows no rules and no lock (`designs.mjs`), and beside them the
 * store in a file and GNU `sort` and `comm` on the same identifiers. All take turns, so that a slow minute hits all of them.
 * Of a server on another machine neither its processor nor its memory is told.
 *
 *   node bench/store/run.mjs [count…]        the server: MUSTER_BENCH_POSTGRES, whose user may make schemas
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { runScript, runShell, writeLines } from '../processes.mjs'
import { IDENTIFIERS, makePerson, shuffle } from '../sync/engine-people.mjs'
import { DESIGNS } from './designs.mjs'

const { MUSTER_BENCH_POSTGRES: url = 'postgres://postgres@127.0.0.1:5432/test' } = process.env
const [, , ...onlyCounts] = process.argv
const SIZES = [
  { count: 1_000_000, rounds: 3 },
  { count: 10_000_000, rounds: 2 },
].filter(({ count }) => onlyCounts.length === 0 || onlyCounts.includes(`${count}`))
const KIND = 'usr'

const print = line => process.stdout.write(`${line}\n`)
const median = values => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]

const runChild = (script, ...args) => runScript(fileURLToPath(new URL(script, import.meta.url)), args)

const writeRows = (path, first, count) =>
  writeLines(path, shuffle(first, count), number => `${makePerson(number)}\u001f${IDENTIFIERS[KIND](number)}`)
const writeIdentifiers = (path, first, count) => writeLines(path, shuffle(first, count), IDENTIFIERS[KIND])

/** Who takes part. Each has a ledger that moves on by one in a hundred every time; the designs share one. */
const makeContenders = async (folder, schemas, count) => {
  const step = count / 100
  const rows = join(folder, 'spooled.rows')
  const file = join(folder, 'bench.duckdb')
  let designed = 0
  await writeRows(rows, 0, count)
  await runChild('design-child.mjs', url, schemas.designs, 'fill', rows)
  const spools = join(folder, 'spools')
  const first = {
    postgres: await runChild('postgres-child.mjs', url, schemas.ours, spools, KIND, 0, count),
    duckdb: await runChild('../sync/engine-child.mjs', file, KIND, 0, count),
  }
  const design = name => async () => {
    designed += 1
    await writeRows(rows, designed * step, count)
    const told = await runChild('design-child.mjs', url, schemas.designs, name, rows)
    if (told.entered !== step || told.gone !== step)
      throw new Error(`the change is another one: ${name} ${JSON.stringify(told)}`)
    return told
  }
  const contenders = {
    'this store, PostgreSQL': round =>
      runChild('postgres-child.mjs', url, schemas.ours, spools, KIND, round * step, count),
    ...Object.fromEntries(Object.keys(DESIGNS).map(name => [name, design(name)])),
    'this store, DuckDB': async round => {
      const told = await runChild('../sync/engine-child.mjs', file, KIND, round * step, count)
      return { ...told, bytes: statSync(file).size }
    },
    'sort and comm': async round => {
      const [former, read] = ['former.txt', 'read.txt'].map(name => join(folder, name))
      await writeIdentifiers(former, (round - 1) * step, count)
      await writeIdentifiers(read, round * step, count)
      const sorted = [former, read].map(path => `sort -o ${path}.sorted ${path}`).join('; ')
      const told = await runShell(
        `${sorted}; comm -3 ${former}.sorted ${read}.sorted > ${folder}/changed.txt; sync ${read}.sorted ${folder}/changed.txt`,
      )
      return { ...told, bytes: statSync(`${read}.sorted`).size }
    },
  }
  return { contenders, first }
}

const withClient = async work => {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const seconds = ms => `${(ms / 1_000).toFixed(1)} s`
const megabytes = bytes => `${Math.round(bytes / 1_048_576)} MB`

const tell = (name, rounds, floors) => {
  const middle = key => median(rounds.map(each => each[key] ?? 0))
  const most = key => Math.max(...rounds.map(each => each[key] ?? 0))
  const ratio = median(rounds.map((each, round) => each.ms / floors[round].ms))
  print(
    `  ${name.padEnd(36)} ${seconds(middle('ms')).padStart(8)} ${ratio.toFixed(2).padStart(6)} x ` +
      `| CPU here ${seconds(middle('cpuMs')).padStart(7)}, server ${seconds(middle('serverCpuMs')).padStart(7)} ` +
      `| peak here ${String(most('peakMb')).padStart(5)} MB, server ${String(most('serverPeakMb')).padStart(5)} MB ` +
      `| on disk ${megabytes(most('bytes')).padStart(8)}`,
  )
  const steps = rounds.find(each => each.ms === middle('ms'))?.steps
  if (steps)
    print(
      `    ${Object.entries(steps)
        .map(([step, ms]) => `${step} ${ms} ms`)
        .join(', ')}`,
    )
}

const measure = async ({ count, rounds }) => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  const schemas = { ours: `muster_bench_${process.pid}_ours`, designs: `muster_bench_${process.pid}` }
  try {
    print(`${count.toLocaleString('en-US')} members, 1 % in and 1 % out, ${rounds} rounds:`)
    const { contenders, first } = await makeContenders(folder, schemas, count)
    const told = new Map(Object.keys(contenders).map(name => [name, []]))
    for (let round = 1; round <= rounds; round += 1) {
      for (const [name, run] of Object.entries(contenders)) {
        // What earlier ones left to be written is not theirs who come next.
        await withClient(client => client.query('CHECKPOINT')).catch(() => undefined)
        told.get(name).push(await run(round))
      }
    }
    for (const [name, each] of told) tell(name, each, told.get('sort and comm'))
    for (const [name, { ms, steps }] of Object.entries(first))
      print(`  first load into ${name}: ${seconds(ms)} (compare ${seconds(steps.compare)})`)
  } finally {
    for (const schema of Object.values(schemas))
      await withClient(client => client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`))
    rmSync(folder, { recursive: true, force: true })
  }
}

const version = await withClient(async client => {
  const { rows } = await client.query("SELECT current_setting('server_version') AS version")
  return rows[0].version
}).catch(() => undefined)
if (version === undefined) print('no server answers at MUSTER_BENCH_POSTGRES: nothing was measured')
else {
  print(`${availableParallelism()} cores, node ${process.version}, PostgreSQL ${version}`)
  for (const size of SIZES) await measure(size)
}
