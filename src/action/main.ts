import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSchema } from '../cli/specs.ts'
import { createGithub } from '../github/client.ts'
import { workflowCommand } from '../github/workflow-command.ts'
import { failureOf } from '../model/failure.ts'
import type { ActionContext } from './action-context.ts'
import { readEvent } from './event.ts'
import { readInputs } from './inputs.ts'
import { runAction } from './run-action.ts'
import { createMuster } from './run-muster.ts'

const BUG = 70

/** What the runner starts. Everything that the action takes from the machine is taken here. */
const main = async (): Promise<number> => {
  try {
    const exitCode = await runAction(createContext(process.env))
    await setOutput('exit-code', String(exitCode))
    return exitCode
  } catch (error) {
    const failure = failureOf(error)
    // A foreign message may quote anything: of a bug, only its kind and place are told.
    const told = failure
      ? `${failure.detail}${failure.hint === undefined ? '' : ` Hint: ${failure.hint}.`}`
      : describeBug(error)
    print(workflowCommand('error', { title: failure?.code ?? 'bug' }, told))
    return failure ? 1 : BUG
  }
}

const createContext = (variables: NodeJS.ProcessEnv): ActionContext => {
  const inputs = readInputs(variables)
  const { GITHUB_EVENT_NAME = '', GITHUB_EVENT_PATH, GITHUB_SHA = '', GITHUB_REF = '' } = variables
  const payload: unknown = GITHUB_EVENT_PATH ? JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8')) : {}
  return {
    inputs,
    event: readEvent(GITHUB_EVENT_NAME, payload, GITHUB_SHA, GITHUB_REF),
    github: createGithub({
      // An enterprise server says where it is by these same variables.
      apiUrl: variables.GITHUB_API_URL ?? 'https://api.github.com',
      token: inputs.token,
      repository: variables.GITHUB_REPOSITORY ?? '',
      author: inputs.author,
      version: readVersion(),
      warn: text => process.stderr.write(text),
      isHurried: variables.MUSTER_GITHUB_HURRIED === 'true',
    }),
    now: () => new Date().toISOString(),
    runUrl: `${variables.GITHUB_SERVER_URL ?? 'https://github.com'}/${variables.GITHUB_REPOSITORY}/actions/runs/${variables.GITHUB_RUN_ID}`,
    planSchema: readSchema('plan'),
    print,
    setOutput,
    addSummary,
    runMuster: createMuster({
      program: fileURLToPath(new URL('../cli/main.js', import.meta.url)),
      variables,
      createToken: () => randomBytes(16).toString('hex'),
      write: text => process.stdout.write(text),
      onInterrupt,
    }),
    readFile: readIfPresent,
    writeFile: async (path, text) => {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
    },
  }
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** A value of several lines could set another output: the runner takes a delimiter that nobody can guess. */
const setOutput = async (name: string, value: string): Promise<void> => {
  const path = process.env.GITHUB_OUTPUT
  if (!path) return
  const delimiter = `end-${randomBytes(16).toString('hex')}`
  await appendFile(path, `${name}<<${delimiter}\n${value}\n${delimiter}\n`)
}

/** Older enterprise servers have no summaries; the log has it all. */
const addSummary = async (markdown: string): Promise<void> => {
  const path = process.env.GITHUB_STEP_SUMMARY
  if (path) await appendFile(path, markdown)
}

const readIfPresent = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

const onInterrupt = (stop: (signal: NodeJS.Signals) => void): (() => void) => {
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return () => {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

const readVersion = (): string => {
  // Our own file, two folders up from where the action is built to.
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return manifest.version
}

const describeBug = (error: unknown): string => {
  const frames =
    error instanceof Error ? (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line)) : []
  const name = error instanceof Error ? error.name : 'something that is no error'
  return `This is a bug in muster, please report it: ${name}\n${frames.join('\n')}`
}

process.exitCode = await main()
