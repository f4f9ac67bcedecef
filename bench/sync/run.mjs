/**
 * Everything that a sync of ten million members costs, in one run: reading and decoding, comparing and committing,
 * sending a first load, and keeping the pace. Each part says what it measures, and fails by itself.
 *
 *   script/bench sync [decode|engine|push|pacing [arguments of that part]]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const PARTS = ['decode', 'engine', 'push', 'pacing']

const [, , only, ...rest] = process.argv
if (only !== undefined && !PARTS.includes(only)) {
  process.stderr.write(`there is no part "${only}"; name one of ${PARTS.join(', ')}\n`)
  process.exit(1)
}

for (const part of only === undefined ? PARTS : [only]) {
  process.stdout.write(`\n-- ${part}\n`)
  const path = fileURLToPath(new URL(`${part}.mjs`, import.meta.url))
  const [exitCode] = await once(spawn(process.execPath, [path, ...rest], { stdio: 'inherit' }), 'close')
  if (exitCode !== 0) process.exitCode = 1
}
