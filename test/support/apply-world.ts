import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { PlanOptions } from '../../src/cli/plan.ts'
import { EMULATED_CUSTOMERIO, EMULATED_MOENGAGE } from '../../src/emulators/options.ts'
import type { WrittenPlan } from '../../src/model/generated/plan.ts'
import { OPERATIONS } from '../../src/model/plan.ts'
import type { Ended, LoggedRequest, World } from './world.ts'

/** Cohort Sync, MoEngage's list, and its sendable segments, as faults match them. */
export const COHORT_CALL = { method: 'POST', route: '/v1/integrations/cohortsync' }
export const LIST_CALL = { method: 'GET', route: '/v3/custom-segments' }
export const SENDABLE_GET = { method: 'GET', route: '/v3/custom-segments/:id' }
export const SENDABLE_POST = { method: 'POST', route: '/v3/custom-segments' }
export const SENDABLE_PATCH = { method: 'PATCH', route: '/v3/custom-segments/:id' }
export const ARCHIVE_CALL = { method: 'PATCH', route: '/v2/custom-segments/archive' }
/** Customer.io's list and its manual segments. */
export const SOURCE_LIST = { method: 'GET', route: '/v1/segments' }
export const SOURCE_POST = { method: 'POST', route: '/v1/segments' }
export const SOURCE_FILL = { method: 'POST', route: '/api/v1/segments/:id/add_customers' }
export const SOURCE_REMOVE = { method: 'POST', route: '/api/v1/segments/:id/remove_customers' }
export const SOURCE_DELETE = { method: 'DELETE', route: '/v1/segments/:id' }

type Vendor = 'customerio' | 'moengage'
type Operation = keyof typeof OPERATIONS

/** What each planned call looks like in an emulator's log. A cohort is born with an add like any other. */
const WIRE: Readonly<Record<Operation, string>> = {
  'create source segment': 'POST /v1/segments',
  'fill source segment': 'POST /api/v1/segments/:id/add_customers',
  'remove from source segment': 'POST /api/v1/segments/:id/remove_customers',
  'delete source segment': 'DELETE /v1/segments/:id',
  'create cohort': 'POST /v1/integrations/cohortsync add_members',
  'add members': 'POST /v1/integrations/cohortsync add_members',
  'remove members': 'POST /v1/integrations/cohortsync remove_members',
  'create sendable segment': 'POST /v3/custom-segments',
  'update sendable segment': 'PATCH /v3/custom-segments/:id',
  'archive segment': 'PATCH /v2/custom-segments/archive',
}

const isOperation = (text: string): text is Operation => Object.hasOwn(WIRE, text)

/** A plan does not know who leaves the testers: it names the most that are taken out. */
const UP_TO: Operation = 'remove from source segment'

const plannedCalls = (plan: WrittenPlan, vendor: Vendor) =>
  plan.changes
    .flatMap(({ calls }) => calls)
    .flatMap(({ operation, ...call }) =>
      isOperation(operation) && OPERATIONS[operation] === vendor ? [{ ...call, operation }] : [],
    )

/** The calls that one vendor should have had, one line each: those of one change carry its members together. */
const plannedLines = (plan: WrittenPlan, vendor: Vendor): string[] =>
  plannedCalls(plan, vendor).flatMap(({ operation, calls }) =>
    operation === UP_TO ? [] : Array.from({ length: calls }, () => WIRE[operation]),
  )

const lineOf = ({ method, route, action }: LoggedRequest): string =>
  [method, route, action].filter(word => word !== undefined).join(' ')

const isPeopleCall = ({ route }: LoggedRequest): boolean =>
  route === COHORT_CALL.route || route.startsWith('/api/v1/segments/')

/** People that planned calls carry; one for a birth. */
const plannedPeople = (plan: WrittenPlan, vendor: Vendor): number =>
  plannedCalls(plan, vendor)
    .filter(({ operation }) => operation !== UP_TO)
    .reduce((sum, { operation, members = 0 }) => sum + (operation === 'create cohort' ? 1 : members), 0)

const countPeople = (requests: readonly LoggedRequest[]): number =>
  requests.filter(isPeopleCall).reduce((sum, { members = 0 }) => sum + members, 0)

/**
 * Every write that a vendor had since its log was emptied is one that the plan names, in the order of the plan, with
 * as many people; of those that it names the most of, with no more.
 */
export const expectPlannedCalls = async (world: World, plan: WrittenPlan): Promise<void> => {
  for (const vendor of ['customerio', 'moengage'] as const) {
    const writes = (await world.requests(vendor)).filter(({ write }) => write)
    const exact = writes.filter(each => lineOf(each) !== WIRE[UP_TO])
    expect(exact.map(lineOf)).toEqual(plannedLines(plan, vendor))
    expect(countPeople(exact)).toBe(plannedPeople(plan, vendor))
    const removals = writes.filter(each => lineOf(each) === WIRE[UP_TO])
    const most = plannedCalls(plan, vendor).filter(({ operation }) => operation === UP_TO)
    expect(removals.length).toBeLessThanOrEqual(most.reduce((sum, { calls }) => sum + calls, 0))
    expect(countPeople(removals)).toBeLessThanOrEqual(most.reduce((sum, { members = 0 }) => sum + members, 0))
  }
}

