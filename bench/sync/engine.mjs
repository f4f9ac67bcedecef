/**
 * What it costs to find out who enters and who leaves, and to write it down: a ledger of 100 k to 10 M members, a read
 * in which one in a hundred has left and as many have come, from the spool file to the committed ledger. Beside it GNU
 * `sort` and `comm` do as much as they can on the same identifiers: they sort the former read and this one, compare them,
 * and write down what changed. They know no people, no rules and no transaction. Told as well is what remains when the
 * former read was kept sorted. The two take turns, so that a slow minute hits both. The largest ledger is also compared
 * with half a gigabyte for the engine, which must be enough.
 *
 *   node bench/sync/engine.mjs [usr|uuid [count…]]
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runScript, runShell, writeLines } from '../processes.mjs'
import { IDENTIFIERS, shuffle } from './engine-people.mjs'

const [, , onlyKind, ...onlyCounts] = process.argv
const KINDS = onlyKind ? [onlyKind] : Object.keys(IDENTIFIERS)
const SIZES = [
  { count: 100_000, rounds: 5 },
  { count: 1_000_000, rounds: 3 },
  { count: 10_000_000, rounds: 3 },
].filter(({ count }) => onlyCounts.length === 0 || onlyCounts.includes(`${count}`))
const LARGE = 10_000_000
const MOST_RATIO = 0.5
const MOST_PEAK_MB = 1_700
const SMALL_LIMIT = '512MB'
/** Ten times the members may take so many times as long. */
const MOST_GROWTH = 6

const print = line => process.stdout.write(`${line}\n`)
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const runChild = async (path, { kind, first, count, memoryLimit = '' }) => {
  const script = fileURLToPath(new URL('engine-child.mjs', import.meta.url))
  const result = await runScript(script, [path, kind, first, count, memoryLimit])
  if (result.members !== count || result.people !== count)
    throw new Error(`not everybody was counted: ${JSON.stringify(result)}`)
  return result
}

const measureSize = async (folder, kind, { count, rounds }) => {
  const identify = IDENTIFIERS[kind]
  const changed = count / 100
  const filled = join(folder, 'filled.duckdb')
  const fill = await runChild(filled, { kind, first: 0, count })
  const [recorded, former, read, sorted] = ['recorded', 'former', 'read', 'sorted'].map(name =>
    join(folder, `${name}.txt`),
  )
  await writeLines(recorded, shuffle(0, count), identify)
  await writeLines(read, shuffle(changed, count), identify)

  const path = join(folder, 'synced.duckdb')
  const sync = async memoryLimit => {
    copyFileSync(filled, path)
    const result = await runChild(path, { kind, first: changed, count, memoryLimit })
    if (result.adds !== changed || result.removes !== changed)
      throw new Error(`the change is another one: ${JSON.stringify(result)}`)
    return result
  }
  const ours = []
  const floors = []
  for (let round = 0; round < rounds; round += 1) {
    const before = await runShell(`sort -o ${former} ${recorded}`)
    const kept = await runShell(
      `sort -o ${sorted} ${read}; comm -3 ${former} ${sorted} > ${folder}/changed.txt; sync ${sorted} ${folder}/changed.txt`,
    )
    floors.push({ kept, both: { ms: before.ms + kept.ms, cpuMs: before.cpuMs + kept.cpuMs } })
    ours.push(await sync())
  }
  const small = count === LARGE ? await sync(SMALL_LIMIT) : undefined
  return { count, fill, ours, floors, small }
}

let failed = false
const check = (isMet, text) => {
  if (!isMet) failed = true
  print(`  ${isMet ? 'ok    ' : 'FAILED'} ${text}`)
}

const seconds = ms => `${(ms / 1_000).toFixed(2)} s`

const tellFloor = (ours, floors, name) => {
  const ms = median(floors.map(floor => floor[name].ms))
  const cpuMs = median(floors.map(floor => floor[name].cpuMs))
  const ratio = median(ours.map((each, round) => each.ms / floors[round][name].ms))
  return { ratio, text: `${seconds(ms)} (CPU ${seconds(cpuMs)}), ratio ${ratio.toFixed(2)}` }
}

const tell = ({ count, fill, ours, floors, small }) => {
  const both = tellFloor(ours, floors, 'both')
  const kept = tellFloor(ours, floors, 'kept')
  const ms = median(ours.map(each => each.ms))
  const peakMb = Math.max(...ours.map(each => each.peakMb))
  const middle = ours.find(each => each.ms === ms)
  print(
    `${count.toLocaleString('en-US').padStart(10)} members: ${seconds(ms)} (CPU ${seconds(middle.cpuMs)}, ` +
      `peak ${peakMb} MB); sort and comm ${both.text}; the former read kept sorted ${kept.text}; ` +
      `first load ${seconds(fill.ms)} (compare ${seconds(fill.steps.compare)}), peak ${fill.peakMb} MB`,
  )
  print(
    `             ${Object.entries(middle.steps)
      .map(([name, each]) => `${name} ${each} ms`)
      .join(', ')}`,
  )
  if (count !== LARGE) return ms
  check(
    both.ratio <= MOST_RATIO,
    `${both.ratio.toFixed(2)} times sort and comm on the same ids, at most ${MOST_RATIO}; ` +
      `${kept.ratio.toFixed(2)} times where the former read was kept sorted`,
  )
  check(peakMb < MOST_PEAK_MB, `peak ${peakMb} MB, less than ${MOST_PEAK_MB}`)
  check(small !== undefined, `finishes with ${SMALL_LIMIT}: ${seconds(small.ms)}, peak ${small.peakMb} MB`)
  return ms
}

print(`${availableParallelism()} cores, node ${process.version}`)
for (const kind of KINDS) {
  print(`${kind}:`)
  const times = new Map()
  for (const size of SIZES) {
    const folder = mkdtempSync(join(tmpdir(), 'muster-engine-'))
    try {
      times.set(size.count, tell(await measureSize(folder, kind, size)))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  if (!times.has(LARGE) || !times.has(LARGE / 10)) continue
  const growth = times.get(LARGE) / times.get(LARGE / 10)
  check(
    growth <= MOST_GROWTH,
    `10 times the members take ${growth.toFixed(1)} times as long, at most ${MOST_GROWTH}` +
      (growth > MOST_GROWTH ? ': a tenth of them fits into the caches of the processor' : ''),
  )
}
process.exitCode = failed ? 1 : 0
