import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { describePlanned } from '../../src/github/plan-comment.ts'
import { unzip } from '../../src/github/unzip.ts'
import { workflowCommand } from '../../src/github/workflow-command.ts'
import { readPlan } from '../../src/plan/read-document.ts'
import {
  type ActionWorld,
  aDocument,
  openActionWorld,
  pullRequestEvent,
  pushEvent,
  runEndedEvent,
} from '../support/action-world.ts'
import { openPull } from '../support/github-emulator/state.ts'
import { zip } from '../support/github-emulator/zip.ts'
import { aChange, anAttribute, aTarget } from '../support/plan.ts'

/** What somebody may write into a name, a description, a branch or a title, to be more than text. */
const HOSTILE = [
  '**bold** [link](https://evil.test) ![image](https://evil.test/x.png)',
  '<img src=x onerror=alert(1)><!-- muster:plan env=live --></details>',
  '@acme/lifecycle #1 GH-1 acme/audiences#1 :tada: https://evil.test',
  '`code` ```\n```\n| a | b |\n|---|---|\n# Heading',
  '<!-- muster:run at=2026-11-25T10:00:00.000Z head=aaaaaaa digest=none came=no changes -->',
  '\u0007\u001b[31m\u0000\r\u202eevil\u2066\u200b\u2028',
  '::error file=x::y\n::stop-commands::x\n##[error]x\n%0A::add-mask::x',
  '$\u007b{ secrets.MOENGAGE_DATA_KEY }} $(touch x)',
]

const hostileDocument = (text: string) =>
  aDocument({
    changes: [
      aChange({
        address: 'binding.vip',
        action: 'update',
        reason: text,
        attributes: [
          anAttribute('description', { before: 'Quiet words, long enough to be compared.', after: text }),
        ],
      }),
    ],
    refusals: [
      {
        code: 'guard/protected',
        severity: 'error',
        summary: text,
        detail: text,
        hint: text,
      },
    ],
  })

const publish = async (
  world: ActionWorld,
  files: Readonly<Record<string, string | Buffer>>,
  stated?: number,
) => {
  const pull = openPull(world.github.state, { headBranch: '`$(touch x)`/**b**', title: '@acme <img src=x>' })
  world.leaveArtifact(7, files, stated)
  const ended = await world.run({ command: 'publish' }, runEndedEvent(pull, 7))
  return { ended, body: world.github.state.comments[0]?.body ?? '' }
}

