import { describe, expect, test } from 'vitest'
import {
  type ActionWorld,
  aDocument,
  mergeGroupEvent,
  openActionWorld,
  pushEvent,
  runEndedEvent,
} from '../support/action-world.ts'
import { type EmulatedPull, openPull } from '../support/github-emulator/state.ts'
import { aChange, anAttribute } from '../support/plan.ts'

const MERGED = 'e'.repeat(40)
const BEFORE = '9'.repeat(40)

const PUSHED = pushEvent(MERGED, BEFORE)

/** Started by hand, in a repository of this default branch. */
const calledEvent = (defaultBranch: string) => ({
  name: 'workflow_dispatch',
  payload: { repository: { default_branch: defaultBranch } },
})

const reviewed = aDocument()
const other = aDocument({
  changes: [
    aChange({
      address: 'binding.vip',
      action: 'update',
      attributes: [anAttribute('stage', { after: 'live' })],
    }),
    aChange({
      address: 'binding.winback',
      action: 'update',
      attributes: [anAttribute('window', { after: '7d' })],
    }),
  ],
})
const nothing = aDocument({ changes: [] })

const outcome = (address: string, result: string, more = {}) => ({
  address,
  action: 'update',
  result,
  ...more,
})
const printed = (outcomes: readonly object[]): string =>
  `${JSON.stringify({ digest: reviewed.digest, refused: [], outcomes })}\n`

/** A pull request whose plan was posted, and which was merged then. */
const mergeReviewed = async (world: ActionWorld, document = reviewed): Promise<EmulatedPull> => {
  const pull = openPull(world.github.state)
  world.leaveArtifact(7, { 'plan.json': JSON.stringify(document) })
  await world.run({ command: 'publish' }, runEndedEvent(pull, 7))
  pull.state = 'closed'
  pull.mergeSha = MERGED
  world.github.state.comparisons.set(`${BEFORE}...${MERGED}`, [MERGED])
  world.github.requests.length = 0
  return pull
}

const said = (world: ActionWorld): string =>
  world.github.state.comments.find(({ body }) => body.startsWith('<!-- muster:apply env=live -->'))?.body ??
  ''

