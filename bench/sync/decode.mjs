/**
 * What it costs to read a segment: adapter, identifiers and rows in the spool of a real store, against the floor of the
 * same pages through undici and `JSON.parse` alone. Pages hold 30,000 people with `identifiers` and `ids`, as
 * Customer.io's do, and come from another process. Every measurement is a process of its own; the two take turns, so
 * that a slow minute hits both. CPU is that of the reading alone, the store's own threads included; memory is the peak
 * of the whole process.
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const PAGES = 34
const ROUNDS = 7
/**
 * Pages of a small and a large read. V8 lets its heap grow for a while whatever lives in it, so the floor's peak grows
 * too; ours may grow by so many megabytes more, which is noise.
 */
const SMALL = 10
const LARGE = 100
const MOST_GROWTH_MB = 25
const MOST_CPU = 1.3
const SEGMENTS = { 1: 'usr_… ids', 2: 'UUIDs' }

const print = line => process.stdout.write(`${line}\n`)
const locate = name => fileURLToPath(new URL(name, import.meta.url))
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const startServer = async pages => {
  const child = spawn(process.execPath, [locate('decode-server.mjs'), `${pages}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  return { url: `http://127.0.0.1:${String(line).trim()}`, stop: () => child.kill() }
}

const measure = async (name, url, segment) => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-decode-'))
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [locate(name), url, segment, folder])
    return JSON.parse(stdout)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const expectPeople = (result, pages) => {
  if (result.people !== pages * 30_000) throw new Error(`not everybody was read: ${JSON.stringify(result)}`)
  return result
}

/** The first round warms the disk cache and does not count. */
const measureCpu = async (url, segment) => {
  const ours = []
  const floors = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    const floor = expectPeople(await measure('decode-floor.mjs', url, segment), PAGES)
    const our = expectPeople(await measure('decode-ours.mjs', url, segment), PAGES)
    if (round === 0) continue
    ours.push(our)
    floors.push(floor)
  }
  const ratios = ours.map(({ cpuMs }, round) => cpuMs / floors[round].cpuMs)
  return {
    ours: median(ours.map(({ cpuMs }) => cpuMs)),
    floor: median(floors.map(({ cpuMs }) => cpuMs)),
    ratio: median(ratios),
    oursMb: median(ours.map(({ rssMb }) => rssMb)),
    floorMb: median(floors.map(({ rssMb }) => rssMb)),
  }
}

const measurePeak = async pages => {
  const { url, stop } = await startServer(pages)
  const peakOf = async name => {
    const peaks = []
    for (let round = 0; round < 3; round += 1)
      peaks.push(expectPeople(await measure(name, url, '1'), pages).rssMb)
    return median(peaks)
  }
  try {
    return { ours: await peakOf('decode-ours.mjs'), floor: await peakOf('decode-floor.mjs') }
  } finally {
    stop()
  }
}

let failed = false
const check = (isMet, text) => {
  if (!isMet) failed = true
  print(`${isMet ? 'ok    ' : 'FAILED'} ${text}`)
}

const { url, stop } = await startServer(PAGES)
try {
  for (const [segment, name] of Object.entries(SEGMENTS)) {
    const { ours, floor, ratio, oursMb, floorMb } = await measureCpu(url, segment)
    const perMillion = ms => `${((ms / (PAGES * 30_000)) * 1_000).toFixed(2)} s`
    print(
      `${name}: ${perMillion(ours)} of CPU a million people, floor ${perMillion(floor)}; ` +
        `peak ${oursMb.toFixed(0)} MB, floor ${floorMb.toFixed(0)} MB`,
    )
    check(ratio <= MOST_CPU, `${ratio.toFixed(2)} times the floor's CPU, at most ${MOST_CPU}`)
  }
} finally {
  stop()
}
const small = await measurePeak(SMALL)
const large = await measurePeak(LARGE)
const growth = { ours: large.ours - small.ours, floor: large.floor - small.floor }
check(
  growth.ours - growth.floor <= MOST_GROWTH_MB,
  `peak ${small.ours.toFixed(0)} MB at ${SMALL} pages, ${large.ours.toFixed(0)} MB at ${LARGE}; ` +
    `floor ${small.floor.toFixed(0)} and ${large.floor.toFixed(0)} MB; at most ${MOST_GROWTH_MB} MB more than it grows`,
)
process.exitCode = failed ? 1 : 0
