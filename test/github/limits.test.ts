import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createAlertIssue } from '../../src/github/alert-issue.ts'
import { chooseAnnotations } from '../../src/github/annotations.ts'
import { readPatch } from '../../src/github/changed-lines.ts'
import { createGithub } from '../../src/github/client.ts'
import { keepComment } from '../../src/github/comments.ts'
import { type IssueText, keepIssue } from '../../src/github/issues.ts'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import { aDocument, openActionWorld, pullRequestEvent, runEndedEvent } from '../support/action-world.ts'
import { type GithubEmulator, TOKEN } from '../support/github-emulator/server.ts'
import { openPull } from '../support/github-emulator/state.ts'
import { aChange, anAttribute } from '../support/plan.ts'

const bytesOf = (text: string): number => Buffer.byteLength(text)
const POST_COMMENT = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
const POST_ISSUE = 'POST /repos/{owner}/{repo}/issues'

const connect = (github: GithubEmulator, isHurried = true) =>
  createGithub({
    apiUrl: github.url,
    token: TOKEN,
    repository: 'acme/audiences',
    author: 'github-actions[bot]',
    version: '0.1.0',
    warn: () => {},
    isHurried,
  })

describe('a huge plan', () => {
  const huge = aDocument({
    changes: Array.from({ length: 10_000 }, (_, index) =>
      aChange({
        address: `binding.audience-${index}`,
        action: 'update',
        attributes: [
          anAttribute('description', { before: 'x'.repeat(200), after: `${'y'.repeat(200)} ü ${index}` }),
        ],
      }),
    ),
  })

  test('fits the comment, the check and the summary, and says how many changes are left', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state)
    world.commands.plans.push(huge)
    const planned = await world.run({ command: 'plan' }, pullRequestEvent(pull))
    expect(bytesOf(planned.summary)).toBeGreaterThan(500_000)
    expect(bytesOf(planned.summary)).toBeLessThan(1024 * 1024)
    world.leaveArtifact(7, { 'plan.json': JSON.stringify(huge) })
    await world.run({ command: 'publish' }, runEndedEvent(pull, 7))
    const body = world.github.state.comments[0]?.body ?? ''
    expect(bytesOf(body)).toBeLessThanOrEqual(60_000)
    expect(body).toContain('10,000 to update')
    expect(body).toMatch(/… and 9,\d{3} more in the full plan/)
    expect(bytesOf(world.github.state.checks[0]?.summary ?? '')).toBeLessThan(65_535)
  })

  test('that GitHub finds too large all the same is posted smaller', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state)
    world.github.faults.push({ call: POST_COMMENT, status: 422, times: 2 })
    world.leaveArtifact(7, { 'plan.json': JSON.stringify(huge) })
    await world.run({ command: 'publish' }, runEndedEvent(pull, 7))
    expect(bytesOf(world.github.state.comments[0]?.body ?? '')).toBeLessThanOrEqual(12_000)
  })
})

test('an issue takes all that the monitor and drift may say in it', async () => {
  const since = '2026-11-25T10:00:00.000Z'
  const wordy = { summary: 'Trouble', detail: 'x'.repeat(100), hint: 'look', since }
  const open = Array.from({ length: 500 }, (_, index) => ({ ...wordy, code: `monitor/c${index}` }))
  const findings = open.map(({ detail }) => ({ address: 'sendable.vip', detail }))
  const world = await openActionWorld()
  world.commands.drift = { exitCode: 2, stdout: JSON.stringify({ checked: { findings } }) }
  await world.run({ command: 'drift' }, { name: 'schedule', payload: {} })
  const alerter = createAlertIssue({ github: connect(world.github) })
  await alerter.tell({ environment: 'live', now: since, open, begun: open, over: [] })
  expect(world.github.state.issues).toHaveLength(1)
  expect(world.github.state.issues[0]?.body).toContain('#### Monitor')
})

