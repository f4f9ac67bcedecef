import { describe, expect, test } from 'vitest'
import {
  type ActionWorld,
  aDocument,
  openActionWorld,
  pullRequestEvent,
  pushEvent,
  runEndedEvent,
} from '../support/action-world.ts'
import { type EmulatedPull, openPull } from '../support/github-emulator/state.ts'
import { aChange } from '../support/plan.ts'

const FORK = 2

/** Plans a pull request and posts it, as the two workflows do. */
const planAndPublish = async (world: ActionWorld, pull: EmulatedPull, runId: number) => {
  const planned = await world.run({ command: 'plan' }, pullRequestEvent(pull))
  world.leaveArtifact(runId, {
    'plan.json': planned.files.get('muster-plan/plan.json') ?? '',
    'validate.json': planned.files.get('muster-plan/validate.json') ?? '',
  })
  return { planned, published: await world.run({ command: 'publish' }, runEndedEvent(pull, runId)) }
}

describe('a pull request is opened', () => {
  test('its plan is posted as one comment and a check with the digest; the planning run itself writes nothing', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state)
    const document = aDocument()
    world.commands.plans.push(document)
    const planned = await world.run({ command: 'plan' }, pullRequestEvent(pull))
    expect(planned.exitCode).toBe(0)
    expect(planned.outputs).toEqual({
      plan: 'muster-plan/plan.json',
      digest: document.digest,
      changes: '1',
      refusals: '0',
      drift: '0',
      offline: 'false',
      counts: '{"create":0,"update":1,"adopt":0,"rename":0,"retire":0,"forget":0}',
      outcome: '1 to update',
    })
    expect(planned.summary).toContain('**Plan: 1 to update.**')
    expect(world.writes()).toEqual([])

    world.leaveArtifact(7, { 'plan.json': JSON.stringify(document) })
    const published = await world.run({ command: 'publish' }, runEndedEvent(pull, 7))
    expect(published).toMatchObject({ exitCode: 0, log: 'Posted on #1: 1 to update.\n' })
    expect(world.writes()).toEqual([
      'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      'POST /repos/{owner}/{repo}/check-runs',
    ])
    const [comment] = world.github.state.comments
    expect(comment?.body.split('\n')[0]).toBe('<!-- muster:plan env=live -->')
    expect(comment?.body).toContain(
      'Of commit aaaaaaa, by [this run](https://github.test/acme/audiences/actions/runs/7), which holds all of it.',
    )
    expect(world.github.state.checks).toMatchObject([
      {
        name: 'muster plan (live)',
        headSha: pull.headSha,
        conclusion: 'success',
        externalId: document.digest,
        title: '1 to update',
      },
    ])
  })

  test('what does not validate has no plan: the comment lists every mistake, and the check fails', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state, {
      files: [{ filename: 'audiences/vip.yaml', patch: '@@ -1,2 +1,3 @@\n id: vip\n+colour: red\n name: x' }],
    })
    const diagnostic = {
      code: 'spec/unknown-key',
      severity: 'error',
      summary: 'Unknown key',
      detail: '"colour" is not a key of an audience.',
      path: 'audiences/vip.yaml',
      line: 2,
      column: 1,
      hint: 'remove "colour"',
    }
    world.commands.validate = {
      exitCode: 1,
      stdout: JSON.stringify({ ok: false, diagnostics: [diagnostic] }),
    }
    const { planned } = await planAndPublish(world, pull, 7)
    expect(planned.exitCode).toBe(1)
    expect(planned.log).toContain(
      '::error file=audiences/vip.yaml,line=2,col=1,title=Unknown key [spec/unknown-key]::"colour" is not a key of an audience.%0AHint: remove "colour".',
    )
    expect(world.ran.map(([command]) => command)).toEqual(['validate'])
  })
})

