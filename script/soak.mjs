/**
 * Lives through simulated days of hourly syncs in which much goes wrong: script/soak.mjs [--days 30] [--seed 7].
 * Prints a line a day, and ends with 1 when anybody was missing, left over, or wrongly taken out.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { days: { type: 'string', default: '30' }, seed: { type: 'string', default: '7' } },
})
const LOOK_EVERY_MS = 1_000

const locate = path => fileURLToPath(new URL(path, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'muster-soak-'))
const reportFile = join(folder, 'days.txt')
writeFileSync(reportFile, '')

let shown = 0
const showNew = () => {
  const text = readFileSync(reportFile, 'utf8')
  process.stdout.write(text.slice(shown))
  shown = text.length
}

const startedAt = performance.now()
const child = spawn(
  locate('../node_modules/.bin/vitest'),
  ['run', 'test/soak', '--reporter=dot', '--silent'],
  {
    cwd: locate('..'),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      MUSTER_TESTS: 'all',
      MUSTER_SOAK_DAYS: values.days,
      MUSTER_SOAK_SEED: values.seed,
      MUSTER_SOAK_REPORT: reportFile,
    },
  },
)
let output = ''
for (const stream of [child.stdout, child.stderr])
  stream.setEncoding('utf8').on('data', chunk => {
    output += chunk
  })
const looking = setInterval(showNew, LOOK_EVERY_MS)
child.on('close', exitCode => {
  clearInterval(looking)
  showNew()
  rmSync(folder, { recursive: true, force: true })
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  if (exitCode === 0)
    process.stdout.write(`nobody missing, nobody wrongly taken out; seed ${values.seed}, ${seconds} s\n`)
  else {
    process.stderr.write(output)
    process.stdout.write(`SOMETHING WENT WRONG; seed ${values.seed}, ${seconds} s\n`)
    process.exitCode = 1
  }
})
