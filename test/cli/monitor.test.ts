import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { COHORT_CALL } from '../support/apply-world.ts'
import { type GithubEmulator, startGithub, TOKEN } from '../support/github-emulator/server.ts'
import { holdElsewhere } from '../support/hold-elsewhere.ts'
import { startWebhook, WEBHOOK_SECRET, type WebhookServer } from '../support/webhook-server.ts'
import { openWorld, type World, type WorldOptions } from '../support/world.ts'

/** A shop that is watched: a chat and a GitHub on loopback hear of trouble. */
interface Watched {
  readonly world: World
  readonly github: GithubEmulator
  readonly webhook: WebhookServer
  /** What GitHub was asked to change since the last time. */
  writes(): readonly string[]
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const VIP: WorldOptions = { audiences: ['vip'], population: 800 }

const openWatched = async (options = VIP): Promise<Watched> => {
  const world = await openWorld(options)
  const webhook = await startWebhook()
  const github = await startGithub()
  await world.edit('vip.yaml', { 'timing.sync_every': '6h' })
  await world.edit('workspace.yaml', { alerts: { github_issue: true, webhook_env: 'ALERT_WEBHOOK_URL' } })
  world.set('ALERT_WEBHOOK_URL', webhook.url)
  world.set('GITHUB_TOKEN', TOKEN)
  world.set('GITHUB_REPOSITORY', 'acme/audiences')
  world.set('GITHUB_API_URL', github.url)
  world.set('MUSTER_GITHUB_HURRIED', 'true')
  closing.push(async () => {
    await github.close()
    expect(github.mistakes).toEqual([])
  })
  return {
    world,
    github,
    webhook,
    writes: () =>
      github.requests
        .splice(0)
        .filter(({ call }) => !call.startsWith('GET '))
        .map(({ call }) => call.replace('/repos/{owner}/{repo}', '')),
  }
}

const syncsEvery6h = async (world: World, times: number): Promise<void> => {
  for (let time = 0; time < times; time += 1) {
    await world.advance('6h')
    expect((await world.sync()).exitCode).toBe(0)
  }
}

const codesOf = async (world: World): Promise<readonly string[]> => {
  const { out } = await world.monitor({ json: true })
  return (JSON.parse(out) as { open: { code: string }[] }).open.map(({ code }) => code)
}

describe('muster monitor', () => {
  test('without a store finds nothing, makes none, and needs nobody to tell', async () => {
    const world = await openWorld(VIP)
    expect(await world.monitor()).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('0 audiences watched'),
    })
    expect((await world.state()).storeId).toBeUndefined()
  })

  test('tells a late sync once, and once that it is over: exit code, chat and issue', async () => {
    const { world, github, webhook, writes } = await openWatched()
    await world.settle()
    await world.sync()
    expect(await world.monitor()).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('1 audience watched, nothing is wrong'),
    })
    expect([webhook.messages, writes()]).toEqual([[], []])

    await world.advance('2d')
    const begun = await world.monitor()
    expect(begun.exitCode).toBe(2)
    expect(begun.out).toContain(
      'Not synced for too long [monitor/stale], new\n  vip: last synced to its end 2 d ago; declared is every 6h.',
    )
    expect(begun.out).toContain('Told: github-issue, opened ')
    expect(webhook.messages).toEqual([expect.stringContaining('*muster local*: 1 new, 0 over')])
    const [issue] = github.state.issues
    expect(issue).toMatchObject({ title: 'muster: local needs a look', state: 'open' })
    expect(issue?.body).toContain(
      '- **Not synced for too long** <code>monitor/stale</code>, since 2026-11-25 10:0',
    )
    expect(writes()).toEqual(['POST /issues'])

    await world.advance('3h')
    const again = await world.monitor()
    expect(again.exitCode).toBe(2)
    expect(again.out).toContain('[monitor/stale], since 3 h ago\n  vip: last synced to its end 2 d ago')
    expect([webhook.messages.length, writes()]).toEqual([1, []])

