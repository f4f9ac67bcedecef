import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openWorld, SHOP_OPENS, type World, type WorldOptions } from '../support/world.ts'

interface Line {
  readonly subject: string
  readonly verdict: 'ok' | 'trouble' | 'unchecked'
  readonly detail: string
  readonly todo: string | null
}

/** The machine's time, as the vendors have it. */
const wallMs = (): number => Date.parse(SHOP_OPENS)

const open = (options: WorldOptions = {}): Promise<World> =>
  openWorld({ audiences: ['vip'], population: 500, wallMs, ...options })

/** Testers whom MoEngage knows. */
const nameTesters = async (world: World): Promise<void> => {
  await world.edit('workspace.yaml', { 'qa.testers': ['emp_001', 'emp_002'] })
  for (const id of ['emp_001', 'emp_002']) await world.ask('moengage', `users/${id}`, undefined, 'PUT')
}

const examine = async (
  world: World,
  options: Parameters<World['doctor']>[0] = {},
): Promise<{ exitCode: number; lines: readonly Line[]; lineOf: (subject: string) => Line | undefined }> => {
  const { exitCode, out, err } = await world.doctor({ json: true, ...options })
  if (out === '') throw new Error(err)
  const { checks } = JSON.parse(out) as { checks: Line[] }
  return { exitCode, lines: checks, lineOf: subject => checks.find(each => each.subject === subject) }
}

describe('where nothing is wrong', () => {
  test('before the first apply: each line is ok, or says what will tell', async () => {
    const world = await open()
    await nameTesters(world)
    const { exitCode, out } = await world.doctor()
    expect(exitCode).toBe(0)
    expect(out).toMatchInlineSnapshot(`
      "acme-d2c · local  Customer.io us → MoEngage ACME01_DEBUG (data center 01)

      ok     customerio-key        CUSTOMERIO_APP_KEY opens region us: 10 segments are listed
      ok     customerio-scope      the key reads segments, their counts, their members and what uses them
      ok     sources               1 of 1 are listed under the names in the files
      ok     coverage              lowest 95.1% (vip, of the first 41)
      ok     moengage-key          MOENGAGE_DATA_KEY opens ACME01_DEBUG in data center 01, firewall category Segmentation: 3 segments are listed
      ok     moengage-workspace    ACME01_DEBUG; nothing is recorded yet that it could be recognised by
      ok     moengage-users        users can be looked up, firewall category Data
      -      moengage-cohort-sync  not checked: only a write could tell whether firewall category Partner Integration lets it in; the first apply will
      ok     testers               MoEngage knows all 2 that were looked up
      ok     clock                 agrees with that of Customer.io and MoEngage
      ok     store                 there is none yet; the first apply makes it

      All that could be checked is right. 1 check was not possible.
      "
    `)
  })

  test('after a sync: the cohort is recognised, and its call vouches for Partner Integration', async () => {
    const world = await open()
    await nameTesters(world)
    await world.settle()
    await world.sync()
    await world.forgetRequests()
    const { exitCode, lineOf } = await examine(world)
    expect(exitCode).toBe(0)
    expect(lineOf('moengage-workspace')?.detail).toBe('ACME01_DEBUG lists 1 of 1 recorded cohorts')
    expect(lineOf('moengage-cohort-sync')).toMatchObject({ verdict: 'ok' })
    expect(lineOf('store')?.detail).toContain('nobody holds it')
    for (const vendor of ['customerio', 'moengage'] as const)
      expect((await world.requests(vendor)).filter(({ write }) => write)).toEqual([])
  })
})

const always = (match: object, kind: object) => ({ match, times: 'always', ...kind })
const SEGMENTS = { method: 'GET', route: '/v1/segments' }
const MEMBERS = { method: 'GET', route: '/v1/segments/:id/membership' }
const LIST = { method: 'GET', route: '/v3/custom-segments' }
const USERS = { method: 'POST', route: '/v1/customers/export' }
const REGION = { method: 'GET', route: '/api/v1/accounts/region' }

