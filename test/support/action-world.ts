import { afterEach, expect } from 'vitest'
import type { ActionContext, MusterEnd } from '../../src/action/action-context.ts'
import { readEvent } from '../../src/action/event.ts'
import { readInputs } from '../../src/action/inputs.ts'
import { runAction } from '../../src/action/run-action.ts'
import { createGithub } from '../../src/github/client.ts'
import type { WrittenPlan } from '../../src/model/generated/plan.ts'
import type { Plan } from '../../src/model/plan.ts'
import { digestPlan, writePlan } from '../../src/plan/document.ts'
import { type GithubEmulator, startGithub, TOKEN } from './github-emulator/server.ts'
import { type EmulatedPull, THIS_REPOSITORY } from './github-emulator/state.ts'
import { zip } from './github-emulator/zip.ts'
import { aChange, anAttribute, aPlan } from './plan.ts'
import { planSchema } from './plan-document.ts'

/** How one run of the action ended, and all it said. */
export interface ActionEnd {
  readonly exitCode: number
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly files: ReadonlyMap<string, string>
}

export interface WorkflowEventGiven {
  readonly name: string
  readonly payload: unknown
}

/** What the commands of muster answer in this world, one after the other; the last one again and again. */
export interface Commands {
  validate: MusterEnd
  plans: (WrittenPlan | { readonly exitCode: number })[]
  /** Before `apply`, which answers from then on. */
  readonly applies: MusterEnd[]
  apply: MusterEnd
  drift: MusterEnd
}

/** A GitHub on loopback, and the action as a workflow runs it. What commands of muster answer is given. */
export interface ActionWorld {
  readonly github: GithubEmulator
  readonly commands: Commands
  /** Commands that were run, word by word. */
  readonly ran: string[][]
  run(inputs: Readonly<Record<string, string>>, event: WorkflowEventGiven): Promise<ActionEnd>
  /** Leaves something behind for a run, as the plan workflow does. */
  leaveArtifact(runId: number, files: Readonly<Record<string, string | Buffer>>, statedBytes?: number): void
  /** Requests that wrote, by their call. */
  writes(): readonly string[]
}

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

export const NOW = '2026-11-25T10:00:00.000Z'
export const RUN_URL = 'https://github.test/acme/audiences/actions/runs/77'

/** Opens a world that is gone after the test. What was said to GitHub must be what its description allows. */
export const openActionWorld = async (): Promise<ActionWorld> => {
  const github = await startGithub()
  closers.push(async () => {
    await github.close()
    expect(github.mistakes).toEqual([])
  })
  const commands: Commands = {
    validate: { exitCode: 0, stdout: '{"ok":true,"files":1,"audiences":1,"diagnostics":[]}' },
    plans: [],
    applies: [],
    apply: { exitCode: 0, stdout: '' },
    drift: { exitCode: 0, stdout: '' },
  }
  const ran: string[][] = []
  return {
    github,
    commands,
    ran,
    run: (inputs, event) => runOnce({ github, commands, ran }, inputs, event),
    leaveArtifact: (runId, files, statedBytes) => {
      github.state.artifacts.push({
        id: github.state.nextId++,
        runId,
        name: 'muster-plan',
        archive: zip(files),
        ...(statedBytes === undefined ? {} : { statedBytes }),
      })
    },
    writes: () => github.requests.filter(({ call }) => !call.startsWith('GET ')).map(({ call }) => call),
  }
}

