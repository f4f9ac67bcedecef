import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseDocument } from 'yaml'
import { EMULATED_CUSTOMERIO, EMULATED_MOENGAGE } from '../emulators/options.ts'
import { startEmulators } from '../emulators/server.ts'
import { invariant } from '../model/invariant.ts'
import type { Instant } from '../model/time.ts'
import { readSnapshot } from '../store/snapshot.ts'
import { describeAccounts } from './make-plan.ts'
import { loadSpecs } from './specs.ts'

const POPULATION = 20_000
const SEED = 7

/** One audience, from the three sides that can be counted. */
export interface TruthRow {
  readonly audience: string
  /** People in Customer.io's segment now. */
  readonly source: number
  readonly ledger: number
  /** Users in MoEngage's cohort now. */
  readonly cohort: number
}

/** A folder with the shipped programme, both emulators, and the doors that only emulators have. */
export interface DemoWorld {
  readonly folder: string
  readonly population: number
  readonly customerioUrl: string
  readonly moengageUrl: string
  /** Keys for the commands. They open the emulators and nothing else. */
  readonly variables: Readonly<Record<string, string>>
  readTime(): Promise<string>
  advance(duration: string): Promise<void>
  forgetRequests(): Promise<void>
  countWrites(): Promise<number>
  readTruth(): Promise<readonly TruthRow[]>
  close(): Promise<void>
}

/** Starts everything on free ports. `close` ends and deletes all of it. */
export const openDemoWorld = async (shopTime: Instant): Promise<DemoWorld> => {
  const emulators = await startEmulators({
    customerioPort: 0,
    moengagePort: 0,
    population: POPULATION,
    seed: SEED,
    shopTime: new Date(shopTime),
  })
  const customerioUrl = emulators.customerio.url
  const moengageUrl = emulators.moengage.url
  const folder = await mkdtemp(join(tmpdir(), 'muster-demo-'))
  await copyProgramme(folder, customerioUrl, moengageUrl)
  const both = [customerioUrl, moengageUrl]
  return {
    folder,
    population: POPULATION,
    customerioUrl,
    moengageUrl,
    variables: {
      CUSTOMERIO_APP_KEY: EMULATED_CUSTOMERIO.appKey,
      CUSTOMERIO_SITE_ID: EMULATED_CUSTOMERIO.trackSiteId,
      CUSTOMERIO_TRACK_KEY: EMULATED_CUSTOMERIO.trackApiKey,
      MOENGAGE_DATA_KEY: EMULATED_MOENGAGE.dataKey,
    },
    readTime: async () => (await ask<{ now: string }>(`${customerioUrl}/_emulator/clock`)).now,
    advance: async duration => {
      await ask(`${customerioUrl}/_emulator/clock`, { advance: duration })
      await ask(`${moengageUrl}/_emulator/settle`, {})
    },
    forgetRequests: async () => {
      for (const url of both) await fetch(`${url}/_emulator/requests`, { method: 'DELETE' })
    },
    countWrites: async () => {
      const answers = both.map(url => ask<{ writes: number }>(`${url}/_emulator/requests`))
      return (await Promise.all(answers)).reduce((sum, { writes }) => sum + writes, 0)
    },
    readTruth: () => readTruth(folder, customerioUrl, moengageUrl),
    close: async () => {
      await emulators.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The shipped specs, with the emulators' real addresses in the local environment. */
const copyProgramme = async (folder: string, customerioUrl: string, moengageUrl: string): Promise<void> => {
  const shipped = fileURLToPath(new URL('../../audiences', import.meta.url))
  await cp(shipped, join(folder, 'audiences'), { recursive: true })
  const path = join(folder, 'audiences', 'workspace.yaml')
  const workspace = parseDocument(await readFile(path, 'utf8'))
  workspace.setIn(['environments', 'local', 'customerio', 'base_url'], customerioUrl)
  workspace.setIn(['environments', 'local', 'moengage', 'base_url'], moengageUrl)
  await writeFile(path, workspace.toString())
}

const readTruth = async (
  folder: string,
  customerioUrl: string,
  moengageUrl: string,
): Promise<readonly TruthRow[]> => {
  await ask(`${moengageUrl}/_emulator/settle`, {})
  const { audiences, workspace } = loadSpecs(join(folder, 'audiences'))
  const environment = workspace?.environments.get('local')
  invariant(environment, 'the shipped programme has an environment "local"')
  const path = join(folder, '.muster', 'local.duckdb')
  const { members } = await readSnapshot({ path, target: describeAccounts({ environment }) })
  return Promise.all(
    audiences.map(async ({ id, name, source }) => {
      invariant(source.kind === 'segment', 'the shipped programme reads segments that exist')
      const segment = await ask<{ count: number }>(
        `${customerioUrl}/_emulator/segments/${source.segmentId}/people`,
      )
      const cohort = await ask<{ members: readonly string[] }>(
        `${moengageUrl}/_emulator/cohorts/${encodeURIComponent(name)}`,
      )
      return {
        audience: id,
        source: segment.count,
        ledger: members.get(id) ?? 0,
        cohort: cohort.members.length,
      }
    }),
  )
}

const ask = async <T>(url: string, body?: unknown): Promise<T> => {
  const answer = await fetch(url, {
    ...(body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  invariant(answer.ok, `the emulator answered ${answer.status}`)
  // Our own emulators, in our own process: the shapes are tested with them.
  return (await answer.json()) as T
}