describe('a merge', () => {
  test('applies what was reviewed, and says so on the pull request', async () => {
    const world = await openActionWorld()
    await mergeReviewed(world)
    world.commands.plans.push(reviewed)
    world.commands.apply = { exitCode: 0, stdout: printed([outcome('binding.vip', 'done')]) }
    const ended = await world.run({ command: 'apply' }, PUSHED)
    expect(ended).toMatchObject({ exitCode: 0, outputs: { outcome: 'applied', digest: reviewed.digest } })
    expect(world.ran.map(words => words.slice(0, 2).join(' '))).toEqual([
      'plan --env',
      'apply muster-plan/plan.json',
    ])
    expect(said(world)).toContain('**Applied** as reviewed: 1 done')
    expect(world.github.state.checks).toContainEqual(
      expect.objectContaining({ name: 'muster apply (live)', headSha: MERGED, conclusion: 'success' }),
    )
    expect(world.github.state.issues).toEqual([])
  })

  test('with nothing left to do says nothing and applies nothing', async () => {
    const world = await openActionWorld()
    await mergeReviewed(world)
    world.commands.plans.push(nothing)
    expect(await world.run({ command: 'apply' }, PUSHED)).toMatchObject({
      exitCode: 0,
      outputs: { outcome: 'nothing to apply' },
    })
    expect(world.ran.map(([command]) => command)).toEqual(['plan'])
    expect(said(world)).toBe('')
  })

  test('after another pull request was merged: it would do something else, so it stops and shows what', async () => {
    const world = await openActionWorld()
    await mergeReviewed(world)
    world.commands.plans.push(other)
    const ended = await world.run({ command: 'apply' }, PUSHED)
    expect(ended).toMatchObject({ exitCode: 1, outputs: { outcome: 'not applied' } })
    expect(ended.log).toContain('::error title=Not applied::What was reviewed is not what would be done now')
    expect(world.ran.map(([command]) => command)).toEqual(['plan'])
    expect(said(world)).toContain('**Not applied.**')
    expect(said(world)).toContain(`now ${other.digest}`)
    expect(said(world)).toContain('<details open><summary>What would be applied now</summary>')
  })

  test('of a fork: nobody reviewed a plan of it', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state, { headRepository: 2, headOwner: 'mallory', mergeSha: MERGED })
    world.github.state.checks.push({
      id: 5,
      app: 'mallorys-app',
      headSha: pull.headSha,
      name: 'muster plan (live)',
      conclusion: 'success',
      externalId: reviewed.digest,
      detailsUrl: '',
      title: '',
      summary: '',
    })
    world.commands.plans.push(reviewed)
    expect((await world.run({ command: 'apply' }, PUSHED)).exitCode).toBe(1)
    expect(said(world)).toContain('Nobody reviewed a plan of it')
  })

  test('that a guard refuses by now is not applied', async () => {
    const world = await openActionWorld()
    await mergeReviewed(world)
    const refusal = {
      code: 'guard/protected',
      severity: 'error',
      summary: 'Protected',
      detail: 'No.',
    } as const
    world.commands.plans.push(aDocument({ refusals: [refusal] }))
    expect((await world.run({ command: 'apply' }, PUSHED)).exitCode).toBe(3)
    expect(said(world)).toContain('A guard refuses it now.')
  })

  test('that cannot be planned is not applied', async () => {
    const world = await openActionWorld()
    await mergeReviewed(world)
    world.commands.plans.push({ exitCode: 1 })
    expect((await world.run({ command: 'apply' }, PUSHED)).exitCode).toBe(1)
    expect(said(world)).toContain('It could not be planned')
  })

  test('onto a branch that somebody rewrote: the last commit stands for itself', async () => {
    const world = await openActionWorld()
    await mergeReviewed(world)
    world.github.faults.push({ call: 'GET /repos/{owner}/{repo}/compare/{basehead}', status: 404 })
    world.commands.plans.push(reviewed)
    expect((await world.run({ command: 'apply' }, PUSHED)).exitCode).toBe(0)
  })

  test('started by hand applies the digest that a person has read, and no other', async () => {
    const world = await openActionWorld()
    const byHand = calledEvent('main')
    world.commands.plans.push(reviewed)
    world.commands.apply = { exitCode: 0, stdout: printed([outcome('binding.vip', 'done')]) }
    expect((await world.run({ command: 'apply', digest: other.digest }, byHand)).exitCode).toBe(1)
    expect((await world.run({ command: 'apply' }, byHand)).exitCode).toBe(1)
    expect((await world.run({ command: 'apply', digest: reviewed.digest }, byHand)).exitCode).toBe(0)
  })

  test('started by hand from a branch applies nothing, whatever digest is named', async () => {
    const world = await openActionWorld()
    world.commands.plans.push(reviewed)
    // The runner says that it runs on main, which is not the default branch here.
    const ended = await world.run({ command: 'apply', digest: reviewed.digest }, calledEvent('trunk'))
    expect(ended).toMatchObject({ exitCode: 1, outputs: { outcome: 'not applied' } })
    expect(ended.log).toContain('Only what the default branch says is applied')
    expect(world.ran.map(([command]) => command)).toEqual(['plan'])
  })

  test('that main has since gone on from is not applied by an old job; what touches no spec does not matter', async () => {
    const world = await openActionWorld()
    await mergeReviewed(world)
    const { laterFiles } = world.github.state
    world.commands.plans.push(reviewed)
    world.commands.apply = { exitCode: 0, stdout: printed([outcome('binding.vip', 'done')]) }
    laterFiles.set(`${MERGED}...main`, [
      { filename: 'old/vip.yaml', previous_filename: 'audiences/vip.yaml' },
    ])
    const again = await world.run({ command: 'apply' }, PUSHED)
    expect(again).toMatchObject({ exitCode: 1, outputs: { outcome: 'not applied' } })
    expect(world.ran.map(([command]) => command)).toEqual(['plan'])
    expect(said(world)).toContain('Run the newest job of this workflow again')
    laterFiles.set(`${MERGED}...main`, [{ filename: 'README.md' }])
    expect((await world.run({ command: 'apply' }, PUSHED)).exitCode).toBe(0)
  })

  test('that is not of the branch any more is not applied', async () => {
    const world = await openActionWorld()
    await mergeReviewed(world)
    const call = 'GET /repos/{owner}/{repo}/compare/{basehead}'
    world.github.faults.push({ call, status: 404, times: 2 })
    world.commands.plans.push(reviewed)
    expect((await world.run({ command: 'apply' }, PUSHED)).exitCode).toBe(1)
  })

  test('whose review cannot be read applies nothing', async () => {
    const world = await openActionWorld()
    await mergeReviewed(world)
    world.commands.plans.push(reviewed)
    world.github.forbidden.add('GET /repos/{owner}/{repo}/commits/{ref}/check-runs')
    await expect(world.run({ command: 'apply' }, PUSHED)).rejects.toThrow('github/forbidden')
    expect(world.ran.map(([command]) => command)).toEqual(['plan'])
  })

  test('that was applied stays applied when nobody can be told', async () => {
    const world = await openActionWorld()
    await mergeReviewed(world)
    world.commands.plans.push(reviewed)
    world.commands.apply = { exitCode: 0, stdout: printed([outcome('binding.vip', 'done')]) }
    world.github.forbidden.add('POST /repos/{owner}/{repo}/issues/{issue_number}/comments')
    const ended = await world.run({ command: 'apply' }, PUSHED)
    expect(ended.exitCode).toBe(0)
    expect(ended.log).toContain('::warning::GitHub answered 403 when asked to comment on #1.')
  })
})

