import { WORKFLOW_AUTHOR } from '../github/client.ts'
import { fail } from '../model/failure.ts'

/** What a workflow asks the action for. `action.yml` documents each. */
export interface Inputs {
  readonly command: ActionCommand
  readonly env: string
  readonly dir: string
  /** Further words for the command, one a line. */
  readonly args: readonly string[]
  readonly token: string
  readonly author: string
  /** A plan that a person has read, when no pull request vouches for it. */
  readonly digest?: string
  /** Folder of the specs of the branch to be merged into, for plans without keys. */
  readonly base?: string
  readonly isOffline: boolean
  /** Where plan and diagnostics are left. */
  readonly output: string
}

/** What the action does. All but `publish` and `outdated` are commands of muster too. */
export const ACTION_COMMANDS = [
  'validate',
  'plan',
  'publish',
  'outdated',
  'apply',
  'sync',
  'monitor',
  'drift',
  'report',
] as const
export type ActionCommand = (typeof ACTION_COMMANDS)[number]

type Variables = Readonly<Record<string, string | undefined>>

/** The inputs as the runner passes them: variables with a prefix. */
export const readInputs = (variables: Variables): Inputs => {
  const read = (name: string): string | undefined =>
    variables[`INPUT_${name.toUpperCase()}`]?.trim() || undefined
  const digest = read('digest')
  const base = read('base')
  return {
    command: readCommand(read('command')),
    env: read('env') ?? 'live',
    dir: read('dir') ?? 'audiences',
    args: (read('args') ?? '')
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== ''),
    token: read('token') ?? '',
    author: read('author') ?? WORKFLOW_AUTHOR,
    ...(digest === undefined ? {} : { digest }),
    ...(base === undefined ? {} : { base }),
    isOffline: read('offline') === 'true',
    output: read('output') ?? 'muster-plan',
  }
}

const readCommand = (written: string | undefined): ActionCommand => {
  const command = ACTION_COMMANDS.find(each => each === written)
  if (command) return command
  return fail({
    origin: 'config',
    code: 'action/unknown-command',
    detail: `The input "command" is ${written === undefined ? 'missing' : 'none that this action knows'}.`,
    hint: `write one of ${ACTION_COMMANDS.join(', ')}`,
    retryable: false,
  })
}