describe('a line that is not ok says what to do, and nothing else breaks for it', () => {
  test.each`
    story                                 | vendor          | fault                                                | subject               | detail                      | todo
    ${'a key of another region'}          | ${'customerio'} | ${always(SEGMENTS, { kind: 'status', status: 401 })} | ${'customerio-key'}   | ${'[provider/auth]'}        | ${'a key of another region than "us" fails like this'}
    ${'a machine that is kept out'}       | ${'customerio'} | ${always(SEGMENTS, { kind: 'status', status: 403 })} | ${'customerio-key'}   | ${'[provider/forbidden]'}   | ${'IP allow list'}
    ${'a network that breaks'}            | ${'customerio'} | ${always(SEGMENTS, { kind: 'reset' })}               | ${'customerio-key'}   | ${'the connection failed'}  | ${'check the network'}
    ${'a proxy in between'}               | ${'customerio'} | ${always(SEGMENTS, { kind: 'html', status: 403 })}   | ${'customerio-key'}   | ${'[provider/forbidden]'}   | ${'IP allow list'}
    ${'a daily quota that is used up'}    | ${'customerio'} | ${always(SEGMENTS, { kind: 'quota' })}               | ${'customerio-key'}   | ${'[provider/quota]'}       | ${'run again tomorrow'}
    ${'a key without the scope'}          | ${'customerio'} | ${always(MEMBERS, { kind: 'status', status: 403 })}  | ${'customerio-scope'} | ${'membership'}             | ${'the scope for segments'}
    ${'Track keys that are not accepted'} | ${'customerio'} | ${always(REGION, { kind: 'status', status: 401 })}   | ${'customerio-track'} | ${'[provider/auth]'}        | ${'check CUSTOMERIO_SITE_ID and CUSTOMERIO_TRACK_KEY'}
    ${'a key of another workspace'}       | ${'moengage'}   | ${always(LIST, { kind: 'status', status: 401 })}     | ${'moengage-key'}     | ${'[provider/auth]'}        | ${'lives in data center 01'}
    ${'kept out of Segmentation'}         | ${'moengage'}   | ${always(LIST, { kind: 'status', status: 403 })}     | ${'moengage-key'}     | ${'[provider/forbidden]'}   | ${'rules for "Segmentation"'}
    ${'a vendor that is down'}            | ${'moengage'}   | ${always(LIST, { kind: 'status', status: 503 })}     | ${'moengage-key'}     | ${'[provider/unavailable]'} | ${'muster explain provider/unavailable'}
    ${'kept out of Data'}                 | ${'moengage'}   | ${always(USERS, { kind: 'html', status: 403 })}      | ${'moengage-users'}   | ${'[provider/forbidden]'}   | ${'rules for "Data"'}
  `('$story', async ({ vendor, fault, subject, detail, todo }) => {
    const world = await open()
    await nameTesters(world)
    await world.edit('workspace.yaml', {
      'environments.local.customerio.track_site_id_env': 'CUSTOMERIO_SITE_ID',
      'environments.local.customerio.track_api_key_env': 'CUSTOMERIO_TRACK_KEY',
    })
    await world.fault(vendor, fault)
    const { exitCode, lines, lineOf } = await examine(world)
    expect(exitCode).toBe(1)
    expect(lineOf(subject)).toMatchObject({
      verdict: 'trouble',
      detail: expect.stringContaining(detail),
      todo: expect.stringContaining(todo),
    })
    expect(lines.filter(({ verdict }) => verdict === 'trouble')).toHaveLength(1)
  })

  test('a key that is not accepted is said once', async () => {
    const world = await open()
    await nameTesters(world)
    await world.fault('moengage', always(LIST, { kind: 'status', status: 401 }))
    await world.fault('moengage', always(USERS, { kind: 'status', status: 401 }))
    const { lines, lineOf } = await examine(world)
    expect(lines.filter(({ verdict }) => verdict === 'trouble').map(({ subject }) => subject)).toEqual([
      'moengage-key',
    ])
    expect(lineOf('moengage-key')).toMatchObject({ code: 'provider/auth' })
    expect(lineOf('moengage-users')).toMatchObject({ verdict: 'unchecked' })
  })

  test('keys that are not set: a line each, and the rest is looked at all the same', async () => {
    const world = await open()
    const { exitCode, lineOf } = await examine(world, { without: ['CUSTOMERIO_APP_KEY'] })
    expect(exitCode).toBe(1)
    expect(lineOf('customerio-key')).toMatchObject({
      verdict: 'trouble',
      todo: expect.stringContaining('export'),
    })
    expect(lineOf('sources')).toMatchObject({ verdict: 'unchecked' })
    expect(lineOf('moengage-key')).toMatchObject({ verdict: 'ok' })
    const other = await examine(world, { without: ['MOENGAGE_DATA_KEY'] })
    expect(other.lineOf('moengage-key')?.detail).toContain('MOENGAGE_DATA_KEY is not set')
    expect(other.lineOf('customerio-key')).toMatchObject({ verdict: 'ok' })
  })

  test('Track keys of another region', async () => {
    const world = await open()
    await world.edit('workspace.yaml', {
      'environments.local.customerio.region': 'eu',
      'environments.local.customerio.track_site_id_env': 'CUSTOMERIO_SITE_ID',
      'environments.local.customerio.track_api_key_env': 'CUSTOMERIO_TRACK_KEY',
    })
    expect((await examine(world)).lineOf('customerio-track')).toMatchObject({
      verdict: 'trouble',
      detail: 'the Track keys are of region us, workspace.yaml says eu',
    })
  })

  test.each`
    story                 | source                                     | detail
    ${'is not there'}     | ${{ segment: 999, name: 'VIP customers' }} | ${'does not list the segment of vip'}
    ${'has another name'} | ${{ segment: 11, name: 'Best customers' }} | ${'the segment of vip has another name'}
  `('a segment that $story', async ({ source, detail }) => {
    const world = await open()
    await world.edit('vip.yaml', { source })
    expect((await examine(world)).lineOf('sources')).toMatchObject({
      verdict: 'trouble',
      detail: expect.stringContaining(detail),
    })
  })

  test('an identifier that too few people carry', async () => {
    const world = await open({ behaviour: { emailIdentifies: false } })
    await world.edit('vip.yaml', { identifier: { key: 'email' } })
    expect((await examine(world)).lineOf('coverage')).toMatchObject({
      verdict: 'trouble',
      detail: expect.stringContaining('vip 0% of at least 95%'),
    })
  })

  test('testers whom MoEngage does not know', async () => {
    const world = await open()
    await nameTesters(world)
    await world.ask('moengage', 'users/emp_002', undefined, 'DELETE')
    expect((await examine(world)).lineOf('testers')).toMatchObject({
      verdict: 'trouble',
      detail: 'MoEngage knows 1 of 2 testers',
    })
  })

  test('cohorts that MoEngage lists no longer', async () => {
    const world = await open()
    await world.settle()
    await world.fault('moengage', always(LIST, { kind: 'omit', names: ['ORC__Vip__365d'] }))
    expect((await examine(world)).lineOf('moengage-workspace')).toMatchObject({
      verdict: 'trouble',
      detail: 'ACME01_DEBUG lists 0 of 1 recorded cohorts',
    })
  })

  test('a live environment that names the test environment', async () => {
    const world = await open()
    const text = await world.read('workspace.yaml')
    await world.write('workspace.yaml', text.replace('workspace_id: ACME01,', 'workspace_id: ACME01_DEBUG,'))
    await world.edit('workspace.yaml', {
      'environments.live.customerio.base_url': 'http://127.0.0.1:9',
      'environments.local': undefined,
    })
    const moengage = /base_url: "?(http:[^"\s]+)/.exec(
      text.slice(text.indexOf('data_key_env: MOENGAGE_DATA_KEY', text.indexOf('local:'))),
    )?.[1]
    await world.edit('workspace.yaml', { 'environments.live.moengage.base_url': moengage })
    const { lineOf } = await examine(world, { env: 'live' })
    expect(lineOf('moengage-workspace')?.detail).toContain("MoEngage's test environment")
  })

  test.each`
    offMs         | verdict      | detail
    ${30_000}     | ${'ok'}      | ${'agrees with that of'}
    ${600_000}    | ${'trouble'} | ${'this machine is 10m behind Customer.io'}
    ${-7_200_000} | ${'trouble'} | ${'this machine is 2h ahead of Customer.io'}
  `('a clock that is $offMs ms off: $verdict', async ({ offMs, verdict, detail }) => {
    const world = await open({ wallMs: () => wallMs() + offMs })
    expect((await examine(world)).lineOf('clock')).toMatchObject({
      verdict,
      detail: expect.stringContaining(detail),
    })
  })

  test('a clock that was set on purpose is not judged', async () => {
    const world = await open({ wallMs: () => 0 })
    expect((await examine(world, { now: SHOP_OPENS })).lineOf('clock')).toMatchObject({
      verdict: 'unchecked',
    })
  })

  test('a store of another environment', async () => {
    const world = await open()
    await world.settle()
    await world.edit('workspace.yaml', { 'environments.local.moengage.data_center': '02' })
    expect((await examine(world)).lineOf('store')).toMatchObject({
      verdict: 'trouble',
      detail: expect.stringContaining('[store/other-target]'),
    })
  })

  test('a store whose file is damaged', async () => {
    const world = await open()
    const path = join(world.folder, 'broken.duckdb')
    await writeFile(path, 'no database')
    expect((await examine(world, { store: `duckdb:${path}` })).lineOf('store')).toMatchObject({
      verdict: 'trouble',
      detail: expect.stringContaining('[store/unreadable]'),
    })
  })

  test.skipIf(process.getuid?.() === 0)('a folder that may not be written', async () => {
    const world = await open()
    const folder = join(world.folder, 'shut')
    await mkdir(folder)
    await chmod(folder, 0o500)
    expect((await examine(world, { store: `duckdb:${folder}/live.duckdb` })).lineOf('store')).toMatchObject({
      verdict: 'trouble',
      detail: expect.stringContaining('nothing can be written'),
    })
  })
})