describe('a merge that fails half way', () => {
  const two = aDocument({
    changes: [
      aChange({
        address: 'binding.vip',
        action: 'update',
        attributes: [anAttribute('stage', { after: 'live' })],
      }),
      aChange({ address: 'sendable.vip', action: 'create', reason: 'declared' }),
    ],
  })
  // What is left: the binding is as its file says by now, and the store has gone on.
  const rest = aDocument({
    storeHead: 4,
    changes: [
      aChange({ address: 'binding.vip', action: 'none', reason: 'as declared' }),
      aChange({ address: 'sendable.vip', action: 'create', reason: 'declared' }),
    ],
  })

  test('opens one issue with the exact remainder; running it again goes on and closes the issue', async () => {
    const world = await openActionWorld()
    await mergeReviewed(world, two)
    world.commands.plans.push(two, rest)
    world.commands.apply = {
      exitCode: 4,
      stdout: printed([
        outcome('binding.vip', 'done'),
        outcome('sendable.vip', 'failed', { code: 'provider/unavailable' }),
      ]),
    }
    const failed = await world.run({ command: 'apply' }, PUSHED)
    expect(failed).toMatchObject({ exitCode: 4, outputs: { outcome: 'partly applied' } })
    const [issue] = world.github.state.issues
    expect(issue).toMatchObject({ state: 'open', title: 'muster: live is not applied to its end' })
    expect(issue?.body).toContain('1 done, 1 not.')
    expect(issue?.body).toContain('sendable.vip</code> failed: provider/unavailable')
    expect(issue?.body).toContain('Run the failed job again: it goes on with exactly what is left.')
    expect(issue?.body).toContain('muster apply plan.json --env live')
    expect(issue?.body).toContain('**Plan: 1 to create.**')
    expect(said(world)).toContain(
      'What is left, and the command: https://github.test/acme/audiences/issues/2',
    )

    // Once more without luck: the same issue, and what is left is still vouched for.
    world.commands.plans.splice(0, 2, rest, rest)
    await world.run({ command: 'apply' }, PUSHED)
    expect(world.github.state.issues).toHaveLength(1)

    world.commands.apply = { exitCode: 0, stdout: printed([outcome('sendable.vip', 'done')]) }
    expect((await world.run({ command: 'apply' }, PUSHED)).exitCode).toBe(0)
    expect(issue?.state).toBe('closed')
    expect(world.github.state.comments.at(-1)?.body).toContain('Applied to its end by')
    expect(said(world)).toContain('**Applied** as reviewed: 1 done')
  })

  test('only because something waits for what was just made: it goes on by itself', async () => {
    const world = await openActionWorld()
    await mergeReviewed(world, two)
    world.commands.plans.push(two, rest)
    const waiting = outcome('sendable.vip', 'waiting', { why: 'MoEngage does not list it yet' })
    world.commands.applies.push({
      exitCode: 4,
      stdout: printed([outcome('binding.vip', 'done'), waiting]),
    })
    world.commands.apply = { exitCode: 0, stdout: printed([outcome('sendable.vip', 'done')]) }
    expect((await world.run({ command: 'apply' }, PUSHED)).exitCode).toBe(0)
    expect(world.ran.filter(([command]) => command === 'apply').map(([, path]) => path)).toEqual([
      'muster-plan/plan.json',
      'muster-plan/remainder.json',
    ])
    expect(world.github.state.issues).toEqual([])
    expect(said(world)).toContain('**Applied** as reviewed: 2 done')
  })

  test('because its runner died: the job again goes on with what is left of the reviewed plan', async () => {
    const world = await openActionWorld()
    await mergeReviewed(world, two)
    world.commands.plans.push(rest)
    world.commands.apply = { exitCode: 0, stdout: printed([outcome('sendable.vip', 'done')]) }
    expect((await world.run({ command: 'apply' }, PUSHED)).exitCode).toBe(0)
  })

  test('because its runner died: what is left of a plan that somebody slipped in is not vouched for', async () => {
    const world = await openActionWorld()
    await mergeReviewed(world, reviewed)
    world.github.state.artifacts.length = 0
    world.leaveArtifact(7, { 'plan.json': JSON.stringify(two) })
    world.commands.plans.push(rest)
    expect((await world.run({ command: 'apply' }, PUSHED)).exitCode).toBe(1)
    expect(said(world)).toContain('**Not applied.**')
  })

  test('and leaves something else than a part of what was reviewed: nobody vouches for that', async () => {
    const world = await openActionWorld()
    await mergeReviewed(world, two)
    world.commands.plans.push(two, other)
    world.commands.apply = { exitCode: 1, stdout: '' }
    await world.run({ command: 'apply' }, PUSHED)
    expect(world.github.state.issues[0]?.body).toContain('What is left is not a part of what was reviewed.')
    expect(world.github.state.checks.at(-1)).toMatchObject({ name: 'muster apply (live)', externalId: '' })
    expect((await world.run({ command: 'apply' }, PUSHED)).exitCode).toBe(1)
  })
})

