/**
 * What `muster plan` costs over 10 to 10,000 audiences that are applied already: calls by route, time and memory.
 * Every measurement is a process of its own, beside a floor on the same files and lists; the two take turns, so that a
 * slow minute hits both. Vendors' limits are off, and so few calls are made that our own pace does not wait.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KEYS, NOW, openAppliedWorld, takeRequests } from './world.mjs'

const SIZES = [
  { count: 10, rounds: 5 },
  { count: 100, rounds: 5 },
  { count: 1_000, rounds: 5 },
  { count: 10_000, rounds: 3 },
]
/** Ten times the audiences may take so many times as long: linear, with room for what a larger heap costs. */
const MOST_GROWTH = 12

const locate = path => fileURLToPath(new URL(path, import.meta.url))
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const measure = (args, peakFile) =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now()
    const child = spawn(process.execPath, ['--import', new URL('peak.mjs', import.meta.url).href, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, ...KEYS, MUSTER_NOW: NOW, MUSTER_BENCH_PEAK: peakFile },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', chunk => {
        output += chunk
      })
    child.on('close', status => {
      const ms = performance.now() - startedAt
      if (status !== 0) reject(new Error(`${args.join(' ')} ended with ${status}: ${output.slice(-2_000)}`))
      else resolve({ ms, megabytes: Number(readFileSync(peakFile, 'utf8')) / 1_024, output })
    })
  })

const measurePlan = async ({ folder, storePath }, peakFile) => {
  const args = ['plan', '--dir', folder, '--env', 'local', '--store', `duckdb:${storePath}`]
  const result = await measure([locate('../../dist/cli/main.js'), ...args], peakFile)
  if (!result.output.includes('No changes.'))
    throw new Error(`the plan is not empty: ${result.output.slice(0, 2_000)}`)
  return result
}

const measureFloor = async ({ folder, urls, count }, peakFile) => {
  const lists = [`${urls.customerio}/v1/segments`, `${urls.moengage}/v3/custom-segments`]
  const result = await measure([locate('floor.mjs'), folder, ...lists], peakFile)
  const { valid, listed } = JSON.parse(result.output)
  if (valid !== count || listed.some(each => each < count))
    throw new Error(`the floor saw too little: ${result.output}`)
  return result
}

/** The first round warms the disk cache and does not count. */
const measureSize = async (root, { count, rounds }) => {
  const world = { ...(await openAppliedWorld(root, count)), count }
  const peakFile = join(root, 'peak')
  try {
    const pairs = []
    let calls = ''
    for (let round = 0; round <= rounds; round += 1) {
      const floor = await measureFloor(world, peakFile)
      await takeRequests(world.urls.customerio)
      await takeRequests(world.urls.moengage)
      const plan = await measurePlan(world, peakFile)
      calls = describeCalls([
        ...(await takeRequests(world.urls.customerio)),
        ...(await takeRequests(world.urls.moengage)),
      ])
      pairs.push({ floor, plan })
    }
    const counted = pairs.slice(1)
    return {
      count,
      calls,
      floorMs: median(counted.map(({ floor }) => floor.ms)),
      planMs: median(counted.map(({ plan }) => plan.ms)),
      ratio: median(counted.map(({ floor, plan }) => plan.ms / floor.ms)),
      floorMegabytes: median(counted.map(({ floor }) => floor.megabytes)),
      planMegabytes: median(counted.map(({ plan }) => plan.megabytes)),
    }
  } finally {
    await world.close()
  }
}

const describeCalls = counts => counts.map(([route, count]) => `${count} ${route}`).join(', ')

const COLUMNS = ['audiences', 'floor', 'plan', 'ratio', 'floor, peak', 'plan, peak', 'calls']

const renderTable = results => {
  const rows = results.map(({ count, calls, floorMs, planMs, ratio, floorMegabytes, planMegabytes }) => [
    count.toLocaleString('en-US'),
    `${floorMs.toFixed(0)} ms`,
    `${planMs.toFixed(0)} ms`,
    ratio.toFixed(2),
    `${floorMegabytes.toFixed(0)} MB`,
    `${planMegabytes.toFixed(0)} MB`,
    calls,
  ])
  const all = [COLUMNS, ...rows]
  const widths = COLUMNS.map((_name, column) => Math.max(...all.map(row => row[column].length)))
  const pad = (cell, column) => (column === COLUMNS.length - 1 ? cell : cell.padStart(widths[column]))
  return all.map(row => row.map(pad).join('  ').trimEnd()).join('\n')
}

const root = mkdtempSync(join(tmpdir(), 'muster-bench-'))
try {
  const results = []
  for (const size of SIZES) results.push(await measureSize(root, size))
  process.stdout.write(`${renderTable(results)}\n`)
  const [larger, smaller] = [results.at(-1), results.at(-2)]
  const growth = larger.planMs / smaller.planMs
  const times = larger.count / smaller.count
  process.stdout.write(
    `${times} times the audiences take ${growth.toFixed(1)} times as long; at most ${MOST_GROWTH}: ${growth <= MOST_GROWTH ? 'met' : 'MISSED'}\n`,
  )
  if (growth > MOST_GROWTH) process.exitCode = 1
} finally {
  rmSync(root, { recursive: true, force: true })
}
