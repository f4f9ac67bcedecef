import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach } from 'vitest'
import { parseDocument } from 'yaml'
import { type ApplyOptions, runApply } from '../../src/cli/apply.ts'
import type { CliContext, CommonOptions } from '../../src/cli/context.ts'
import { runDoctor } from '../../src/cli/doctor.ts'
import { type DriftOptions, runDrift } from '../../src/cli/drift.ts'
import { type ExplainOptions, runExplain } from '../../src/cli/explain.ts'
import { type ImportOptions, runImport } from '../../src/cli/import.ts'
import { runMonitor } from '../../src/cli/monitor.ts'
import { type PlanOptions, runPlan } from '../../src/cli/plan.ts'
import { type QaOptions, runQaCommand } from '../../src/cli/qa.ts'
import { runReport } from '../../src/cli/report.ts'
import { runStateList, runStateShow } from '../../src/cli/state.ts'
import { runStateBackup } from '../../src/cli/state-backup.ts'
import { runStateForget } from '../../src/cli/state-forget.ts'
import { runStateHistory, type StateHistoryOptions } from '../../src/cli/state-history.ts'
import { runStateMigrate, type StateMigrateOptions } from '../../src/cli/state-migrate.ts'
import { runStateMove } from '../../src/cli/state-move.ts'
import { runStateRebuild } from '../../src/cli/state-rebuild.ts'
import { runStateRestore } from '../../src/cli/state-restore.ts'
import { runStateUnlock } from '../../src/cli/state-unlock.ts'
import { runSync, type SyncCommandOptions } from '../../src/cli/sync.ts'
import { EMULATED_CUSTOMERIO, EMULATED_MOENGAGE, type EmulatorOptions } from '../../src/emulators/options.ts'
import { startEmulators } from '../../src/emulators/server.ts'
import { failureOf } from '../../src/model/failure.ts'
import type { RecordedState } from '../../src/model/recorded.ts'
import type { Store } from '../../src/ports.ts'
import { PLAIN } from '../../src/render/paint.ts'
import { createDuckdbStateReader, openDuckdbStore } from '../../src/store/duckdb/store.ts'
import { createPostgresStateReader } from '../../src/store/postgres/read-state.ts'
import { openPostgresStore } from '../../src/store/postgres/store.ts'
import { makeDatabase } from './postgres-database.ts'

export const SHOP_OPENS = '2026-11-23T10:00:00.000Z'
const POPULATION = 3_000
const FREE = [{ max: 1_000_000, seconds: 1 }]

/** How a command ended, and all it said. A thrown failure is an exit code and a code on `failed`. */
export interface Ended {
  readonly exitCode: number
  readonly out: string
  readonly err: string
  readonly failed?: string
}

export interface LoggedRequest {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly write: boolean
  readonly members?: number
  /** Of Cohort Sync. */
  readonly action?: 'add_members' | 'remove_members'
}

type Vendor = 'customerio' | 'moengage'

/** Both emulators over one shop, a folder with the shipped programme, and the commands in this process. */
export interface World {
  readonly folder: string
  /** Of the file, when the store is one. */
  readonly storePath: string
  /** Of a database of its own, when the store is one. */
  readonly databaseUrl?: string
  /** `without`: variables that are not set. */
  plan(options?: Partial<PlanOptions> & { readonly without?: readonly string[] }): Promise<Ended>
  apply(options?: Partial<ApplyOptions>): Promise<Ended>
  sync(options?: Partial<SyncCommandOptions>): Promise<Ended>
  drift(options?: Partial<DriftOptions>): Promise<Ended>
  report(options?: Partial<CommonOptions>): Promise<Ended>
  monitor(options?: Partial<CommonOptions>): Promise<Ended>
  /** A variable of the commands that follow. */
  set(name: string, value: string): void
  doctor(options?: Partial<CommonOptions> & { readonly without?: readonly string[] }): Promise<Ended>
  qa(id: string, options?: Partial<QaOptions>): Promise<Ended>
  explain(
    subject: string,
    options?: Partial<ExplainOptions> & { readonly without?: readonly string[] },
  ): Promise<Ended>
  import(options?: Partial<ImportOptions>): Promise<Ended>
  /** `muster state …`, with `--yes` where it asks. */
  readonly stored: StateCommands
  /** What the next question is answered with. Without one, nobody is there to answer. */
  answer(...answers: readonly string[]): void
  /** Applies without asking, and expects it to succeed. */
  settle(): Promise<void>
  /** Rewrites one spec file: dotted keys to values, undefined deletes. */
  edit(file: string, changes: Readonly<Record<string, unknown>>): Promise<void>
  write(file: string, text: string): Promise<void>
  remove(file: string): Promise<void>
  rename(file: string, to: string): Promise<void>
  read(file: string): Promise<string>
  ask<T>(vendor: Vendor, path: string, body?: unknown, method?: string): Promise<T>
  advance(duration: string): Promise<void>
  fault(vendor: Vendor, fault: Readonly<Record<string, unknown>>): Promise<void>
  requests(vendor: Vendor): Promise<readonly LoggedRequest[]>
  forgetRequests(): Promise<void>
  state(): Promise<RecordedState>
  openStore(): Promise<Store>
  /** Aborts the next command as Ctrl-C would, once `isDue` says so of something it reported. */
  interruptWhen(isDue: (phase: string, subject: string) => boolean): void
}

