import { type Command, Option } from 'commander'
import type { CliContext, CommonOptions } from './context.ts'
import type { ExitCode } from './exit-codes.ts'

/** Starts a command once its options are understood and its surroundings are there. */
export type StartCommand = (options: CommonOptions, context: CliContext) => Promise<ExitCode>

/** Options as commander gives them; all that is missing gets its default in `run-command`. */
export type WrittenOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/** Adds a command with its help. */
export type Define = (name: string, description: string, example: string) => Command

/** Says what a command does. */
export type Act = (
  command: Command,
  start: (given: WrittenOptions, args: readonly string[]) => StartCommand,
) => void

/** Defines commands of the program, or of a group such as `state`. */
export const defineUnder =
  (parent: Command): Define =>
  (name, description, example) =>
    addCommonOptions(parent.command(name))
      .description(description)
      .addHelpText('after', `\nExample:\n  $ ${example}\n`)
      .exitOverride()

/** Options that every command takes, before or after its name. */
export const addCommonOptions = (command: Command): Command =>
  command
    .option('--dir <folder>', 'folder of the specs (default: audiences)')
    .option('--env <name>', 'environment of workspace.yaml (default: live)')
    .option(
      '--store <url>',
      'store to use instead of the one in workspace.yaml: duckdb:state.duckdb, or postgres:VARIABLE with the variable that holds its URL',
    )
    .option('--json', 'print data for machines')
    .addOption(
      new Option('--now <instant>', 'set the clock, for rehearsals: 2026-11-23T10:00:00Z').env('MUSTER_NOW'),
    )

/** The ids of `--only`, when there are any. */
export const onlyOf = ({ only }: WrittenOptions): { readonly only?: readonly string[] } =>
  Array.isArray(only) ? { only } : {}

/** An option with a text under its own name, when it was given. */
export const textOf = <Name extends string>(
  given: WrittenOptions,
  name: Name,
): { readonly [key in Name]?: string } => {
  const value = given[name]
  // A computed key is widened to any text.
  return typeof value === 'string' ? ({ [name]: value } as { readonly [key in Name]: string }) : {}
}
