import { spawn } from 'node:child_process'
import type { ActionContext } from './action-context.ts'

export interface MusterOptions {
  /** File of the command line. */
  readonly program: string
  readonly variables: NodeJS.ProcessEnv
  /** Ends the pause in which the runner acts on nothing. Unguessable: what is printed meanwhile may try. */
  readonly createToken: () => string
  readonly write: (text: string) => void
  /** Tells of an interruption, until the function that it gives back is called. */
  readonly onInterrupt: (stop: (signal: NodeJS.Signals) => void) => () => void
}

/** Commands that speak with GitHub themselves. No other is given the token. */
const SPEAKS_WITH_GITHUB = new Set(['monitor'])

/**
 * Runs commands of muster as a person would. What they print quotes specs and vendors, so the runner is told not to act
 * on it; both streams go through here, because the runner reads two pipes in no certain order.
 */
export const createMuster =
  ({ program, variables, createToken, write, onInterrupt }: MusterOptions): ActionContext['runMuster'] =>
  (args, { shown }) =>
    new Promise((resolve, reject) => {
      const token = createToken()
      write(`::stop-commands::${token}\n`)
      const child = spawn(process.execPath, [program, ...args], {
        env: chooseVariables(variables, args),
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      // The command ends its call and leaves a state that the next run goes on from.
      const ignore = onInterrupt(signal => child.kill(signal))
      let stdout = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text
        if (shown) write(text)
      })
      child.stderr.setEncoding('utf8').on('data', write)
      child.on('error', reject)
      child.on('close', code => {
        ignore()
        write(`\n::${token}::\n`)
        resolve({ exitCode: code ?? ENDED_BY_SIGNAL, stdout })
      })
    })

/** As muster itself says it of a run that was cut off: run again, it goes on from there. */
const ENDED_BY_SIGNAL = 4

const chooseVariables = (
  variables: NodeJS.ProcessEnv,
  [command = '']: readonly string[],
): NodeJS.ProcessEnv => {
  const kept = Object.entries(variables).filter(
    ([name]) => !name.startsWith('INPUT_') && !name.startsWith('ACTIONS_') && name !== 'GITHUB_TOKEN',
  )
  const own = Object.fromEntries(kept)
  if (!SPEAKS_WITH_GITHUB.has(command)) return own
  const { INPUT_TOKEN: token, INPUT_AUTHOR: author } = variables
  return {
    ...own,
    ...(token ? { GITHUB_TOKEN: token } : {}),
    ...(author ? { MUSTER_GITHUB_AUTHOR: author } : {}),
  }
}
