import { join } from 'node:path'
import { EMULATED_CUSTOMERIO, EMULATED_MOENGAGE } from '../../dist/emulators/options.js'
import { startEmulators } from '../../dist/emulators/server.js'
import { describeBinding, describeSendable } from '../../dist/plan/describe.js'
import { openDuckdbStore } from '../../dist/store/duckdb/store.js'
import { MOST_SENDABLES, writeSpecs } from './specs.mjs'

export const NOW = '2026-11-23T10:00:00.000Z'
const FREE = [{ max: 1_000_000, seconds: 1 }]
const ACCOUNTS = '"local" (Customer.io us, MoEngage ACME01_DEBUG in data center 01)'
const AT_ONCE = 20

/** Keys as every command finds them. */
export const KEYS = {
  CUSTOMERIO_APP_KEY: EMULATED_CUSTOMERIO.appKey,
  MOENGAGE_DATA_KEY: EMULATED_MOENGAGE.dataKey,
}

/** Both emulators with so many audiences applied: specs, the vendors' side of them, and a store that knows all. */
export const openAppliedWorld = async (root, count) => {
  const emulators = await startEmulators({
    customerioPort: 0,
    moengagePort: 0,
    population: 100,
    seed: 7,
    shopTime: new Date(NOW),
    limits: {
      customerioApp: FREE,
      segmentList: FREE,
      segmentGet: FREE,
      segmentCreate: FREE,
      activeSegments: 1_000_000,
    },
  })
  const urls = { customerio: emulators.customerio.url, moengage: emulators.moengage.url }
  const folder = join(root, `specs-${count}`)
  const storePath = join(root, `store-${count}`, 'local.duckdb')
  const indices = Array.from({ length: count }, (_each, index) => index)
  const segments = await inTurns(indices, index => createSource(urls.customerio, `Segment ${index}`))
  writeSpecs(folder, { segments, urls })
  const { audiences, workspace } = await loadAudiences(folder)
  const remoteIds = await createDestination(urls.moengage, audiences)
  await recordAll(storePath, { audiences, workspace, remoteIds })
  return { folder, storePath, urls, close: emulators.close }
}

/** Each of the calls that reached an emulator, by route, since the last look. */
export const takeRequests = async url => {
  const { requests } = await ask(url, '/_emulator/requests')
  await fetch(`${url}/_emulator/requests`, { method: 'DELETE' })
  const counts = new Map()
  for (const { method, route } of requests)
    counts.set(`${method} ${route}`, (counts.get(`${method} ${route}`) ?? 0) + 1)
  return counts
}

const inTurns = async (values, work) => {
  const results = []
  for (let from = 0; from < values.length; from += AT_ONCE)
    results.push(...(await Promise.all(values.slice(from, from + AT_ONCE).map(work))))
  return results
}

const ask = async (url, path, body, headers = {}) => {
  const answer = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${path} answered with ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

const createSource = async (url, name) => {
  const authorization = `Bearer ${EMULATED_CUSTOMERIO.appKey}`
  const { segment } = await ask(
    url,
    '/v1/segments',
    { segment: { name, description: 'bench' } },
    { authorization },
  )
  return { id: segment.id, name }
}

const loadAudiences = async folder => {
  const { loadSpecs, loadValidators } = await import('../../dist/cli/specs.js')
  const { audiences, workspace, diagnostics } = loadSpecs(folder, loadValidators())
  if (!workspace) throw new Error(`the specs are not valid: ${JSON.stringify(diagnostics[0])}`)
  return { audiences, workspace }
}

/** The list of MoEngage does not tell kinds apart: a filter segment may stand for a cohort. */
const createDestination = async (url, audiences) => {
  const create = async body => (await ask(url, '/_emulator/segments', body)).id
  const refer = (operator, ids) => ({
    filter_operator: operator,
    filters: ids.map(id => ({ filter_type: 'custom_segments', id })),
  })
  const names = audiences.map(({ name }) => name)
  const cohorts = await inTurns(names, name => create({ name }))
  const byAudience = new Map(audiences.map(({ id }, index) => [id, cohorts[index]]))
  const sendables = await inTurns(
    audiences.filter(({ suppressedBy }) => suppressedBy.length > 0),
    async ({ id, name, suppressedBy }) => {
      const excluded = suppressedBy.map(each => byAudience.get(each))
      const remoteId = await create({
        name: `${name}__Sendable`,
        included_filters: refer('and', [byAudience.get(id)]),
        excluded_filters: refer('or', excluded),
      })
      return [id, remoteId]
    },
  )
  if (sendables.length > MOST_SENDABLES) throw new Error('more sendable segments than planned')
  return { cohorts: byAudience, sendables: new Map(sendables) }
}

const WRITES_AT_ONCE = 500

const recordAll = async (path, { audiences, workspace, remoteIds }) => {
  const writes = audiences.flatMap(audience => {
    const { id, name } = audience
    const write = (kind, attributes, remoteId) => ({
      kind: 'object',
      object: {
        address: `${kind}.${id}`,
        kind,
        audience: id,
        attributes,
        status: 'seen',
        recordedAt: NOW,
        origin: 'created',
        ...(remoteId === undefined ? {} : { remoteId }),
      },
    })
    return [
      write('cohort', { name, cohort_id: `${workspace.name}-${id}-g1` }, remoteIds.cohorts.get(id)),
      write('binding', describeBinding(workspace, audience)),
      ...(audience.suppressedBy.length > 0
        ? [write('sendable', describeSendable(audience), remoteIds.sendables.get(id))]
        : []),
    ]
  })
  const store = await openDuckdbStore({
    path,
    target: ACCOUNTS,
    clock: { now: () => NOW, sleep: async () => undefined },
    createId: () => 'store-of-the-bench',
    holder: { owner: 'bench@example', command: 'bench', runId: 'bench' },
  })
  for (let from = 0; from < writes.length; from += WRITES_AT_ONCE)
    await store.commit(writes.slice(from, from + WRITES_AT_ONCE))
  await store.close()
}