/** No vendor was asked to change anything since the logs were emptied. */
export const expectNoWrites = async (world: World): Promise<void> => {
  for (const vendor of ['customerio', 'moengage'] as const)
    expect((await world.requests(vendor)).filter(({ write }) => write)).toEqual([])
}

/** Plans as a person would see it written, and expects that nothing was written at the vendors. */
export const readPlan = async (world: World, options: Partial<PlanOptions> = {}): Promise<WrittenPlan> => {
  await world.forgetRequests()
  const ended = await world.plan({ ...options, json: true })
  await expectNoWrites(world)
  if (ended.out === '') throw new Error(`plan ended with ${ended.exitCode}:\n${ended.err}`)
  return JSON.parse(ended.out) as WrittenPlan
}

/** Writes the plan file that a person reviews. */
export const writePlanFile = async (
  world: World,
  options: Partial<PlanOptions> = {},
): Promise<{ readonly path: string; readonly plan: WrittenPlan }> => {
  const path = join(world.folder, 'plan.json')
  await world.forgetRequests()
  const ended = await world.plan({ ...options, out: path })
  await expectNoWrites(world)
  expect(`${ended.exitCode} ${ended.exitCode === 0 ? '' : ended.out + ended.err}`).toBe('0 ')
  return { path, plan: JSON.parse(await readFile(path, 'utf8')) as WrittenPlan }
}

/** What was planned, and how applying it ended. */
export interface Applied {
  readonly plan: WrittenPlan
  readonly ended: Ended
}

/** Plans, applies the file, and expects that all of it was done with exactly the calls that were planned. */
export const applyAsPlanned = async (world: World, options: Partial<PlanOptions> = {}): Promise<Applied> => {
  const { path, plan } = await writePlanFile(world, options)
  await world.forgetRequests()
  const ended = await world.apply({ planFile: path, yes: false })
  expect(`${ended.exitCode} ${ended.failed ?? ''}${ended.exitCode === 0 ? '' : ended.out + ended.err}`).toBe(
    '0 ',
  )
  await expectPlannedCalls(world, plan)
  return { plan, ended }
}

/** Nothing is left to do, neither at once nor after everyone was synced. */
export const expectSettled = async (world: World): Promise<void> => {
  expect((await world.plan()).out).toContain('No changes.')
  const synced = await world.sync()
  expect(`${synced.exitCode} ${synced.exitCode === 0 ? '' : synced.out + synced.err}`).toBe('0 ')
  expect((await world.plan()).out).toContain('No changes.')
}

/** Every change that does something, in one line each: `cohort.vip create`. */
export const actionsOf = (plan: WrittenPlan): string[] =>
  plan.changes.filter(({ action }) => action !== 'none').map(({ address, action }) => `${address} ${action}`)

/** Codes of what stops a plan. */
export const refusalsOf = (plan: WrittenPlan): string[] => plan.refusals.map(({ code }) => code)

interface CohortTruth {
  readonly name: string
  readonly cohort_id: string
  readonly partner: string
  readonly segment_id: string
  readonly members: number
  readonly archived: boolean
}

/** The cohorts that muster made in MoEngage, by name. */
export const ownCohorts = async (world: World): Promise<ReadonlyMap<string, CohortTruth>> => {
  const { cohorts } = await world.ask<{ cohorts: CohortTruth[] }>('moengage', 'cohorts')
  return new Map(
    cohorts.filter(({ partner }) => partner === 'muster').map(cohort => [cohort.name, cohort] as const),
  )
}

/** Who is in a cohort of MoEngage. */
export const membersOf = async (world: World, name: string): Promise<readonly string[]> =>
  (await world.ask<{ members: readonly string[] }>('moengage', `cohorts/${name}`)).members

interface SegmentTruth {
  readonly segment_id: string
  readonly name: string
  readonly kind: string
  readonly archived: boolean
}

/** All segments of MoEngage, archived ones included. */
export const destinationSegments = async (world: World): Promise<readonly SegmentTruth[]> =>
  (await world.ask<{ segments: SegmentTruth[] }>('moengage', 'segments')).segments

/** The segment of MoEngage that has this name. */
export const findSegment = async (world: World, name: string): Promise<SegmentTruth> => {
  const found = (await destinationSegments(world)).filter(each => each.name === name)
  expect(found.map(each => each.name)).toEqual([name])
  return found[0] as SegmentTruth
}

/** A new audience after the likeness of one in the programme. */
export const addLike = async (
  world: World,
  template: string,
  id: string,
  changes: Readonly<Record<string, unknown>>,
): Promise<void> => {
  const text = await readFile(join(world.folder, 'audiences', `${template}.yaml`), 'utf8')
  await world.write(`${id}.yaml`, text)
  await world.edit(`${id}.yaml`, { id, ...changes })
}