describe('answers that do not come', () => {
  test('a comment that was posted without an answer is not posted twice', async () => {
    const world = await openActionWorld()
    world.github.faults.push({ call: POST_COMMENT, status: 502, afterEffect: true })
    const kept = await keepComment(connect(world.github), {
      number: 1,
      marker: '<!-- m -->',
      render: () => '<!-- m -->\ntext',
    })
    expect(kept.kind).toBe('unchanged')
    expect(world.github.state.comments).toHaveLength(1)
  })

  test('an issue that was opened without an answer is not opened twice', async () => {
    const world = await openActionWorld()
    world.github.faults.push({ call: POST_ISSUE, status: 502, afterEffect: true })
    const open = { title: 'Trouble', body: 'text' }
    await keepIssue(connect(world.github), { topic: 'alerts', environment: 'live', open })
    expect(world.github.state.issues).toHaveLength(1)
  })

  test.each`
    story                    | fault
    ${'not posted at first'} | ${{ call: POST_COMMENT, status: 502 }}
    ${'posted unanswered'}   | ${{ call: POST_COMMENT, status: 502, afterEffect: true }}
  `('news of an issue is neither lost nor doubled: a comment $story', async ({ fault }) => {
    const world = await openActionWorld()
    const wanted = { topic: 'alerts', environment: 'live' } as const
    const github = connect(world.github)
    const comments = () => world.github.state.comments.map(({ body }) => body)
    const keep = (open: IssueText) => keepIssue(github, { ...wanted, open })
    await keep({ title: 'Trouble', body: 'one' })

    world.github.faults.push({ ...fault })
    expect((await keep({ title: 'Trouble', body: 'two', news: 'Two now.' })).kind).toBe('updated')
    expect(comments()).toEqual(['Two now.'])

    world.github.faults.push({ ...fault })
    await keepIssue(github, { ...wanted, closing: 'Over.' })
    expect(comments()).toEqual(['Two now.', 'Over.'])
    expect(world.github.state.issues[0]?.state).toBe('closed')

    world.github.faults.push({ ...fault })
    await keep({ title: 'Trouble', body: 'one', note: 'Again.' })
    expect(comments()).toEqual(['Two now.', 'Over.', 'Again.'])
    expect(world.github.state.issues[0]?.state).toBe('open')
  })

  test('a pause that GitHub asks for is kept, then it goes on', async () => {
    const world = await openActionWorld()
    const call = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments'
    world.github.faults.push({
      call,
      status: 429,
      headers: { 'retry-after': '1', 'x-ratelimit-remaining': '1' },
    })
    const github = connect(world.github, false)
    const kept = await keepComment(github, { number: 1, marker: '<!-- m -->', render: () => undefined })
    expect(kept).toEqual({ kind: 'none' })
    expect(world.github.requests.map(({ status }) => status)).toEqual([429, 200])
  })

  test('an answer that never comes is not waited for', async () => {
    const silent = createServer(() => {})
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const github = createGithub({
      apiUrl: `http://127.0.0.1:${port}`,
      token: TOKEN,
      repository: 'acme/audiences',
      author: 'github-actions[bot]',
      version: '0.1.0',
      warn: () => {},
      isHurried: true,
      timeoutMs: 30,
    })
    try {
      await expect(
        keepComment(github, { number: 1, marker: '<!-- m -->', render: () => undefined }),
      ).rejects.toThrow('github/unavailable: GitHub did not answer when asked to comment on #1.')
    } finally {
      silent.close()
      silent.closeAllConnections()
    }
  })

  test('a refusal says what was asked, and nothing that GitHub said', async () => {
    const world = await openActionWorld()
    world.github.forbidden.add(POST_ISSUE)
    const open = { title: 'Trouble', body: 'text' }
    await expect(
      keepIssue(connect(world.github), { topic: 'alerts', environment: 'live', open }),
    ).rejects.toThrow('github/forbidden: GitHub answered 403 when asked to keep an issue.')
  })
})

describe('the comment among many', () => {
  test('is found on a later page', async () => {
    const world = await openActionWorld()
    const others = Array.from({ length: 120 }, (_, id) => ({ id, number: 1, author: 'ada', body: 'Hello' }))
    const ours = { id: 500, number: 1, author: 'github-actions[bot]', body: '<!-- m -->\r\nold' }
    world.github.state.comments.push(...others, ours)
    await keepComment(connect(world.github), {
      number: 1,
      marker: '<!-- m -->',
      render: () => '<!-- m -->\nnew',
    })
    expect(ours.body).toBe('<!-- m -->\nnew')
  })
})

describe('annotations', () => {
  const at = (path: string, line: number, severity: Diagnostic['severity'] = 'error'): Diagnostic => ({
    code: 'spec/x',
    severity,
    summary: 'S',
    detail: 'D',
    at: { path, line, column: 1 },
  })

  test('stand on changed lines first, then in changed files, ten of a type', () => {
    const diagnostics = [
      ...Array.from({ length: 12 }, (_, index) => at('a.yaml', index + 1)),
      at('b.yaml', 7),
      at('b.yaml', 3),
      at('c.yaml', 1, 'warning'),
    ]
    const { lines, left } = chooseAnnotations(diagnostics, new Map([['b.yaml', new Set([3])]]))
    expect(lines.map(line => /file=(.*?),line=(\d+)/.exec(line)?.slice(1).join(':'))).toEqual([
      'b.yaml:3',
      'b.yaml:7',
      ...Array.from({ length: 8 }, (_, index) => `a.yaml:${index + 1}`),
      'c.yaml:1',
    ])
    expect(left).toBe(4)
  })

  test('know the lines that a patch adds', () => {
    const patch =
      '@@ -1,3 +1,4 @@\n a\n-b\n+c\n+d\n e\n@@ -10 +11,2 @@ x\n+f\n g\n\\ No newline at end of file'
    expect([...readPatch(patch)]).toEqual([2, 3, 11])
  })
})