    await world.sync()
    expect(await world.monitor()).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('Over: Not synced for too long (vip), begun 3 h ago'),
    })
    expect(webhook.messages.slice(1)).toEqual([
      '*muster local*: 0 new, 1 over\n• Over: Not synced for too long (vip)',
    ])
    expect(issue?.state).toBe('closed')
    expect(github.state.comments.at(-1)?.body).toContain('- Over: Not synced for too long (<code>vip</code>)')
    writes()
    expect((await world.monitor()).exitCode).toBe(0)
    expect([webhook.messages.length, writes()]).toEqual([2, []])
  })

  test('says with a comment what joins and leaves an issue that stays open', async () => {
    const { world, github, writes } = await openWatched()
    await world.settle()
    await world.sync()
    await world.advance('1d')
    await world.monitor()
    writes()
    await world.ask('customerio', 'segments/11', { empty: true })
    expect((await world.sync()).exitCode).toBe(3)
    expect(await codesOf(world)).toEqual(['monitor/refused', 'monitor/stale'])
    expect(writes()).toEqual(['POST /issues/{issue_number}/comments', 'PATCH /issues/{issue_number}'])
    const [comment] = github.state.comments
    expect(comment?.body).toContain('- New: **A guard stopped the sync.** vip: stopped by empty-source')
  })

  test('does not lose what a chat did not take: the next look tells it, and the issue is told once', async () => {
    const { world, webhook, writes } = await openWatched()
    await world.settle()
    await world.sync()
    await world.advance('1d')
    webhook.answers.push({ status: 404 })
    const failed = await world.monitor()
    expect(failed.exitCode).toBe(1)
    expect(failed.err).toContain(
      'The webhook of ALERT_WEBHOOK_URL answered 404. Nobody was told there. [alert/webhook]',
    )
    expect(`${failed.out}${failed.err}`).not.toContain(WEBHOOK_SECRET)
    expect(writes()).toEqual(['POST /issues'])
    await world.advance('1h')
    expect((await world.monitor()).exitCode).toBe(2)
    expect([webhook.messages.length, writes()]).toEqual([1, []])
  })

  test('does not lose what an issue did not take: the next look tells it, and the chat is told once', async () => {
    const { world, github, webhook, writes } = await openWatched()
    await world.settle()
    await world.sync()
    await world.advance('1d')
    await world.monitor()
    await world.ask('customerio', 'segments/11', { empty: true })
    await world.sync()
    const call = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
    github.faults.push({ call, status: 502, times: 3 })
    expect((await world.monitor()).exitCode).toBe(1)
    expect([webhook.messages.length, github.state.comments]).toEqual([2, []])
    writes()
    expect((await world.monitor()).exitCode).toBe(2)
    expect(github.state.comments).toMatchObject([
      { body: expect.stringContaining('- New: **A guard stopped the sync.**') },
    ])
    expect([webhook.messages.length, writes().length]).toEqual([2, 2])
  })

  test('shares the issue with drift: the part of the other stays, and keeps it open', async () => {
    const { world, github } = await openWatched()
    await world.settle()
    await world.sync()
    await world.advance('1d')
    await world.monitor()
    const [issue] = github.state.issues
    if (issue) issue.body = `${issue.body}\n<!-- muster:part drift -->\n#### Drift`
    await world.sync()
    await world.monitor()
    expect(issue).toMatchObject({
      state: 'open',
      body: '<!-- muster:alerts env=local -->\n<!-- muster:part drift -->\n#### Drift\n',
    })
    expect(github.state.comments.at(-1)?.body).toContain('Over: Not synced for too long')
  })

  test('says that it cannot tell anybody while nothing burns, not when it does', async () => {
    const { world, webhook } = await openWatched()
    await world.settle()
    world.set('GITHUB_TOKEN', '')
    expect(await world.monitor()).toMatchObject({
      failed: 'config/no-key',
      err: expect.stringContaining(
        'The variable GITHUB_TOKEN is not set; it must hold a token that may write issues.',
      ),
    })
    world.set('GITHUB_TOKEN', TOKEN)
    world.set('ALERT_WEBHOOK_URL', webhook.url.replace('127.0.0.1', 'example.com'))
    expect((await world.monitor()).failed).toBe('alert/bad-webhook')
  })

  test('finds a cohort that MoEngage lost, and lets what it cannot read be as it was', async () => {
    const { world } = await openWatched()
    await world.settle()
    await world.sync()
    await world.ask('moengage', 'cohorts/ORC__Vip__365d', { archived: true })
    expect(await codesOf(world)).toEqual(['monitor/cohort-missing'])
    await world.ask('moengage', 'cohorts/ORC__Vip__365d', { archived: false })
    await world.fault('moengage', {
      match: { method: 'GET', route: '/v3/custom-segments' },
      times: 'always',
      kind: 'status',
      status: 401,
    })
    const blind = await world.monitor({ json: true })
    expect(JSON.parse(blind.out)).toMatchObject({
      open: [{ code: 'monitor/cohort-missing' }],
      begun: [],
      over: [],
      list_failure: expect.stringContaining('provider/'),
    })
  })

  test('says that an apply was cut off, until one is done', async () => {
    const { world } = await openWatched()
    await world.settle()
    await world.sync()
    const store = await world.openStore()
    const run = { runId: 'killed', command: 'apply', startedAt: '2026-11-23T11:00:00.000Z' }
    await store.commit([{ kind: 'run', run }])
    await store.close()
    expect(await codesOf(world)).toEqual(['monitor/unfinished-apply'])
    await world.advance('2h')
    await world.settle()
    expect(await codesOf(world)).toEqual([])
  })

  test('says that an apply failed with all its changes, whatever stale plan comes after', async () => {
    const { world } = await openWatched()
    await world.fault('moengage', { match: COHORT_CALL, kind: 'status', status: 401, times: 'always' })
    expect((await world.apply()).exitCode).toBe(1)
    expect(await codesOf(world)).toEqual(['monitor/unfinished-apply'])
    const store = await world.openStore()
    const startedAt = '2026-11-23T23:00:00.000Z'
    const stale = {
      runId: 'stale',
      command: 'apply',
      startedAt,
      finishedAt: startedAt,
      outcome: 'failed',
    } as const
    await store.commit([{ kind: 'run', run: stale }])
    await store.close()
    expect(await codesOf(world)).toEqual(['monitor/unfinished-apply'])
    await world.ask('moengage', 'faults', undefined, 'DELETE')
    await world.advance('1d')
    await world.settle()
    expect(await codesOf(world)).toEqual([])
  })

  test('waits while somebody else holds the store, and says so', async () => {
    const { world } = await openWatched({ ...VIP, store: 'duckdb' })
    await world.settle()
    const holder = await holdElsewhere(world)
    try {
      const { exitCode, failed, err } = await world.monitor()
      expect([exitCode, failed]).toEqual([1, 'store/busy'])
      expect(err.split('waiting for up to five minutes')).toHaveLength(2)
    } finally {
      holder.kill('SIGKILL')
      await once(holder, 'exit')
    }
    expect((await world.monitor()).exitCode).toBe(0)
  })

  test('names no person and no key, wherever it speaks', async () => {
    const { world, github, webhook } = await openWatched()
    await world.settle()
    await world.sync()
    await world.advance('1d')
    const { out, err } = await world.monitor()
    const { people } = await world.ask<{
      people: { cio_id: string; id: string | null; email: string | null }[]
    }>('customerio', 'segments/11/people')
    const said = [out, err, ...webhook.messages, JSON.stringify(github.requests)].join('\n')
    const names = people.flatMap(({ cio_id, id, email }) => [cio_id, id, email]).filter(name => name !== null)
    expect(names.length).toBeGreaterThan(20)
    expect(names.filter(name => said.includes(name))).toEqual([])
    expect(said).not.toContain(WEBHOOK_SECRET)
    expect(said).not.toContain(TOKEN)
  })
})

