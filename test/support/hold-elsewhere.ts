import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { World } from './world.ts'

/** Another process that has the store's file open, until it is told to end. */
export const holdElsewhere = async ({ storePath }: Pick<World, 'storePath'>): Promise<ChildProcess> => {
  const script = `
    import { DuckDBInstance } from '@duckdb/node-api'
    const instance = await DuckDBInstance.create(process.argv[1])
    process.stdout.write('held')
    // Named here so that it is not collected, and the lock with it.
    setInterval(() => instance, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', script, storePath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  return holder
}
