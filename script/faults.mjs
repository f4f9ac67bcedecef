/**
 * Lets go wrong what can, in real syncs and applies, and runs the same command again: script/faults.mjs [--write].
 * Prints three tables: each fault with each exit rule; a sync, and an apply, killed around every write call and every
 * commit. Ends with 1 when one of them did not come right. With `--write` the tables go into docs/reliability.md, too.
 * With MUSTER_TEST_STORE=postgres all of it happens to a store in PostgreSQL, and no table is written.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const DOCUMENT = new URL('../docs/reliability.md', import.meta.url)
const beginOf = name => `<!-- faults, ${name}: written by \`npm run faults -- --write\` -->`
const endOf = name => `<!-- faults, ${name}: end -->`

const locate = path => fileURLToPath(new URL(path, import.meta.url))

/** Two at a time: most of a run is waiting. */
const VITEST = ['run', 'test/faults', '--maxWorkers=2', '--reporter=dot', '--silent']

const runSweep = reportFile =>
  new Promise(resolve => {
    const child = spawn(locate('../node_modules/.bin/vitest'), VITEST, {
      cwd: locate('..'),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, MUSTER_FAULTS: 'all', MUSTER_FAULTS_REPORT: reportFile },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', chunk => {
        output += chunk
      })
    child.on('close', exitCode => resolve({ exitCode, output }))
  })

const countWrong = reports => reports.filter(({ troubles }) => troubles.length > 0).length

const renderTable = cells => {
  const widths = cells[0].map((_name, column) => Math.max(...cells.map(row => row[column].length)))
  const lines = cells.map(row => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`)
  return [lines[0], `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`, ...lines.slice(1)].join('\n')
}

const AT = ['call', 'commit']

/** Rows in the order in which the command passes the points, one for both sides of each. */
const pairUp = reports => {
  const rows = new Map()
  for (const report of reports) {
    const key = `${AT.indexOf(report.at)}${String(report.number).padStart(4, '0')}`
    const row = rows.get(key) ?? { point: `${report.at} ${report.number}`, what: report.what }
    rows.set(key, { ...row, [report.when]: report })
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

const describeKill = report => {
  if (report === undefined) return 'not reached'
  const { crashed, runs, repeated, troubles } = report
  const converged = troubles.length === 0 ? 'converged' : 'DID NOT CONVERGE'
  return `${crashed}, then ${runs.map(exitCode => exitCode ?? 'killed').join(', ')}; ${repeated} repeated; ${converged}`
}

const renderKills = reports => {
  const wrong = countWrong(reports)
  const repeated = Math.max(...reports.map(report => report.repeated))
  const summary = `${reports.length} points, ${reports.length - wrong} converged, ${wrong} did not; at most ${repeated} call repeated.`
  const rows = pairUp(reports).map(({ point, what, before, after }) => [
    point,
    what,
    describeKill(before),
    describeKill(after),
  ])
  return `${summary}\n\n${renderTable([['point', 'what is under way', 'killed before it', 'killed after it'], ...rows])}`
}

const EXITS = ['remove', 'sticky from entry', 'sticky from exit', 'keep']

const describeFault = report => {
  if (report === undefined) return 'not played'
  const { runs, troubles } = report
  const [first, ...others] = runs.map(exitCode => exitCode ?? 'killed')
  return `${first}, then ${others.join(', ')}; ${troubles.length === 0 ? 'right' : 'WRONG'}`
}

const renderFaults = reports => {
  const wrong = countWrong(reports)
  // Each exit rule is played in a process of its own: the order is that of the one that played most.
  const names = new Map(reports.map(({ order, fault }) => [fault, order]))
  const faults = [...names].sort(([, a], [, b]) => a - b).map(([fault]) => fault)
  const summary = `${faults.length} faults, ${reports.length} with an exit rule each: ${reports.length - wrong} right, ${wrong} wrong.`
  const rows = faults.map(fault => [
    fault,
    ...EXITS.map(exit => describeFault(reports.find(each => each.fault === fault && each.exit === exit))),
  ])
  return `${summary}\n\n${renderTable([['what goes wrong', ...EXITS], ...rows])}`
}

const SECTIONS = [
  { name: 'faults of a sync', kind: 'sync', title: 'A sync goes wrong', render: renderFaults },
  { name: 'kills of a sync', kind: 'sync-kill', title: 'A sync is killed', render: renderKills },
  { name: 'kills of an apply', kind: 'apply-kill', title: 'An apply is killed', render: renderKills },
]

const writeDocument = sections => {
  const written = sections.reduce(
    (document, { name, text }) => {
      const [head, rest] = document.split(beginOf(name))
      const [, tail] = rest.split(endOf(name))
      return `${head}${beginOf(name)}\n\n${text}\n\n${endOf(name)}${tail}`
    },
    readFileSync(DOCUMENT, 'utf8'),
  )
  writeFileSync(DOCUMENT, written)
}

const folder = mkdtempSync(join(tmpdir(), 'muster-faults-'))
try {
  const reportFile = join(folder, 'reports.jsonl')
  writeFileSync(reportFile, '')
  const startedAt = performance.now()
  const { exitCode, output } = await runSweep(reportFile)
  const lines = readFileSync(reportFile, 'utf8').split('\n')
  const reports = lines.filter(line => line !== '').map(line => JSON.parse(line))
  const sections = SECTIONS.map(section => ({
    ...section,
    text: section.render(reports.filter(({ kind }) => kind === section.kind)),
  }))
  for (const { title, text } of sections) process.stdout.write(`${title}\n\n${text}\n\n`)
  process.stdout.write(`${Math.round((performance.now() - startedAt) / 1_000)} s\n`)
  if (exitCode !== 0) {
    process.stderr.write(output)
    process.exitCode = 1
  } else if (process.argv.includes('--write') && process.env.MUSTER_TEST_STORE !== 'postgres')
    writeDocument(sections)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
