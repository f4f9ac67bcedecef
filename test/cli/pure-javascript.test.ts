import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { EMULATED_CUSTOMERIO, EMULATED_MOENGAGE } from '../../src/emulators/options.ts'
import { hasServer } from '../support/postgres-database.ts'
import { openWorld, type World } from '../support/world.ts'

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const WITHOUT_ENGINE = new URL('../support/without-engine.mjs', import.meta.url).href

interface Ran {
  readonly exitCode: number
  readonly text: string
}

/** The real command line, in which importing the native module throws. */
const run = (world: World, ...command: readonly string[]): Promise<Ran> =>
  new Promise(resolve => {
    const args = [...command, '--dir', join(world.folder, 'audiences'), '--env', 'local']
    const env = {
      PATH: process.env.PATH,
      CUSTOMERIO_APP_KEY: EMULATED_CUSTOMERIO.appKey,
      MOENGAGE_DATA_KEY: EMULATED_MOENGAGE.dataKey,
      MUSTER_DATABASE_URL: world.databaseUrl,
      MUSTER_SPOOL_FOLDER: join(world.folder, 'spool'),
    }
    execFile(process.execPath, ['--import', WITHOUT_ENGINE, MAIN, ...args], { env }, (error, out, err) =>
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, text: `${out}${err}` }),
    )
  })

describe.skipIf(!(await hasServer()))('without the native module', () => {
  test('a store in PostgreSQL serves validate, plan, apply, sync and state', async () => {
    const world = await openWorld({ store: 'postgres', audiences: ['vip'], population: 200 })
    await world.edit('workspace.yaml', { store: { postgres: { url_env: 'MUSTER_DATABASE_URL' } } })
    const planFile = join(world.folder, 'plan.json')
    for (const command of [
      ['validate'],
      ['plan', '--out', planFile],
      ['apply', planFile],
      ['sync'],
      ['state', 'list'],
    ]) {
      const { exitCode, text } = await run(world, ...command)
      expect(`${exitCode} ${exitCode === 0 ? '' : text}`).toBe('0 ')
    }
    expect((await run(world, 'plan', '--detailed-exitcode')).exitCode).toBe(0)
  })

  test('the test would notice: a file as store asks for it', async () => {
    const world = await openWorld({ store: 'duckdb', audiences: ['vip'], population: 200 })
    const { exitCode, text } = await run(world, 'apply', '--yes', '--store', `duckdb:${world.storePath}`)
    expect(exitCode).not.toBe(0)
    expect(text).not.toContain('Apply complete')
  })
})