describe('a merge queue', () => {
  const GROUP = '7'.repeat(40)

  test('lets pass what was reviewed, and nothing else', async () => {
    const world = await openActionWorld()
    const pull = await mergeReviewed(world)
    world.commands.plans.push(reviewed, other)
    expect((await world.run({ command: 'plan' }, mergeGroupEvent(pull.number, GROUP))).exitCode).toBe(0)
    const ahead = await world.run({ command: 'plan' }, mergeGroupEvent(pull.number, GROUP))
    expect(ahead.exitCode).toBe(1)
    expect(ahead.log).toContain(`Update the branch of #${pull.number}: it is planned again, for review.`)
  })

  test('lets pass what touches no spec, whatever is planned before it', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state)
    world.commands.plans.push(other)
    expect((await world.run({ command: 'plan' }, mergeGroupEvent(pull.number, GROUP))).exitCode).toBe(0)
  })

  test('merges two at once: that of the reviewed one is found among the commits', async () => {
    const world = await openActionWorld()
    const pull = await mergeReviewed(world)
    pull.mergeSha = 'd'.repeat(40)
    openPull(world.github.state, { headSha: '3'.repeat(40), mergeSha: MERGED })
    world.github.state.comparisons.set(`${BEFORE}...${MERGED}`, ['d'.repeat(40), MERGED])
    world.commands.plans.push(reviewed)
    world.commands.apply = { exitCode: 0, stdout: printed([outcome('binding.vip', 'done')]) }
    expect((await world.run({ command: 'apply' }, PUSHED)).exitCode).toBe(0)
  })
})
