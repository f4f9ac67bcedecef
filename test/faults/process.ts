import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EMULATED_CUSTOMERIO, EMULATED_MOENGAGE, type RequestEvent } from '../../src/emulators/options.ts'
import type { World } from '../support/world.ts'

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const PRELOADED = ['kill-at-commit.mjs', 'small-batches.mjs'].map(file => new URL(file, import.meta.url).href)

/** Where a run is to be killed: around its n-th write call, or around its n-th transaction that writes. */
export interface CrashPoint {
  readonly at: 'call' | 'commit'
  readonly number: number
  readonly when: 'before' | 'after'
}

/** How the real process ended. `exitCode` is absent when it was killed. */
export interface ProcessEnd {
  readonly exitCode?: number
  readonly text: string
  /** Write calls that took effect at a vendor, as method and route. */
  readonly calls: readonly string[]
  /** Transactions that wrote, by what they wrote; the last one may not have been committed. */
  readonly commits: readonly string[]
}

type Listener = (event: RequestEvent) => void | Promise<void>

/** What the emulators of a world tell of each request, to whoever listens now. */
export interface Switchboard {
  readonly onRequest: Listener
  listen(listener: Listener): void
}

/** Nobody listens yet. */
export const createSwitchboard = (): Switchboard => {
  let listener: Listener = () => undefined
  return {
    onRequest: event => listener(event),
    listen: to => {
      listener = to
    },
  }
}

export interface ProcessOptions {
  readonly switchboard: Switchboard
  readonly point?: CrashPoint
  /** Kills it when a request comes that this says so of, before it is handled. */
  readonly isLast?: (event: RequestEvent) => boolean
  /** How many bytes a batch may have. Absent: as many as the adapter says. */
  readonly batchBytes?: number
  /** How large any file may become, in units of 1,024 bytes: what lies beyond cannot be written, as on a full disk. */
  readonly fileLimit?: number
}

/** Runs one command of the real command line as a process of its own, with the clock that the emulators show. */
export const runProcess = async (
  world: World,
  command: readonly string[],
  { switchboard, point, isLast, batchBytes, fileLimit }: ProcessOptions,
): Promise<ProcessEnd> => {
  const commitsFile = join(world.folder, 'commits.txt')
  await writeFile(commitsFile, '')
  const { now } = await world.ask<{ now: string }>('customerio', 'clock')
  const node = [process.execPath, ...PRELOADED.flatMap(url => ['--import', url])]
  const child = spawn(
    'bash',
    [
      '-c',
      'ulimit -f "$0" && exec "$@"',
      String(fileLimit ?? 'unlimited'),
      ...node,
      MAIN,
      ...command,
      ...commonOptions(world),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        MUSTER_NOW: now,
        MUSTER_COMMITS: commitsFile,
        MUSTER_KILL_AT: point?.at === 'commit' ? `${point.number}:${point.when}` : '',
        MUSTER_BATCH_BYTES: batchBytes === undefined ? '' : String(batchBytes),
        CUSTOMERIO_APP_KEY: EMULATED_CUSTOMERIO.appKey,
        CUSTOMERIO_SITE_ID: EMULATED_CUSTOMERIO.trackSiteId,
        CUSTOMERIO_TRACK_KEY: EMULATED_CUSTOMERIO.trackApiKey,
        MOENGAGE_DATA_KEY: EMULATED_MOENGAGE.dataKey,
        MUSTER_DATABASE_URL: world.databaseUrl ?? '',
        MUSTER_SPOOL_FOLDER: join(world.folder, 'spool'),
      },
    },
  )
  const calls: string[] = []
  let begun = 0
  const isDue = (event: RequestEvent): boolean => {
    if (event.phase === 'before' && isLast?.(event)) return true
    return event.write && point?.at === 'call' && point.number === begun && point.when === event.phase
  }
  switchboard.listen(event => {
    const { write, phase, method, route } = event
    if (write && phase === 'before') begun += 1
    if (write && phase === 'after') calls.push(`${method} ${route}`)
    if (!isDue(event)) return undefined
    child.kill('SIGKILL')
    // The request is never handled, or its answer never sent.
    return new Promise(() => undefined)
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', chunk => {
      text += chunk
    })
  const [exitCode] = (await once(child, 'close')) as [number | null]
  switchboard.listen(() => undefined)
  const commits = (await readFile(commitsFile, 'utf8')).split('\n').filter(line => line !== '')
  await world.ask('moengage', 'settle', {})
  return { ...(exitCode === null ? {} : { exitCode }), text, calls, commits }
}

const commonOptions = ({ folder, storePath, databaseUrl }: World): string[] => [
  '--dir',
  join(folder, 'audiences'),
  '--env',
  'local',
  '--store',
  databaseUrl === undefined ? `duckdb:${storePath}` : 'postgres:MUSTER_DATABASE_URL',
]