describe('muster state history', () => {
  test('has a line for every sync, with no key at hand', async () => {
    const world = await openWorld(VIP)
    await world.settle()
    await world.sync()
    await syncsEvery6h(world, 2)
    const { out } = await world.stored.history('vip', { json: true })
    const { counts } = JSON.parse(out) as {
      counts: { read: number; accepted: number; ended: string; stage: string }[]
    }
    expect(counts).toHaveLength(3)
    const [first] = counts
    expect(first).toMatchObject({ ended: 'done', stage: 'live', refused: [], run_id: 'run-2' })
    expect(first?.accepted).toBeGreaterThan(20)
    const text = await world.stored.history('vip', { limit: '2' })
    expect(text.out.split('\n')).toHaveLength(6)
    expect(text.out).toMatch(
      /synced +stage +ended +read +skipped +added +removed +held +members\n2026-11-23 16:\d\d +live +done +\d/,
    )
  })

  test('of an audience that nobody knows is a mistake, of one that was never synced is empty', async () => {
    const world = await openWorld(VIP)
    expect(await world.stored.history('vips')).toMatchObject({
      failed: 'cli/unknown-audience',
      err: expect.stringContaining('did you mean "vip"'),
    })
    expect(await world.stored.history('vip')).toMatchObject({
      exitCode: 0,
      out: 'No sync of vip was counted yet.\n',
    })
    expect(await world.stored.history('vip', { limit: '0' })).toMatchObject({ failed: 'cli/bad-number' })
  })
})
