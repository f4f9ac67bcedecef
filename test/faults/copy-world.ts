import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { EMULATED_MOENGAGE } from '../../src/emulators/options.ts'
import { makeDatabase, replaceDatabase } from '../support/postgres-database.ts'
import type { World } from '../support/world.ts'

/** What is needed to make the same world again. The emulator gives the same ids to what is made in the same order. */
export interface Template {
  readonly folder: string
  /** Users that MoEngage knows besides those who were born with the shop. */
  readonly users: readonly string[]
  readonly urls: readonly string[]
  readonly segments: readonly CapturedSegment[]
  /** With the store, when that is no file in the folder. */
  readonly databaseUrl?: string
}

interface CapturedSegment {
  readonly segment_id: string
  readonly name: string
  readonly cohort?: { readonly cohort_id: string; readonly members: readonly string[] }
  /** Its filters, as the API shows them. */
  readonly definition?: Readonly<Record<string, unknown>>
}

interface SegmentRow {
  readonly segment_id: string
  readonly name: string
  readonly kind: 'filter' | 'cohort'
}

const HEADERS = {
  'content-type': 'application/json',
  authorization: `Basic ${Buffer.from(`${EMULATED_MOENGAGE.workspaceId}:${EMULATED_MOENGAGE.dataKey}`).toString('base64')}`,
  'moe-appkey': EMULATED_MOENGAGE.workspaceId,
}

const kept: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const drop of kept.splice(0)) await drop()
})

/** Keeps the specs, the store, and MoEngage's segments in the order in which they were made. */
export const captureWorld = async (world: World, users: Template['users']): Promise<Template> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-crash-'))
  kept.push(() => rm(folder, { recursive: true, force: true }))
  await cp(world.folder, folder, { recursive: true })
  const urls = await readUrls(world)
  const segments: CapturedSegment[] = []
  for (const { segment_id, name, kind } of await listSegments(world)) {
    segments.push(
      kind === 'cohort'
        ? { segment_id, name, cohort: await world.ask('moengage', `cohorts/${name}`) }
        : { segment_id, name, definition: await readDefinition(urls[1] ?? '', segment_id) },
    )
  }
  if (world.databaseUrl === undefined) return { folder, users, urls, segments }
  const database = await makeDatabase(world.databaseUrl)
  kept.push(database.drop)
  return { folder, users, urls, segments, databaseUrl: database.url }
}

/** Makes it again in a world that nobody has touched. */
export const restoreWorld = async (
  world: World,
  { folder, users, urls, segments, databaseUrl }: Template,
): Promise<void> => {
  const own = await readUrls(world)
  const seeded = new Set((await listSegments(world)).map(({ name }) => name))
  await rm(world.folder, { recursive: true })
  await cp(folder, world.folder, { recursive: true })
  if (world.databaseUrl !== undefined && databaseUrl !== undefined)
    await replaceDatabase(world.databaseUrl, databaseUrl)
  for (const file of await readdir(join(world.folder, 'audiences'))) {
    const path = join(world.folder, 'audiences', file)
    const text = urls.reduce(
      (changed, url, index) => changed.replaceAll(url, own[index] ?? url),
      await readFile(path, 'utf8'),
    )
    await writeFile(path, text)
  }
  for (const uid of users) await world.ask('moengage', `users/${encodeURIComponent(uid)}`, {}, 'PUT')
  for (const segment of segments) if (!seeded.has(segment.name)) await make(world, own[1] ?? '', segment)
  const made = await listSegments(world)
  const isSame = segments.every(({ segment_id }, index) => segment_id === made[index]?.segment_id)
  if (!isSame) throw new Error('the copy of the world has other ids')
}

const make = async (world: World, url: string, { name, cohort, definition }: CapturedSegment) => {
  if (!cohort) return world.ask('moengage', 'segments', { name, ...definition })
  const { cohort_id, members } = cohort
  const parameters = { cohort_name: name, cohort_id, members: [{ uid: members[0] }] }
  const answer = await fetch(`${url}/v1/integrations/cohortsync`, {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify({ action: 'add_members', partner: 'muster', parameters }),
  })
  if (!answer.ok) throw new Error(`the cohort ${name} was not made: ${answer.status}`)
  return world.ask('moengage', `cohorts/${name}`, { add: members })
}

const listSegments = async (world: World): Promise<readonly SegmentRow[]> =>
  (await world.ask<{ segments: readonly SegmentRow[] }>('moengage', 'segments')).segments

const readDefinition = async (url: string, id: string): Promise<Readonly<Record<string, unknown>>> => {
  const answer = await fetch(`${url}/v3/custom-segments/${id}`, { headers: HEADERS })
  const { data } = (await answer.json()) as { data: Readonly<Record<string, unknown>> }
  const { included_filters, excluded_filters } = data
  return { included_filters, ...(excluded_filters === undefined ? {} : { excluded_filters }) }
}

/** Of Customer.io and of MoEngage, as the specs name them. */
const readUrls = async (world: World): Promise<readonly string[]> => {
  const text = await readFile(join(world.folder, 'audiences', 'workspace.yaml'), 'utf8')
  return [...text.matchAll(/http:\/\/127\.0\.0\.1:\d+/g)].map(([url]) => url)
}