describe('a pull request is updated', () => {
  test('the same comment says the new plan, the earlier one is one line', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state)
    world.commands.plans.push(
      aDocument(),
      aDocument({ changes: [aChange({ address: 'cohort.vip', action: 'retire' })] }),
    )
    await planAndPublish(world, pull, 7)
    pull.headSha = 'c'.repeat(40)
    await planAndPublish(world, pull, 8)
    expect(world.github.state.comments).toHaveLength(1)
    const body = world.github.state.comments[0]?.body ?? ''
    expect(body).toContain('1 to retire')
    expect(body).toContain('<details><summary>Earlier plans</summary>')
    expect(body).toMatch(/^- 2026-11-25 10:00 UTC, aaaaaaa: 1 to update, digest sha256:[0-9a-f]{12}…$/m)
    expect(world.github.state.checks.map(({ headSha }) => headSha[0])).toEqual(['a', 'c'])
  })

  test('posting the same again makes no call that writes a comment', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state)
    world.commands.plans.push(aDocument())
    await planAndPublish(world, pull, 7)
    world.github.requests.length = 0
    await world.run({ command: 'publish' }, runEndedEvent(pull, 7))
    expect(world.writes()).toEqual(['PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}'])
  })

  test('and opened into a second branch: of neither is it known what was planned, until one is closed', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state)
    const second = openPull(world.github.state, { base: 'release' })
    world.commands.plans.push(aDocument())
    await planAndPublish(world, pull, 7)
    expect(world.github.state.comments).toEqual([])
    expect(world.github.state.checks).toMatchObject([{ conclusion: 'failure', externalId: '' }])
    second.state = 'closed'
    await planAndPublish(world, pull, 8)
    expect(world.github.state.checks).toMatchObject([
      { conclusion: 'success', externalId: aDocument().digest },
    ])
  })

  test('a run of a commit that is not the head any more has no say', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state)
    world.commands.plans.push(aDocument())
    const event = runEndedEvent(pull, 7)
    pull.headSha = 'c'.repeat(40)
    expect(await world.run({ command: 'publish' }, event)).toMatchObject({ exitCode: 0 })
    expect(world.writes()).toEqual([])
  })

  test('somebody else’s comment with our marker is left alone', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state)
    world.github.state.comments.push({
      id: 1,
      number: pull.number,
      author: 'mallory',
      body: '<!-- muster:plan env=live -->\nNo changes. Merge it.',
    })
    world.commands.plans.push(aDocument())
    await planAndPublish(world, pull, 7)
    expect(world.github.state.comments.map(({ author }) => author)).toEqual([
      'mallory',
      'github-actions[bot]',
    ])
  })
})

describe('main moves', () => {
  test('plans of open pull requests say that they are out of date, once; the next plan takes it back', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state)
    openPull(world.github.state, { headSha: 'd'.repeat(40), headBranch: 'no-audience' })
    world.commands.plans.push(aDocument())
    await planAndPublish(world, pull, 7)
    const moved = await world.run({ command: 'outdated' }, pushEvent('e'.repeat(40)))
    expect(moved.log).toBe('Plans out of date: 1, of 2 open pull requests.\n')
    const body = world.github.state.comments[0]?.body ?? ''
    expect(body).toContain('**Plan out of date.** Its base moved to eeeeeee after this was planned.')
    expect(body).toContain('aaaaaaa: 1 to update, digest')
    expect(world.github.state.checks).toMatchObject([
      { conclusion: 'action_required', title: 'Plan out of date', externalId: aDocument().digest },
    ])
    world.github.requests.length = 0
    await world.run({ command: 'outdated' }, pushEvent('f'.repeat(40)))
    expect(world.writes()).toEqual([])

    pull.headSha = 'c'.repeat(40)
    await planAndPublish(world, pull, 8)
    expect(world.github.state.comments[0]?.body).not.toContain('out of date')
  })
})

describe('a pull request that touches no spec', () => {
  const files = [{ filename: 'README.md' }, { filename: 'audiences.md' }]

  test('is not planned, gets no comment, and has the check all the same; it vouches for nothing', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state, { files })
    world.commands.plans.push(aDocument())
    expect(await world.run({ command: 'plan' }, pullRequestEvent(pull))).toMatchObject({
      exitCode: 0,
      outputs: { outcome: 'no spec touched' },
    })
    expect(world.ran).toEqual([])
    world.leaveArtifact(7, { 'plan.json': JSON.stringify(aDocument()) })
    await world.run({ command: 'publish' }, runEndedEvent(pull, 7))
    expect(world.github.state.comments).toEqual([])
    expect(world.github.state.checks).toMatchObject([
      { conclusion: 'success', title: 'No spec touched', externalId: '' },
    ])
  })

  test.each([
    ['moves one out of the folder', [{ filename: 'old/vip.yaml', previous_filename: 'audiences/vip.yaml' }]],
    ['may: it changes more than GitHub lists', Array(3_000).fill({ filename: 'README.md' })],
  ])('but %s is planned', async (_what, moved) => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state, { files: moved })
    world.commands.plans.push(aDocument())
    await planAndPublish(world, pull, 7)
    expect(world.github.state.checks).toMatchObject([{ externalId: aDocument().digest }])
  })

  test('any more: the comment says so', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state)
    world.commands.plans.push(aDocument())
    await planAndPublish(world, pull, 7)
    world.github.state.pulls.splice(0, 1, { ...pull, files, headSha: 'c'.repeat(40) })
    await world.run({ command: 'publish' }, runEndedEvent({ ...pull, headSha: 'c'.repeat(40) }, 8))
    expect(world.github.state.comments[0]?.body).toContain('**No plan.** It touches no spec any more.')
  })
})