/** The commands of `muster state`. */
export interface StateCommands {
  list(options?: Partial<CommonOptions>): Promise<Ended>
  show(address: string, options?: Partial<CommonOptions>): Promise<Ended>
  history(id: string, options?: Partial<StateHistoryOptions>): Promise<Ended>
  move(from: string, to: string, options?: Partial<CommonOptions>): Promise<Ended>
  forget(target: string, options?: Partial<CommonOptions> & { readonly yes?: boolean }): Promise<Ended>
  rebuild(options?: Partial<CommonOptions> & { readonly yes?: boolean }): Promise<Ended>
  unlock(lockId: string, options?: Partial<CommonOptions>): Promise<Ended>
  migrate(to: string, options?: Partial<StateMigrateOptions>): Promise<Ended>
  backup(file: string, options?: Partial<CommonOptions>): Promise<Ended>
  restore(file: string, options?: Partial<CommonOptions>): Promise<Ended>
}

export interface WorldOptions extends Partial<EmulatorOptions> {
  /** Absent: what MUSTER_TEST_STORE says, else a file. */
  readonly store?: 'duckdb' | 'postgres'
  /** Only these audiences of the programme. Absent: all seven. */
  readonly audiences?: readonly string[]
}

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** Opens a world that is gone after the test. */
export const openWorld = async ({
  audiences,
  store = process.env.MUSTER_TEST_STORE === 'postgres' ? 'postgres' : 'duckdb',
  ...options
}: WorldOptions = {}): Promise<World> => {
  const emulators = await startEmulators({
    customerioPort: 0,
    moengagePort: 0,
    population: POPULATION,
    seed: 7,
    shopTime: new Date(SHOP_OPENS),
    processingDelayMs: 2,
    ...options,
    limits: {
      customerioApp: FREE,
      customerioTrack: FREE,
      cohortSync: FREE,
      segmentList: FREE,
      segmentGet: FREE,
      segmentCreate: FREE,
      ...options.limits,
    },
  })
  const folder = await mkdtemp(join(tmpdir(), 'muster-world-'))
  closers.push(async () => {
    await emulators.close()
    await rm(folder, { recursive: true, force: true })
  })
  await cp(new URL('../../audiences', import.meta.url), join(folder, 'audiences'), { recursive: true })
  const urls = { customerio: emulators.customerio.url, moengage: emulators.moengage.url }
  const database = store === 'postgres' ? await makeDatabase() : undefined
  if (database) closers.push(database.drop)
  const world = createWorld(folder, urls, database?.url)
  await world.edit('workspace.yaml', {
    'environments.local.customerio.base_url': urls.customerio,
    'environments.local.moengage.base_url': urls.moengage,
    rate: { moengage_per_minute: 300, customerio_per_second: 10 },
    // What the playbook thinks of a story is told in test/policy and test/cases.
    policy: { all: 'off' },
    in_app_active: undefined,
  })
  if (audiences) {
    for (const id of PROGRAMME) if (!audiences.includes(id)) await world.remove(`${id}.yaml`)
    for (const id of audiences) await world.edit(`${id}.yaml`, { suppressed_by: undefined })
  }
  return world
}

