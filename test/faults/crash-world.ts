import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EMULATED_CUSTOMERIO, EMULATED_MOENGAGE, type RequestEvent } from '../../src/emulators/options.ts'
import { openWorld, SHOP_OPENS, type World } from '../support/world.ts'

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

const VIP = 'ORC__Vip__365d'
const WINBACK = 'ACT__Winback__60d'
/** In both cohorts, and in no ledger of ours. */
const STRANGER = 'usr_of_another_partner'

/** As long as an identifier may be, so that some hundreds make several batches. */
const longId = (name: string, index: number): string => `usr_${name}_${index}_`.padEnd(150, 'x')
const idsOf = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_each, index) => longId(name, index))

const VIPS = idsOf('vip', 850)
/** How many of them MoEngage knows. The others are taken and dropped, as it does with ids that it does not know. */
const KNOWN = 40
const LAPSED = idsOf('lapsed', 1_650)

/** Opens the world, applies the first state of it, changes the specs, and has the plan reviewed. */
export const openCrashWorld = async (): Promise<CrashWorld> => {
  let listener: (event: RequestEvent) => Promise<void> | undefined = () => undefined
  const listen = (to: typeof listener): void => {
    listener = to
  }
  const world = await openWorld({
    population: 400,
    processingDelayMs: 0,
    onRequest: event => listener(event),
  })
  const recorded = await applyFirstState(world)
  await changeSpecs(world)
  const planFile = join(world.folder, 'plan.json')
  const planned = await world.plan({ out: planFile })
  if (planned.exitCode !== 0) throw new Error(`the plan was not made:\n${planned.out}${planned.err}`)
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

const applyFirstState = async (world: World): Promise<CrashWorld['recorded']> => {
  for (const id of ['internal-qa', 'starter-kit-cross-sell']) await world.remove(`${id}.yaml`)
  await world.edit('winback.yaml', { suppressed_by: ['vip'] })
  await world.edit('cart-abandon.yaml', { suppressed_by: ['recent-purchasers', 'vip'] })
  await world.edit('vip.yaml', { suppressed_by: ['recent-purchasers'] })
  await world.settle()
  const born = await Promise.all(
    [VIP, WINBACK].map(name => world.ask<{ members: string[] }>('moengage', `cohorts/${name}`)),
  )
  const known = VIPS.slice(0, KNOWN)
  await Promise.all(known.map(uid => world.ask('moengage', `users/${uid}`, {}, 'PUT')))
  await world.ask('moengage', `cohorts/${VIP}`, { add: [...VIPS, STRANGER] })
  await world.ask('moengage', `cohorts/${WINBACK}`, { add: [...LAPSED, STRANGER] })
  await world.ask('moengage', 'segments', { name: 'ACT__NewsletterReaders__14d' })
  await recordMembers(world, { vip: VIPS, winback: LAPSED })
  return new Map([
    [VIP, new Set([...VIPS, ...(born[0]?.members ?? [])])],
    [WINBACK, new Set([...LAPSED, ...(born[1]?.members ?? [])])],
  ])
}

/** As if they had been synced: the ledger holds whom the cohort holds. */
const recordMembers = async (world: World, members: Readonly<Record<string, readonly string[]>>) => {
  const store = await world.openStore()
  for (const [audience, identifiers] of Object.entries(members)) {
    const spool = await store.openSpool(audience)
    await spool.appendRecorded(audience)
    await spool.append(identifiers.map((identifier, index) => ({ person: `c_${index}`, identifier })))
    const delta = await spool.computeDelta({ reassert: false })
    const range = { audience, direction: 'add', from: 1, to: delta.counts.adds } as const
    await store.commit([{ kind: 'batch', at: SHOP_OPENS, ...range }])
    await delta.close()
  }
  await store.close()
}

const changeSpecs = async (world: World): Promise<void> => {
  const read = (file: string): Promise<string> => readFile(join(world.folder, 'audiences', file), 'utf8')
  const shipped = (file: string): Promise<string> =>
    readFile(new URL(`../../audiences/${file}`, import.meta.url), 'utf8')
  // Renamed, and its sendable segment with it: everyone is carried over, and the suppressions of others follow.
  await world.edit('vip.yaml', { name: 'ORC__VipCare__365d', suppressed_by: ['recent-buyers'] })
  // Moved to another id.
  const purchasers = await read('recent-purchasers.yaml')
  await world.write(
    'recent-buyers.yaml',
    `${purchasers.replace('id: recent-purchasers', 'id: recent-buyers')}moved_from: recent-purchasers\n`,
  )
  await world.remove('recent-purchasers.yaml')
  await world.edit('cart-abandon.yaml', { suppressed_by: ['recent-buyers', 'vip'] })
  // Retired, forgotten.
  await world.remove('winback.yaml')
  await world.remove('active-in-app.yaml')
  await world.edit('workspace.yaml', {
    'environments.live': undefined,
    forget: ['active-in-app'],
    'environments.local.customerio.track_site_id_env': 'CUSTOMERIO_SITE_ID',
    'environments.local.customerio.track_api_key_env': 'CUSTOMERIO_TRACK_KEY',
  })
  // Created: a cohort with a sendable segment, and one that a manual segment feeds.
  await world.write('starter-kit-cross-sell.yaml', await shipped('starter-kit-cross-sell.yaml'))
  await world.edit('starter-kit-cross-sell.yaml', {
    suppressed_by: ['vip'],
    source: { segment: 19, name: 'Never ordered' },
    rollout: { stage: 'live' },
  })
  await world.write('internal-qa.yaml', await shipped('internal-qa.yaml'))
  await world.edit('internal-qa.yaml', { source: { manual: { name: 'QA team', members: 'testers' } } })
  // Adopted: another tool made its cohort.
  await world.write('newsletter-readers.yaml', await shipped('active-in-app.yaml'))
  await world.edit('newsletter-readers.yaml', {
    id: 'newsletter-readers',
    name: 'ACT__NewsletterReaders__14d',
    intent: 'activation',
    source: { segment: 18, name: 'Newsletter readers' },
    timing: { window: '14d', sync_every: '1d' },
    adopt: true,
  })
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
