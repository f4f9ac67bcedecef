/**
 * How much `muster validate` adds to what any validation costs, and `muster --version` to an empty Node process.
 * Every measurement is a process of its own; the two sides take turns, so that a slow minute hits both.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeSpecs } from './specs.mjs'

const SIZES = [
  { count: 1_000, rounds: 7, target: 1.3 },
  { count: 10_000, rounds: 3, target: 1.3 },
]
const START_UP = { rounds: 11, target: 2 }

const locate = path => fileURLToPath(new URL(path, import.meta.url))

const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const runNode = args => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`)
  return stdout
}

const measureInside = (script, { folder, count }) => {
  const { ms, valid } = JSON.parse(runNode([locate(script), folder]))
  if (valid !== count) throw new Error(`${script} found ${valid} valid audiences of ${count}`)
  return ms
}

const measureOutside = args => {
  const startedAt = performance.now()
  runNode(args)
  return performance.now() - startedAt
}

/** Takes turns and compares round by round. The first round warms the disk cache and does not count. */
const compare = (rounds, measureFloor, measureOurs) => {
  const pairs = []
  for (let round = 0; round <= rounds; round += 1) {
    const floorMs = measureFloor()
    pairs.push({ floorMs, oursMs: measureOurs() })
  }
  const counted = pairs.slice(1)
  return {
    floorMs: median(counted.map(({ floorMs }) => floorMs)),
    oursMs: median(counted.map(({ oursMs }) => oursMs)),
    ratio: median(counted.map(({ floorMs, oursMs }) => oursMs / floorMs)),
  }
}

const compareValidation = (root, { count, rounds, target }) => {
  const folder = join(root, `specs-${count}`)
  writeSpecs(folder, count)
  const task = { folder, count }
  const result = compare(
    rounds,
    () => measureInside('floor.mjs', task),
    () => measureInside('ours.mjs', task),
  )
  return { what: `validate ${count.toLocaleString('en-US')} files`, rounds, target, ...result }
}

const compareStartUp = root => {
  const main = locate('../../dist/cli/main.js')
  if (!existsSync(main)) {
    process.stdout.write('dist/cli/main.js is not there: muster --version was not measured\n')
    return []
  }
  const empty = join(root, 'empty.mjs')
  writeFileSync(empty, '')
  const result = compare(
    START_UP.rounds,
    () => measureOutside([empty]),
    () => measureOutside([main, '--version']),
  )
  return [{ what: 'muster --version', ...START_UP, ...result }]
}

const COLUMNS = ['', 'floor', 'ours', 'ratio', 'target', 'rounds', '']

const renderTable = results => {
  const rows = results.map(({ what, floorMs, oursMs, ratio, target, rounds }) => [
    what,
    `${floorMs.toFixed(0)} ms`,
    `${oursMs.toFixed(0)} ms`,
    ratio.toFixed(2),
    `≤ ${target.toFixed(1)}`,
    String(rounds),
    ratio <= target ? 'met' : 'MISSED',
  ])
  const all = [COLUMNS, ...rows]
  const widths = COLUMNS.map((_name, column) => Math.max(...all.map(row => row[column].length)))
  return all
    .map(row =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))),
    )
    .map(row => row.join('  ').trimEnd())
    .join('\n')
}

const root = mkdtempSync(join(tmpdir(), 'muster-bench-'))
try {
  const results = [...SIZES.map(size => compareValidation(root, size)), ...compareStartUp(root)]
  process.stdout.write(`${renderTable(results)}\n`)
  if (results.some(({ ratio, target }) => ratio > target)) process.exitCode = 1
} finally {
  rmSync(root, { recursive: true, force: true })
}
