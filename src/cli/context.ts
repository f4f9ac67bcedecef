import type { Instant } from '../model/time.ts'
import type { Clock, Random, Reporter } from '../ports.ts'
import type { Paint } from '../render/paint.ts'

/** Everything a command takes from the machine it runs on. Commands touch nothing else of it. */
export interface CliContext {
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly version: string
  readonly clock: Clock
  readonly random: Random
  readonly signal: AbortSignal
  /** Standard output: results only, so that they can be piped. */
  readonly print: (text: string) => void
  /** Standard error: progress, diagnostics, failures. */
  readonly warn: (text: string) => void
  readonly paint: Paint
  /** Columns of the terminal, or a sensible width where there is none. */
  readonly width: number
  readonly reporter: Reporter
  /** Random text that names something once: a run, a store. */
  readonly createId: () => string
  /** Who is at work here, as others read it when they find the store held. */
  readonly holder: { readonly owner: string; readonly runUrl?: string }
  /** Asks and waits for a literal "yes". Undefined where nobody can answer. */
  readonly confirm?: (question: string) => Promise<boolean>
  /** Asks and waits for a line; empty at the end of input. Undefined where nobody can answer. */
  readonly ask?: (question: string) => Promise<string>
}

/** Options that every command takes. */
export interface CommonOptions {
  readonly dir: string
  readonly env: string
  readonly store?: string | undefined
  readonly json: boolean
  readonly now?: Instant
}
