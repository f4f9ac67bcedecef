import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EMULATED_CUSTOMERIO, EMULATED_MOENGAGE, type RequestEvent } from '../../src/emulators/options.ts'
import { openWorld, SHOP_OPENS, type World } from '../support/world.ts'
import { captureWorld, restoreWorld, type Template } from './copy-world.ts'
import { applyFirstState, changeSpecs } from './first-state.ts'

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const PRELOADED = new URL('kill-at-commit.mjs', import.meta.url).href

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

/** A world with a reviewed plan in which every action occurs, and the real command line to apply it. */
export interface CrashWorld {
  readonly world: World
  /** Who was recorded for each cohort when the plan was made, by its name. */
  readonly recorded: ReadonlyMap<string, ReadonlySet<string>>
  /** `muster apply plan.json` as a process of its own. */
  apply(point?: CrashPoint): Promise<ProcessEnd>
}

let template: Promise<Template> | undefined

/** The first state is applied by the commands once for each file of tests; every world is a copy of it. */
const captureOnce = async (): Promise<Template> => {
  const world = await openWorld(OPTIONS)
  const recorded = await applyFirstState(world)
  await changeSpecs(world)
  return captureWorld(world, recorded)
}

const OPTIONS = { population: 400, processingDelayMs: 0 }

/** Opens a world in which the first state was applied and the specs were changed since, and has the plan reviewed. */
export const openCrashWorld = async (): Promise<CrashWorld> => {
  template ??= captureOnce()
  const { recorded, ...captured } = await template
  let listener: (event: RequestEvent) => Promise<void> | undefined = () => undefined
  const listen = (to: typeof listener): void => {
    listener = to
  }
  const world = await openWorld({ ...OPTIONS, onRequest: event => listener(event) })
  await restoreWorld(world, captured)
  const planFile = join(world.folder, 'plan.json')
  const planned = await world.plan({ out: planFile })
  if (planned.exitCode !== 0)
    throw new Error(`the plan was not made:
${planned.out}${planned.err}`)
  return {
    world,
    recorded,
    apply: async point => {
      try {
        return await runApply(world, planFile, { point, listen })
      } finally {
        listener = () => undefined
      }
    },
  }
}

interface Watched {
  readonly point: CrashPoint | undefined
  readonly listen: (listener: (event: RequestEvent) => Promise<void> | undefined) => void
}

const runApply = async (world: World, planFile: string, { point, listen }: Watched): Promise<ProcessEnd> => {
  const commitsFile = join(world.folder, 'commits.txt')
  await writeFile(commitsFile, '')
  const child = spawn(
    process.execPath,
    ['--import', PRELOADED, MAIN, 'apply', planFile, ...commonOptions(world)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        MUSTER_NOW: SHOP_OPENS,
        MUSTER_COMMITS: commitsFile,
        MUSTER_KILL_AT: point?.at === 'commit' ? `${point.number}:${point.when}` : '',
        CUSTOMERIO_APP_KEY: EMULATED_CUSTOMERIO.appKey,
        CUSTOMERIO_SITE_ID: EMULATED_CUSTOMERIO.trackSiteId,
        CUSTOMERIO_TRACK_KEY: EMULATED_CUSTOMERIO.trackApiKey,
        MOENGAGE_DATA_KEY: EMULATED_MOENGAGE.dataKey,
      },
    },
  )
  const calls: string[] = []
  let begun = 0
  listen(({ write, phase, method, route }) => {
    if (!write) return undefined
    if (phase === 'before') begun += 1
    else calls.push(`${method} ${route}`)
    if (point?.at !== 'call' || point.number !== begun || point.when !== phase) return undefined
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
  const commits = (await readFile(commitsFile, 'utf8')).split('\n').filter(line => line !== '')
  await world.ask('moengage', 'settle', {})
  return { ...(exitCode === null ? {} : { exitCode }), text, calls, commits }
}

const commonOptions = ({ folder, storePath }: World): string[] => [
  '--dir',
  join(folder, 'audiences'),
  '--env',
  'local',
  '--store',
  `duckdb:${storePath}`,
]
