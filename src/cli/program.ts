import { Command, Option } from 'commander'
import type { CliContext, CommonOptions } from './context.ts'
import type { ExitCode } from './exit-codes.ts'

/** Starts a command once its options are understood and its surroundings are there. */
export type StartCommand = (options: CommonOptions, context: CliContext) => Promise<ExitCode>

/** Options as commander gives them; all that is missing gets its default in `run-command`. */
export type WrittenOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

type Execute = (written: WrittenOptions, start: StartCommand) => Promise<void>

/** The command line: names, options, help. Does nothing itself. */
export const buildProgram = (version: string, execute: Execute): Command => {
  const program = addCommonOptions(new Command('muster'))
    .description(
      'Audiences as code: Customer.io segments become MoEngage cohorts, reviewed, planned, applied, in sync.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'explain one command')
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError()
    .exitOverride()
  const define = (name: string, description: string, example: string): Command =>
    addCommonOptions(program.command(name))
      .description(description)
      .addHelpText('after', `\nExample:\n  $ ${example}\n`)
      .exitOverride()
  const act = (
    command: Command,
    start: (given: WrittenOptions, args: readonly string[]) => StartCommand,
  ): void => {
    command.action(async (...args: unknown[]) => {
      const given: WrittenOptions = command.optsWithGlobals()
      await execute(
        given,
        start(
          given,
          args.filter(arg => typeof arg === 'string'),
        ),
      )
    })
  }
  defineSpecCommands(define, act)
  defineRemoteCommands(define, act)
  defineTryOutCommands(define, act)
  for (const name of LATER_COMMANDS) {
    const command = program
      .command(name, { hidden: true })
      .allowUnknownOption()
      .allowExcessArguments()
      .exitOverride()
    act(
      command,
      () => async (_options, context) => (await import('./later.ts')).refuseLater(`muster ${name}`, context),
    )
  }
  return program
}

type Define = (name: string, description: string, example: string) => Command
type Act = (command: Command, start: (given: WrittenOptions, args: readonly string[]) => StartCommand) => void

const defineSpecCommands = (define: Define, act: Act): void => {
  act(
    define('validate', 'check every spec; needs no network and no key', 'muster validate --json'),
    () =>
      async ({ dir, json }, { paint, width, print }) => {
        const { runValidate } = await import('./validate.ts')
        const { output, exitCode } = runValidate({ directory: dir, json, paint, width })
        print(output)
        return exitCode
      },
  )
  const format = define(
    'fmt',
    'order the keys of every spec as the schema does, keeping comments',
    'muster fmt --check',
  )
  act(
    format.option('--check', 'change nothing; show what would change and exit 1'),
    given =>
      async ({ dir, json }, { paint, width, print }) => {
        const { runFmt } = await import('./fmt.ts')
        const { output, exitCode } = runFmt({
          directory: dir,
          check: given.check === true,
          json,
          paint,
          width,
        })
        print(output)
        return exitCode
      },
  )
}

const defineRemoteCommands = (define: Define, act: Act): void => {
  const plan = define(
    'plan',
    'show what apply would change; changes nothing',
    'muster plan --env live --out plan.json',
  )
    .option('--out <file>', 'write the plan document, for review and for `muster apply <file>`')
    .option('--only <id...>', 'only these audiences')
    .option('--detailed-exitcode', 'exit 2 when changes are pending')
    .addOption(new Option('--comment <file>').hideHelp())
    .addOption(new Option('--offline').hideHelp())
  act(plan, given => async (options, context) => {
    const later = ['comment', 'offline'].find(name => given[name] !== undefined)
    if (later) return (await import('./later.ts')).refuseLater(`muster plan --${later}`, context)
    return (await import('./plan.ts')).runPlan(
      {
        ...options,
        detailedExitcode: given.detailedExitcode === true,
        ...(typeof given.out === 'string' ? { out: given.out } : {}),
        ...(Array.isArray(given.only) ? { only: given.only } : {}),
      },
      context,
    )
  })
  const apply = define('apply', 'do what was planned and reviewed, or stop', 'muster apply plan.json')
    .argument('[plan]', 'a plan written by `muster plan --out`; without it, plan, show and ask')
    .option('--yes', 'do not ask')
  act(
    apply,
    (given, [planFile]) =>
      async (options, context) =>
        (await import('./apply.ts')).runApply(
          { ...options, yes: given.yes === true, ...(planFile === undefined ? {} : { planFile }) },
          context,
        ),
  )
  const sync = define(
    'sync',
    "bring every cohort's members in line with its segment",
    'muster sync --only vip --allow vip:max-removal:"list was cleaned, ticket 812"',
  )
    .option('--only <id...>', 'only these audiences')
    .option(
      '--allow <id:guard:reason...>',
      'let one guard of one audience pass, this time; the reason is recorded',
    )
    .option('--full', 'send all members again, not only those who are new')
  act(
    sync,
    given => async (options, context) =>
      (await import('./sync.ts')).runSync(
        {
          ...options,
          allow: Array.isArray(given.allow) ? given.allow : [],
          full: given.full === true,
          ...(Array.isArray(given.only) ? { only: given.only } : {}),
        },
        context,
      ),
  )
}

const defineTryOutCommands = (define: Define, act: Act): void => {
  const emulate = define(
    'emulate',
    'run a Customer.io and a MoEngage on this machine, with a synthetic shop',
    'muster emulate --population 5000',
  )
    .option('--customerio-port <port>', 'port of the Customer.io, 0 for a free one', '4100')
    .option('--moengage-port <port>', 'port of the MoEngage, 0 for a free one', '4200')
    .option('--population <people>', 'people in the shop', '20000')
    .option('--seed <number>', 'the same seed makes the same people', '7')
  act(
    emulate,
    given => async (options, context) => (await import('./emulate.ts')).runEmulate(options, given, context),
  )
  act(
    define('demo', 'see the main job on emulators: no keys, nothing left behind', 'muster demo'),
    () => async (options, context) => (await import('./demo.ts')).runDemo(options, context),
  )
}

const addCommonOptions = (command: Command): Command =>
  command
    .option('--dir <folder>', 'folder of the specs (default: audiences)')
    .option('--env <name>', 'environment of workspace.yaml (default: live)')
    .option(
      '--store <url>',
      'store to use instead of the one in workspace.yaml, for example duckdb:state.duckdb',
    )
    .option('--json', 'print data for machines')
    .addOption(
      new Option('--now <instant>', 'set the clock, for rehearsals: 2026-11-23T10:00:00Z').env('MUSTER_NOW'),
    )

/** Part of the design, not of this version: named, so that nobody takes silence for success. */
const LATER_COMMANDS = [
  'init',
  'import',
  'drift',
  'monitor',
  'report',
  'qa',
  'explain',
  'doctor',
  'state',
  'codeowners',
]

const EXAMPLES = `
Examples:
  $ muster demo                        see all of it on emulators, without keys
  $ muster validate                    check the specs in audiences/
  $ muster plan --out plan.json        what would change, for review
  $ muster apply plan.json             exactly that, or nothing
  $ muster sync                        members in line, again and again

Exit codes: 0 done · 1 errors · 2 changes pending (--detailed-exitcode) · 3 refused by a guard · 4 partly done, run again · 70 bug
`
