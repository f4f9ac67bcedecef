/**
 * Stands for @duckdb/node-api in the bundle of the action. What needs the engine has it installed, pinned by the lock
 * file beside the action, the first time it is asked for; `validate`, and all that works on PostgreSQL alone, never asks.
 */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

// From dist/cli/main.js.
const home = fileURLToPath(new URL('../../', import.meta.url))
const requireHere = createRequire(`${home}package.json`)

const find = () => {
  try {
    return requireHere('@duckdb/node-api')
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

const install = () => {
  const { dependencies } = requireHere('./package.json')
  process.stderr.write(
    `Installing @duckdb/node-api ${dependencies['@duckdb/node-api']}: this command needs it.\n`,
  )
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const ended = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: home,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (ended.status !== 0) {
    process.stderr.write(
      'error: The engine of the embedded store could not be installed. [action/no-engine]\n' +
        '  hint: let the runner reach its package registry, or keep the store in PostgreSQL\n',
    )
    process.exit(1)
  }
  return requireHere('@duckdb/node-api')
}

const engine = find() ?? install()

export const { DuckDBInstance, LIST, VARCHAR, listValue } = engine
