import type { Github } from '../github/client.ts'
import type { Instant } from '../model/time.ts'
import type { WorkflowEvent } from './event.ts'
import type { Inputs } from './inputs.ts'

/** How a command of muster ended. */
export interface MusterEnd {
  readonly exitCode: number
  readonly stdout: string
}

/** Everything the action takes from the runner. Its steps touch nothing else of it. */
export interface ActionContext {
  readonly inputs: Inputs
  readonly event: WorkflowEvent
  readonly github: Github
  readonly now: () => Instant
  /** Page of this run, for links. */
  readonly runUrl: string
  readonly planSchema: object
  /** Lines for the log. The runner acts on those that are commands: nothing foreign goes through here. */
  readonly print: (line: string) => void
  readonly setOutput: (name: string, value: string) => Promise<void>
  readonly addSummary: (markdown: string) => Promise<void>
  /** Runs a command. `shown`: what it prints goes to the log as well, where the runner does not act on it. */
  readonly runMuster: (args: readonly string[], how: { readonly shown: boolean }) => Promise<MusterEnd>
  readonly readFile: (path: string) => Promise<Buffer | undefined>
  readonly writeFile: (path: string, text: string) => Promise<void>
}