const runOnce = async (
  { github, commands, ran }: Pick<ActionWorld, 'github' | 'commands' | 'ran'>,
  given: Readonly<Record<string, string>>,
  { name, payload }: WorkflowEventGiven,
): Promise<ActionEnd> => {
  const variables = Object.fromEntries(
    Object.entries({ token: TOKEN, ...given }).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value]),
  )
  const inputs = readInputs(variables)
  const files = new Map<string, string>()
  const outputs: Record<string, string> = {}
  let log = ''
  let summary = ''
  const context: ActionContext = {
    inputs,
    event: readEvent(name, payload, 'f'.repeat(40), 'refs/heads/main'),
    github: createGithub({
      apiUrl: github.url,
      token: inputs.token,
      repository: 'acme/audiences',
      author: inputs.author,
      version: '0.1.0',
      warn: text => {
        log += text
      },
      isHurried: true,
    }),
    now: () => NOW,
    runUrl: RUN_URL,
    planSchema: planSchema.schema,
    print: line => {
      log += `${line}\n`
    },
    setOutput: async (key, value) => {
      outputs[key] = value
    },
    addSummary: async markdown => {
      summary += markdown
    },
    runMuster: async args => {
      ran.push([...args])
      return answer(commands, args, files)
    },
    readFile: async path => {
      const text = files.get(path)
      return text === undefined ? undefined : Buffer.from(text)
    },
    writeFile: async (path, text) => {
      files.set(path, text)
    },
  }
  const exitCode = await runAction(context)
  return { exitCode, log, outputs, summary, files }
}

const answer = (commands: Commands, args: readonly string[], files: Map<string, string>): MusterEnd => {
  switch (args[0]) {
    case 'validate':
      return commands.validate
    case 'apply':
      return commands.applies.shift() ?? commands.apply
    case 'drift':
      return commands.drift
    case 'plan': {
      const plan = commands.plans.length > 1 ? commands.plans.shift() : commands.plans[0]
      if (!plan || 'exitCode' in plan) return { exitCode: plan?.exitCode ?? 1, stdout: '' }
      files.set(args[args.indexOf('--out') + 1] ?? '', JSON.stringify(plan))
      return { exitCode: plan.refusals.length > 0 ? 3 : 0, stdout: '' }
    }
    default:
      return { exitCode: 0, stdout: 'done' }
  }
}

/** A plan document with right digests, with what a test wants different. */
export const aDocument = (plan: Partial<Plan> = {}): WrittenPlan => {
  const { digest: _digest, ...undigested } = aPlan({
    specsDigest: `sha256:${'1'.repeat(64)}`,
    observedDigest: `sha256:${'2'.repeat(64)}`,
    changes: [
      aChange({
        address: 'binding.vip',
        action: 'update',
        attributes: [anAttribute('stage', { before: 'qa', after: 'live' })],
      }),
    ],
    ...plan,
  })
  return writePlan({ ...undigested, digest: digestPlan(undigested) })
}

const REPOSITORY = { id: THIS_REPOSITORY }

/** Somebody opened a pull request, or pushed to it. */
export const pullRequestEvent = (pull: EmulatedPull, sender = 'ada'): WorkflowEventGiven => ({
  name: 'pull_request',
  payload: {
    repository: REPOSITORY,
    sender: { login: sender },
    pull_request: { number: pull.number, head: { sha: pull.headSha, repo: { id: pull.headRepository } } },
  },
})

/** A run of the plan workflow ended. */
export const runEndedEvent = (
  pull: EmulatedPull,
  runId: number,
  { event = 'pull_request', conclusion = 'success' } = {},
): WorkflowEventGiven => ({
  name: 'workflow_run',
  payload: {
    repository: REPOSITORY,
    workflow_run: {
      id: runId,
      html_url: `https://github.test/acme/audiences/actions/runs/${runId}`,
      event,
      conclusion,
      head_sha: pull.headSha,
      head_branch: pull.headBranch,
      head_repository: { id: pull.headRepository, owner: { login: pull.headOwner } },
    },
  },
})

/** Something was merged, or pushed. */
export const pushEvent = (after: string, before = '0'.repeat(40)): WorkflowEventGiven => ({
  name: 'push',
  payload: { repository: REPOSITORY, ref: 'refs/heads/main', before, after },
})

/** The queue tries a merge. */
export const mergeGroupEvent = (number: number, sha: string): WorkflowEventGiven => ({
  name: 'merge_group',
  payload: {
    repository: REPOSITORY,
    merge_group: {
      head_sha: sha,
      head_ref: `refs/heads/gh-readonly-queue/main/pr-${number}-${'b'.repeat(40)}`,
    },
  },
})
