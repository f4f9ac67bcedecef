/**
 * Kills a real `muster apply` before and after every write call and every commit, and runs the same command again:
 * script/faults.mjs [--write]. Prints a table of all points, and ends with 1 when one of them did not converge.
 * With `--write` the table goes into docs/reliability.md, too.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const DOCUMENT = new URL('../docs/reliability.md', import.meta.url)
const BEGIN = '<!-- faults: written by `npm run faults -- --write` -->'
const END = '<!-- faults end -->'

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

const AT = ['call', 'commit']

/** Rows in the order in which apply passes the points, one for both sides of each. */
const pairUp = reports => {
  const rows = new Map()
  for (const report of reports) {
    const key = `${AT.indexOf(report.at)}${String(report.number).padStart(4, '0')}`
    const row = rows.get(key) ?? { point: `${report.at} ${report.number}`, what: report.what }
    rows.set(key, { ...row, [report.when]: report })
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

const describe = report => {
  if (report === undefined) return 'not reached'
  const { crashed, runs, repeated, troubles } = report
  const converged = troubles.length === 0 ? 'converged' : 'DID NOT CONVERGE'
  return `${crashed}, then ${runs.map(exitCode => exitCode ?? 'killed').join(', ')}; ${repeated} repeated; ${converged}`
}

const renderTable = rows => {
  const cells = [
    ['point', 'what is under way', 'killed before it', 'killed after it'],
    ...rows.map(({ point, what, before, after }) => [point, what, describe(before), describe(after)]),
  ]
  const widths = cells[0].map((_name, column) => Math.max(...cells.map(row => row[column].length)))
  const lines = cells.map(row => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`)
  return [lines[0], `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`, ...lines.slice(1)].join('\n')
}

const renderSummary = reports => {
  const failed = reports.filter(({ troubles }) => troubles.length > 0).length
  const repeated = Math.max(...reports.map(report => report.repeated))
  return `${reports.length} points, ${reports.length - failed} converged, ${failed} did not; at most ${repeated} call repeated.`
}

const writeDocument = text => {
  const [head, rest] = readFileSync(DOCUMENT, 'utf8').split(BEGIN)
  const [, tail] = rest.split(END)
  writeFileSync(DOCUMENT, `${head}${BEGIN}\n\n${text}\n\n${END}${tail}`)
}

const folder = mkdtempSync(join(tmpdir(), 'muster-faults-'))
try {
  const reportFile = join(folder, 'reports.jsonl')
  writeFileSync(reportFile, '')
  const startedAt = performance.now()
  const { exitCode, output } = await runSweep(reportFile)
  const lines = readFileSync(reportFile, 'utf8').split('\n')
  const reports = lines.filter(line => line !== '').map(line => JSON.parse(line))
  const text = `${renderSummary(reports)}\n\n${renderTable(pairUp(reports))}`
  process.stdout.write(`${text}\n\n${Math.round((performance.now() - startedAt) / 1_000)} s\n`)
  if (exitCode !== 0) {
    process.stderr.write(output)
    process.exitCode = 1
  } else if (process.argv.includes('--write')) writeDocument(text)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
