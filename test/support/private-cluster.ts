import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { appendFile, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

/** A PostgreSQL server of a test's own, which may be killed and set up as the test needs it. */
export interface PrivateCluster {
  readonly port: number
  /** Of the database and the role that every server has. */
  readonly url: string
  /** Puts a file into its folder, which only the server may read, and answers where. */
  write(name: string, text: string): Promise<string>
  configure(lines: string): Promise<void>
  start(): Promise<void>
  /** `immediate` is a power cut: nothing more is written, and the next start recovers from the log. */
  stop(mode: 'fast' | 'immediate'): Promise<void>
  remove(): Promise<void>
}

const DEBIAN = '/usr/lib/postgresql'

/** Where the server's programs lie, or undefined on a machine without them. */
const findPrograms = (): string | undefined => {
  const installed = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(version => join(DEBIAN, version, 'bin')) : []
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...installed]
  return folders.find(folder =>
    ['initdb', 'pg_ctl', 'postgres'].every(name => existsSync(join(folder, name))),
  )
}

/** Which user the server runs as. It refuses to be root, who may become another. */
const findUser = async (): Promise<{ readonly uid: number; readonly gid: number } | undefined> => {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(flag => promisify(execFile)('id', [flag, 'postgres'])),
  )
  return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) }
}

/** True where a cluster can be made. */
export const canMakeCluster = (): boolean => findPrograms() !== undefined

/** Makes one in a folder of its own. It does not run yet. */
export const makeCluster = async (): Promise<PrivateCluster> => {
  const programs = findPrograms() ?? ''
  const user = await findUser()
  const folder = await mkdtemp(join(tmpdir(), 'muster-cluster-'))
  if (user) await chown(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const port = await findPort()
  const call = async (program: string, ...flags: string[]): Promise<void> =>
    void (await promisify(execFile)(join(programs, program), flags, { cwd: folder, ...user }))
  await call('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale', 'C', '-N')
  const own = async (path: string): Promise<void> => {
    if (user) await chown(path, user.uid, user.gid)
  }
  const configure = (lines: string): Promise<void> => appendFile(join(data, 'postgresql.conf'), `${lines}\n`)
  await configure(
    `listen_addresses = '127.0.0.1'\nport = ${port}\nunix_socket_directories = ''\nlogging_collector = off`,
  )
  return {
    port,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    configure,
    write: async (name, text) => {
      const path = join(data, name)
      await writeFile(path, text, { mode: 0o600 })
      await own(path)
      return path
    },
    start: () => call('pg_ctl', 'start', '-w', '-D', data, '-l', join(folder, 'log')),
    stop: mode => call('pg_ctl', 'stop', '-w', '-D', data, '-m', mode),
    remove: async () => {
      await call('pg_ctl', 'stop', '-w', '-D', data, '-m', 'immediate').catch(() => undefined)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A port that is free now. */
const findPort = async (): Promise<number> => {
  const listening = createServer()
  await new Promise<void>(listen => void listening.listen(0, '127.0.0.1', listen))
  const address = listening.address()
  await new Promise<void>(close => void listening.close(() => close()))
  return typeof address === 'object' && address ? address.port : 0
}