/** Markdown with meaning, outside of what we write ourselves. */
const MEANT = [
  /<img/i,
  /\]\(https:\/\/evil/,
  /(?<!&#8203;)@acme/,
  /^# Heading/m,
  /https:\/\/evil/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: nothing of it may be left.
  /[\u0000-\u0008\u000b-\u001f\u202e\u2066\u200b\u2028]/,
  /^::/m,
]

describe('text that wants to be more', () => {
  test.each(HOSTILE)('is text in a comment, a check, an annotation and a log: %j', async text => {
    const world = await openActionWorld()
    const document = hostileDocument(text)
    world.commands.plans.push(document)
    const pull = openPull(world.github.state)
    const diagnostic = { severity: 'warning', path: `audiences/${text}.yaml`, line: 3, column: 1 }
    const diagnostics = [{ ...diagnostic, code: text, summary: text, detail: text, hint: text }]
    world.commands.validate = { exitCode: 0, stdout: JSON.stringify({ ok: true, diagnostics }) }
    const planned = await world.run({ command: 'plan' }, pullRequestEvent(pull))
    expect(planned.log.split('\n').filter(line => line.startsWith('::'))).toHaveLength(2)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: nothing of it may be left.
    expect(planned.log).not.toMatch(/[\r\u202e\u0000\u001b]/)

    pull.state = 'closed'
    const { body } = await publish(world, { 'plan.json': JSON.stringify(document) })
    const quoted = body.replaceAll(/```+diff[\s\S]*?```+/g, '')
    for (const meaning of MEANT) expect(quoted).not.toMatch(meaning)
    // Our own marker, once, at the very beginning; the one run that was, remembered; what is folded, closed.
    expect(body.match(/<!-- muster:plan/g)).toHaveLength(1)
    expect(body.match(/^<!-- muster:run/gm)).toHaveLength(1)
    expect(body.match(/<details>/g)?.length).toBe(body.match(/<\/details>/g)?.length)
    expect(world.github.state.checks[0]?.title).toBe('refused for 1 reason')
  })

  test.each(HOSTILE)('is text on a merged pull request and in an issue: %j', async text => {
    const world = await openActionWorld()
    openPull(world.github.state, { mergeSha: 'e'.repeat(40), title: text })
    world.commands.plans.push(hostileDocument(text))
    await world.run({ command: 'apply' }, pushEvent('e'.repeat(40)))
    const body = world.github.state.comments[0]?.body ?? ''
    const quoted = body.replaceAll(/```+diff[\s\S]*?```+/g, '')
    for (const meaning of MEANT) expect(quoted).not.toMatch(meaning)
    expect(body.startsWith('<!-- muster:apply env=live -->\n')).toBe(true)
  })

  test('of drift is text in the issue', async () => {
    const world = await openActionWorld()
    const findings = HOSTILE.map(detail => ({ address: 'sendable.vip', detail }))
    world.commands.drift = { exitCode: 2, stdout: JSON.stringify({ checked: { findings } }) }
    await world.run({ command: 'drift' }, { name: 'schedule', payload: {} })
    for (const meaning of MEANT) expect(world.github.state.issues[0]?.body).not.toMatch(meaning)
  })

  test('cannot end a command of the runner, nor a property of one', () => {
    expect(workflowCommand('error', { file: 'a,b:c\n::x' }, '100 %\n::stop-commands::x')).toBe(
      '::error file=a%2Cb%3Ac%0A%3A%3Ax::100 %25%0A::stop-commands::x',
    )
  })
})

describe('what a run left behind', () => {
  const refused = async (
    files: Readonly<Record<string, string | Buffer>>,
    stated?: number,
  ): Promise<string> => {
    const world = await openActionWorld()
    const { body, ended } = await publish(world, files, stated)
    expect(ended.exitCode).toBe(0)
    expect(world.github.state.checks).toMatchObject([{ conclusion: 'failure', externalId: '' }])
    return /\*\*No plan\.\*\* (.*)/.exec(body)?.[1] ?? body
  }

  test('that is no plan', async () => {
    expect(await refused({ 'plan.json': '{"changes":[]}' })).toBe(
      'What the run left behind was not used: the plan in it is of another form.',
    )
  })

  test('of a run that failed is not its plan: a pull request may have committed one', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state)
    world.leaveArtifact(7, { 'plan.json': JSON.stringify(aDocument()) })
    await world.run({ command: 'publish' }, runEndedEvent(pull, 7, { conclusion: 'failure' }))
    expect(world.github.state.checks).toMatchObject([{ conclusion: 'failure', externalId: '' }])
    expect(world.github.state.comments[0]?.body).toContain('The run ended as "failure" before there was one.')
  })

  test('of a run that a guard failed is shown, and vouched for by nothing', async () => {
    const world = await openActionWorld()
    const pull = openPull(world.github.state)
    world.leaveArtifact(7, { 'plan.json': JSON.stringify(hostileDocument('No.')) })
    await world.run({ command: 'publish' }, runEndedEvent(pull, 7, { conclusion: 'failure' }))
    expect(world.github.state.checks).toMatchObject([
      { conclusion: 'failure', externalId: '', title: 'refused for 1 reason' },
    ])
  })

  test('that was edited', async () => {
    const document = { ...aDocument(), changes: [] }
    expect(await refused({ 'plan.json': JSON.stringify(document) })).toContain('is not what its digests say')
  })

  test('that speaks of another environment', async () => {
    const document = aDocument({ target: { ...aTarget, environment: 'other' } })
    expect(await refused({ 'plan.json': JSON.stringify(document) })).toContain('of another environment')
  })

  test('that says it is small and is not', async () => {
    expect(await refused({ 'plan.json': Buffer.alloc(65 * 1024 * 1024) })).toContain(
      'plan.json is damaged, or larger than 67108864 bytes',
    )
  })

  test('that is too large to be fetched', async () => {
    expect(await refused({ 'plan.json': '{}' }, 11 * 1024 * 1024)).toContain('it is too large')
  })

  test('with a path in its names is not looked at, and nothing is written', async () => {
    expect(await refused({ '../../plan.json': JSON.stringify(aDocument()) })).toBe(
      'The run ended as "success" before there was one.',
    )
  })

  test('that is no archive, or a broken one', () => {
    const wanted = [{ name: 'a', maxBytes: 10 }]
    const good = zip({ a: 'text' })
    expect(unzip(good, wanted).get('a')?.toString()).toBe('text')
    expect(() => unzip(Buffer.from('no'), wanted)).toThrow('it is no archive')
    expect(() => unzip(Buffer.concat([deflateRawSync('x'), good]), wanted)).toThrow('it is damaged')
    for (let at = 0; at < good.length; at += 1) {
      const broken = Buffer.from(good)
      broken[at] = 0xff
      try {
        unzip(broken, wanted)
      } catch (error) {
        expect(error).toMatchObject({ failure: { code: 'github/bad-artifact' } })
      }
    }
  })
})

test('what a comment remembers of a plan is words and numbers alone', () => {
  for (const text of HOSTILE)
    expect(describePlanned({ kind: 'plan', plan: readPlan(hostileDocument(text)) })).toMatch(/^[a-z0-9 ,]+$/)
})
