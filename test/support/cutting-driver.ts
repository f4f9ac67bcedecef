import type { Driver } from '../../src/store/postgres/driver.ts'
import { runAside, type TestServer } from './postgres-server.ts'

/** Where a session ends: before the n-th statement reaches the server, or after it was done and before its answer is back. */
export interface Cut {
  readonly at: number
  readonly when: 'before' | 'after'
}

/** A server whose sessions are cut off. The statements of all of them are counted together, from 1. */
export interface CuttingServer extends TestServer {
  readonly statements: number
}

/** Ends the session that comes to a cut: on a real server by the server itself, so that what it does then is real. */
export const cutAt = (server: TestServer, cut?: Cut): CuttingServer => {
  let statements = 0
  const connect = async (): Promise<Driver> => {
    const driver = await server.connect()
    const { rows } = await driver.run('SELECT pg_backend_pid() AS pid', [])
    let isGone = false
    const end = async (): Promise<void> => {
      isGone = true
      // Within this process nothing can be ended: what was not committed is taken back, which is what an end comes to.
      if (server.url === undefined) await driver.run('ROLLBACK', [])
      else await runAside(server, `SELECT pg_terminate_backend(${rows[0]?.pid}, 5000)`)
    }
    const guard = async <T>(work: () => Promise<T>): Promise<T> => {
      statements += 1
      const isDue = statements === cut?.at
      if (isDue && cut.when === 'before') await end()
      // A real session tells by itself that it is gone.
      if (isGone && server.url === undefined) throw lost()
      const result = await work()
      if (isDue) {
        await end()
        throw lost()
      }
      return result
    }
    return {
      run: (sql, values) => guard(() => driver.run(sql, values)),
      copyFile: (sql, path) => guard(() => driver.copyFile(sql, path)),
      close: () => driver.close(),
    }
  }
  return {
    ...server,
    connect,
    get statements() {
      return statements
    },
  }
}

const lost = (): Error => new Error('Connection terminated unexpectedly')