/** Gives an audience a spec file under another id, as `git mv` and an edit would. */
export const moveSpec = async (world: World, from: string, to: string): Promise<void> => {
  await addLike(world, from, to, { moved_from: from })
  await world.remove(`${from}.yaml`)
}

/** Turns internal-qa into an audience whose source is a manual segment of the workspace's testers. */
export const useManualSource = async (world: World, testers: readonly string[]): Promise<void> => {
  await world.edit('workspace.yaml', {
    'qa.testers': testers,
    ...Object.fromEntries(
      ['local', 'live'].flatMap(name => [
        [`environments.${name}.customerio.track_site_id_env`, 'CUSTOMERIO_SITE_ID'],
        [`environments.${name}.customerio.track_api_key_env`, 'CUSTOMERIO_TRACK_KEY'],
      ]),
    ),
  })
  await world.edit('internal-qa.yaml', { source: { manual: { name: 'QA team', members: 'testers' } } })
}

interface SourceTruth {
  readonly segment_id: number
  readonly name: string
  readonly count: number
  readonly people: readonly { readonly id: string }[]
}

/** The manual segments that were made in Customer.io in this test, with their people. */
export const madeSources = async (world: World): Promise<readonly SourceTruth[]> => {
  const made: SourceTruth[] = []
  for (let id = 101; id < 110; id += 1) {
    const truth = await world.ask<Partial<SourceTruth>>('customerio', `segments/${id}/people`)
    if (truth.segment_id !== undefined) made.push(truth as SourceTruth)
  }
  return made
}

/** The first people of the shop, by id. A few have one that no vendor would take: those are left out. */
export const someIds = async (world: World, count: number): Promise<readonly string[]> => {
  const { people } = await world.ask<{ people: { id: string | null }[] }>(
    'customerio',
    `people?limit=${count + 200}`,
  )
  return people.flatMap(({ id }) => (id !== null && /^usr_\d+$/.test(id) ? [id] : [])).slice(0, count)
}

const urlOf = async (world: World, vendor: Vendor): Promise<string> => {
  const text = await readFile(join(world.folder, 'audiences', 'workspace.yaml'), 'utf8')
  const urls = text.match(/http:\/\/127\.0\.0\.1:\d+/g) ?? []
  return urls[vendor === 'customerio' ? 0 : 1] ?? ''
}

interface Posted {
  readonly url: string
  /** User and password. */
  readonly credential: string
  readonly body: unknown
}

const post = async ({ url, credential, body }: Posted): Promise<void> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'moe-appkey': EMULATED_MOENGAGE.workspaceId,
      authorization: `Basic ${Buffer.from(credential).toString('base64')}`,
    },
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(200)
}

/** Puts somebody into a manual segment by hand, beside muster. */
export const putIn = async (
  world: World,
  segmentId: number | undefined,
  id: string | undefined,
): Promise<void> =>
  post({
    url: `${await urlOf(world, 'customerio')}/api/v1/segments/${segmentId}/add_customers?id_type=id`,
    credential: `${EMULATED_CUSTOMERIO.trackSiteId}:${EMULATED_CUSTOMERIO.trackApiKey}`,
    body: { ids: [id] },
  })

/** A manual segment that somebody made in Customer.io; answers its id. */
export const makeForeignSource = async (world: World, name: string): Promise<number> => {
  const answer = await fetch(`${await urlOf(world, 'customerio')}/v1/segments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${EMULATED_CUSTOMERIO.appKey}` },
    body: JSON.stringify({ segment: { name, description: '' } }),
  })
  return ((await answer.json()) as { segment: { id: number } }).segment.id
}

interface ForeignCohort {
  readonly name: string
  readonly cohortId: string
  readonly uids: readonly string[]
}

/** A cohort that another sender made in MoEngage; answers its id there. */
export const makeForeignCohort = async (
  world: World,
  { name, cohortId, uids }: ForeignCohort,
): Promise<string> => {
  await post({
    url: `${await urlOf(world, 'moengage')}${COHORT_CALL.route}`,
    credential: `${EMULATED_MOENGAGE.workspaceId}:${EMULATED_MOENGAGE.dataKey}`,
    body: {
      action: 'add_members',
      partner: 'muster',
      parameters: { cohort_name: name, cohort_id: cohortId, members: uids.map(uid => ({ uid })) },
    },
  })
  await world.ask('moengage', 'settle', {})
  return (await findSegment(world, name)).segment_id
}

interface ForeignSendable {
  readonly name: string
  readonly include: string
  readonly exclude: readonly string[]
}

/** A filter segment that somebody made in MoEngage's dashboard. */
export const makeForeignSendable = async (
  world: World,
  { name, include, exclude }: ForeignSendable,
): Promise<void> => {
  await world.ask('moengage', 'segments', { name })
  const { segment_id } = await findSegment(world, name)
  await world.ask('moengage', `segments/${segment_id}`, { include, exclude })
}