export const PROGRAMME = [
  'active-in-app',
  'cart-abandon',
  'internal-qa',
  'recent-purchasers',
  'starter-kit-cross-sell',
  'vip',
  'winback',
]

const KEYS = {
  CUSTOMERIO_APP_KEY: EMULATED_CUSTOMERIO.appKey,
  MOENGAGE_DATA_KEY: EMULATED_MOENGAGE.dataKey,
  CUSTOMERIO_SITE_ID: EMULATED_CUSTOMERIO.trackSiteId,
  CUSTOMERIO_TRACK_KEY: EMULATED_CUSTOMERIO.trackApiKey,
}

/** Whose the store is, as the commands write it down. */
const ACCOUNTS = '"local" (Customer.io us, MoEngage ACME01_DEBUG in data center 01)'
/** Of that environment. */
const SCHEMA = 'muster_local'

const createWorld = (
  folder: string,
  urls: Readonly<Record<Vendor, string>>,
  databaseUrl: string | undefined,
): World => {
  const storePath = join(folder, 'state', 'local.duckdb')
  let interrupt: ((phase: string, subject: string) => boolean) | undefined
  let runs = 0
  let answers: string[] = []
  const store = databaseUrl === undefined ? `duckdb:${storePath}` : 'postgres:MUSTER_DATABASE_URL'
  const common = { dir: join(folder, 'audiences'), env: 'local', store, json: false }
  const variables: Record<string, string> = {
    ...KEYS,
    MUSTER_SPOOL_FOLDER: join(folder, 'spool'),
    ...(databaseUrl === undefined ? {} : { MUSTER_DATABASE_URL: databaseUrl }),
  }
  const quickClock = { sleep: async () => void (await wait(5)) }
  const place = { schema: SCHEMA, target: ACCOUNTS }

  const ask = async <T>(vendor: Vendor, path: string, body?: unknown, method?: string): Promise<T> => {
    const answer = await fetch(`${urls[vendor]}/_emulator/${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  const run = async (
    command: (context: CliContext) => Promise<number>,
    without: readonly string[] = [],
  ): Promise<Ended> => {
    const said = { out: '', err: '' }
    const { now } = await ask<{ now: string }>('customerio', 'clock')
    const controller = new AbortController()
    let elapsedMs = 0
    runs += 1
    const runId = `run-${runs}`
    const context: CliContext = {
      variables: Object.fromEntries(Object.entries(variables).filter(([name]) => !without.includes(name))),
      version: '0.0.0-test',
      // Time for waiting and pacing runs as fast as the test needs it.
      clock: {
        now: () => now,
        monotonicMs: () => elapsedMs,
        sleep: async ms => {
          elapsedMs += ms
          await wait(Math.min(ms, 5))
        },
      },
      random: () => 0.5,
      signal: controller.signal,
      print: text => {
        said.out += text
      },
      warn: text => {
        said.err += text
      },
      paint: PLAIN,
      width: 120,
      reporter: {
        report: ({ phase, subject }) => {
          if (!interrupt?.(phase, subject)) return
          interrupt = undefined
          controller.abort()
        },
      },
      createId: () => runId,
      holder: { owner: 'tester@example' },
      ...(answers.length > 0
        ? {
            confirm: async question => {
              said.out += question
              return answers.shift() === 'yes'
            },
            ask: async question => {
              said.out += question
              return answers.shift() ?? ''
            },
          }
        : {}),
    }
    try {
      return { exitCode: await command(context), ...said }
    } catch (error) {
      const failure = failureOf(error)
      if (!failure) throw error
      return {
        exitCode: 1,
        failed: failure.code,
        ...said,
        err: `${said.err}${failure.detail}\n${failure.hint ?? ''}\n`,
      }
    } finally {
      await ask('moengage', 'settle', {})
    }
  }

  const world: World = {
    folder,
    storePath,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ask,
    plan: ({ without, ...options } = {}) =>
      run(context => runPlan({ ...common, detailedExitcode: false, ...options }, context), without),
    apply: options => run(context => runApply({ ...common, yes: true, ...options }, context)),
    sync: options => run(context => runSync({ ...common, allow: [], full: false, ...options }, context)),
    drift: options => run(context => runDrift({ ...common, ...options }, context)),
    // No key is at hand: it must not need any.
    report: options => run(context => runReport({ ...common, ...options }, context), Object.keys(KEYS)),
    monitor: options => run(context => runMonitor({ ...common, ...options }, context)),
    set: (name, value) => {
      variables[name] = value
    },
    doctor: ({ without, ...options } = {}) =>
      run(context => runDoctor({ ...common, ...options }, context), without),
    qa: (id, options) => run(context => runQaCommand({ ...common, id, yes: false, ...options }, context)),
    explain: (subject, { without, ...options } = {}) =>
      run(context => runExplain({ ...common, subject, offline: false, ...options }, context), without),
    import: options =>
      run(context => runImport({ ...common, cohorts: [], isDryRun: false, yes: false, ...options }, context)),
    stored: {
      list: options => run(context => runStateList({ ...common, ...options }, context)),
      show: (address, options) => run(context => runStateShow({ ...common, address, ...options }, context)),
      history: (id, options) => run(context => runStateHistory({ ...common, id, ...options }, context)),
      move: (from, to, options) => run(context => runStateMove({ ...common, from, to, ...options }, context)),
      forget: (target, options) =>
        run(context => runStateForget({ ...common, target, yes: true, ...options }, context)),
      rebuild: options => run(context => runStateRebuild({ ...common, yes: true, ...options }, context)),
      unlock: (lockId, options) => run(context => runStateUnlock({ ...common, lockId, ...options }, context)),
      migrate: (to, options) => run(context => runStateMigrate({ ...common, to, ...options }, context)),
      backup: (file, options) => run(context => runStateBackup({ ...common, file, ...options }, context)),
      restore: (file, options) => run(context => runStateRestore({ ...common, file, ...options }, context)),
    },
    answer: (...given) => {
      answers = [...given]
    },
    settle: async () => {
      const applied = await world.apply()
      if (applied.exitCode !== 0)
        throw new Error(`apply ended with ${applied.exitCode}:\n${applied.out}${applied.err}`)
    },
    edit: async (file, changes) => {
      const path = join(folder, 'audiences', file)
      const document = parseDocument(await readFile(path, 'utf8'))
      for (const [key, value] of Object.entries(changes)) {
        if (value === undefined) document.deleteIn(key.split('.'))
        else document.setIn(key.split('.'), value)
      }
      await writeFile(path, document.toString())
    },
    write: (file, text) => writeFile(join(folder, 'audiences', file), text),
    remove: file => rm(join(folder, 'audiences', file)),
    rename: (file, to) => rename(join(folder, 'audiences', file), join(folder, 'audiences', to)),
    read: file => readFile(join(folder, 'audiences', file), 'utf8'),
    advance: async duration => void (await ask('customerio', 'clock', { advance: duration })),
    fault: async (vendor, fault) => void (await ask(vendor, 'faults', fault)),
    requests: async vendor => (await ask<{ requests: LoggedRequest[] }>(vendor, 'requests')).requests,
    forgetRequests: async () => {
      for (const vendor of ['customerio', 'moengage'] as const)
        await ask(vendor, 'requests', undefined, 'DELETE')
    },
    state: () =>
      databaseUrl === undefined
        ? createDuckdbStateReader({ path: storePath, target: ACCOUNTS, clock: quickClock }).readState()
        : createPostgresStateReader({ ...place, url: databaseUrl, clock: quickClock }).readState(),
    openStore: () => {
      const terms = {
        target: ACCOUNTS,
        clock: { ...quickClock, now: () => SHOP_OPENS },
        createId: () => 'store-of-the-test',
        holder: { owner: 'tester@example', command: 'test', runId: 'test' },
      }
      if (databaseUrl === undefined) return openDuckdbStore({ ...terms, path: storePath })
      return openPostgresStore({ ...place, ...terms, url: databaseUrl, spoolFolder: join(folder, 'spool') })
    },
    interruptWhen: isDue => {
      interrupt = isDue
    },
  }
  return world
}
