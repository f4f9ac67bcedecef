import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { EMULATED_CUSTOMERIO, EMULATED_MOENGAGE } from '../../src/emulators/options.ts'
import {
  pullRequestEvent,
  pushEvent,
  runEndedEvent,
  type WorkflowEventGiven,
} from '../support/action-world.ts'
import { type GithubEmulator, startGithub, TOKEN } from '../support/github-emulator/server.ts'
import { openPull } from '../support/github-emulator/state.ts'
import { zip } from '../support/github-emulator/zip.ts'
import { openWorld, type World } from '../support/world.ts'

/** What the runner starts, as it was built. */
const PROGRAM = fileURLToPath(new URL('../../dist/action/main.js', import.meta.url))
const MERGED = 'e'.repeat(40)
const BEFORE = '9'.repeat(40)

interface Scene {
  readonly world: World
  readonly github: GithubEmulator
  run(inputs: Readonly<Record<string, string>>, event: WorkflowEventGiven): Promise<Ended>
}

interface Ended {
  readonly exitCode: number
  readonly log: string
  readonly outputs: string
}

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** Each command is a process of its own, and waits for MoEngage as long as it does. */
const LONGEST_MS = 180_000

const openScene = async (): Promise<Scene> => {
  const world = await openWorld({ audiences: ['vip'], population: 800 })
  const github = await startGithub()
  const folder = await mkdtemp(join(tmpdir(), 'muster-runner-'))
  closers.push(async () => {
    await github.close()
    await rm(folder, { recursive: true, force: true })
    expect(github.mistakes).toEqual([])
  })
  return {
    world,
    github,
    run: async (inputs, { name, payload }) => {
      const files = {
        event: join(folder, 'event'),
        output: join(folder, 'output'),
        summary: join(folder, 'summary'),
      }
      await writeFile(files.event, JSON.stringify(payload))
      await writeFile(files.output, '')
      const given = { env: 'local', token: TOKEN, output: join(folder, 'muster-plan'), ...inputs }
      const ended = await start(world.folder, {
        PATH: process.env.PATH ?? '',
        CUSTOMERIO_APP_KEY: EMULATED_CUSTOMERIO.appKey,
        MOENGAGE_DATA_KEY: EMULATED_MOENGAGE.dataKey,
        MUSTER_GITHUB_HURRIED: 'true',
        GITHUB_API_URL: github.url,
        GITHUB_SERVER_URL: 'https://github.test',
        GITHUB_REPOSITORY: 'acme/audiences',
        GITHUB_RUN_ID: '77',
        GITHUB_EVENT_NAME: name,
        GITHUB_EVENT_PATH: files.event,
        GITHUB_OUTPUT: files.output,
        GITHUB_STEP_SUMMARY: files.summary,
        ...Object.fromEntries(
          Object.entries(given).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value]),
        ),
      })
      return { ...ended, outputs: await readFile(files.output, 'utf8') }
    },
  }
}

const start = (cwd: string, env: Readonly<Record<string, string>>): Promise<Omit<Ended, 'outputs'>> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM], { cwd, env })
    let log = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text
      })
    child.on('error', reject)
    child.on('close', code => resolve({ exitCode: code ?? -1, log }))
  })

const readOutput = (outputs: string, name: string): string | undefined =>
  new RegExp(`^${name}<<(\\S+)\\n(.*)\\n\\1$`, 'm').exec(outputs)?.[2]

describe('from a pull request to a cohort, by the built action, over sockets', {
  timeout: LONGEST_MS,
}, () => {
  test('plan, publish, merge, apply, and nothing to do after that', async () => {
    const { world, github, run } = await openScene()
    const pull = openPull(github.state)

    const planned = await run({ command: 'plan' }, pullRequestEvent(pull))
    expect(planned).toMatchObject({ exitCode: 0 })
    expect(readOutput(planned.outputs, 'outcome')).toBe('2 to create')
    expect((await world.requests('moengage')).filter(({ write }) => write)).toEqual([])

    const document = await readFile(readOutput(planned.outputs, 'plan') ?? '', 'utf8')
    github.state.artifacts.push({
      id: 1,
      runId: 7,
      name: 'muster-plan',
      archive: zip({ 'plan.json': document }),
    })
    expect((await run({ command: 'publish' }, runEndedEvent(pull, 7))).exitCode).toBe(0)
    expect(github.state.comments[0]?.body).toContain('**Plan: 2 to create.**')

    pull.state = 'closed'
    pull.mergeSha = MERGED
    github.state.comparisons.set(`${BEFORE}...${MERGED}`, [MERGED])
    const applied = await run({ command: 'apply' }, pushEvent(MERGED, BEFORE))
    expect(applied.log).toContain('cohort.vip')
    expect(readOutput(applied.outputs, 'outcome')).toBe('applied')
    expect(github.state.comments.at(-1)?.body).toContain('**Applied** as reviewed: 2 done')
    const cohorts = await world.ask<unknown>('moengage', 'cohorts')
    expect(JSON.stringify(cohorts)).toContain('ORC__Vip__365d')

    await world.ask('moengage', 'settle', {})
    await world.forgetRequests()
    const again = await run({ command: 'apply' }, pushEvent(MERGED, BEFORE))
    expect(readOutput(again.outputs, 'outcome')).toBe('nothing to apply')
    expect((await world.requests('moengage')).filter(({ write }) => write)).toEqual([])
    // What the runner acts on is ours alone: everything that a command printed stands between two marks.
    const commands = again.log.split('\n').filter(line => line.startsWith('::'))
    expect(commands.every(line => /^::(?:stop-commands::)?[0-9a-f]{32}(?:::)?$/.test(line))).toBe(true)
    // Keys and tokens are in no log.
    const logs = [planned, applied, again].map(({ log }) => log).join()
    for (const secret of [TOKEN, EMULATED_CUSTOMERIO.appKey, EMULATED_MOENGAGE.dataKey])
      expect(logs).not.toContain(secret)
  })

  test('an apply that a vendor cuts off leaves an issue; the same job again finishes', async () => {
    const { world, github, run } = await openScene()
    const pull = openPull(github.state)
    const planned = await run({ command: 'plan' }, pullRequestEvent(pull))
    const document = await readFile(readOutput(planned.outputs, 'plan') ?? '', 'utf8')
    github.state.artifacts.push({
      id: 1,
      runId: 7,
      name: 'muster-plan',
      archive: zip({ 'plan.json': document }),
    })
    await run({ command: 'publish' }, runEndedEvent(pull, 7))
    pull.state = 'closed'
    pull.mergeSha = MERGED
    github.state.comparisons.set(`${BEFORE}...${MERGED}`, [MERGED])

    const match = { route: '/v1/integrations/cohortsync' }
    await world.fault('moengage', { kind: 'status', status: 403, match })
    const failed = await run({ command: 'apply' }, pushEvent(MERGED, BEFORE))
    expect(failed.exitCode).not.toBe(0)
    expect(github.state.issues).toMatchObject([
      { state: 'open', title: 'muster: local is not applied to its end' },
    ])

    await world.ask('moengage', 'settle', {})
    const again = await run({ command: 'apply' }, pushEvent(MERGED, BEFORE))
    expect(again.log).not.toContain('Not applied')
    expect(readOutput(again.outputs, 'outcome')).toBe('applied')
    expect(github.state.issues).toMatchObject([{ state: 'closed' }])
  })
})