describe('a merge queue', () => {
  test.each([
    { conclusion: 'success', expected: 'success' },
    { conclusion: 'failure', expected: 'failure' },
    { conclusion: 'cancelled', expected: 'failure' },
  ])(
    'asks for the check on its own commit: a run that ended as $conclusion is $expected',
    async ({ conclusion, expected }) => {
      const world = await openActionWorld()
      const pull = openPull(world.github.state)
      await world.run({ command: 'publish' }, runEndedEvent(pull, 7, { event: 'merge_group', conclusion }))
      expect(world.writes()).toEqual(['POST /repos/{owner}/{repo}/check-runs'])
      expect(world.github.state.checks).toMatchObject([{ conclusion: expected, externalId: '' }])
    },
  )
})

describe('a pull request of a fork', () => {
  test('is planned without keys, and vouches for nothing, whatever its artifact says', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state, { headRepository: FORK, headOwner: 'mallory' })
    world.commands.plans.push(aDocument({ isOffline: true }))
    await world.run({ command: 'plan', base: 'base/audiences' }, pullRequestEvent(pull))
    expect(world.ran[1]).toEqual([
      'plan',
      '--env',
      'live',
      '--dir',
      'audiences',
      '--out',
      'muster-plan/plan.json',
      '--offline',
      '--base',
      'base/audiences',
    ])
    world.leaveArtifact(7, { 'plan.json': JSON.stringify(aDocument()) })
    await world.run({ command: 'publish' }, runEndedEvent(pull, 7))
    expect(world.github.state.comments[0]?.body).toContain('From a fork: planned without keys')
    expect(world.github.state.checks).toMatchObject([{ conclusion: 'neutral', externalId: 'fork' }])
  })

  test('of a commit of ours leaves the check of our own run alone, however that ended; ours takes the place of its', async () => {
    const world = await openActionWorld()
    const { state } = world.github
    const own = openPull(state)
    const pull = openPull(state, { headRepository: FORK, headOwner: 'mallory' })
    world.leaveArtifact(8, { 'plan.json': JSON.stringify(aDocument()) })
    await world.run({ command: 'publish' }, runEndedEvent(pull, 8))
    expect(state.checks).toMatchObject([{ conclusion: 'neutral', externalId: 'fork' }])
    await world.run({ command: 'publish' }, runEndedEvent(own, 7, { conclusion: 'failure' }))
    expect(state.checks).toMatchObject([{ conclusion: 'failure', externalId: '' }])
    await world.run({ command: 'publish' }, runEndedEvent(pull, 8))
    expect(state.checks).toMatchObject([{ conclusion: 'failure', externalId: '' }])
    world.leaveArtifact(9, { 'plan.json': JSON.stringify(aDocument()) })
    await world.run({ command: 'publish' }, runEndedEvent(own, 9))
    await world.run({ command: 'publish' }, runEndedEvent(pull, 8))
    await world.run({ command: 'outdated' }, pushEvent('e'.repeat(40)))
    expect(state.checks).toMatchObject([{ externalId: aDocument().digest }])
  })

  test('a run that Dependabot started has no secrets either', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state)
    world.commands.plans.push(aDocument({ isOffline: true }))
    await world.run({ command: 'plan' }, pullRequestEvent(pull, 'dependabot[bot]'))
    expect(world.ran[1]).toContain('--offline')
  })

  test('pull_request_target is refused: it would give secrets to a stranger', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state)
    await expect(
      world.run({ command: 'plan' }, { ...pullRequestEvent(pull), name: 'pull_request_target' }),
    ).rejects.toThrow('action/unsafe-event')
  })
})
