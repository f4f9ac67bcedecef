import { Command } from 'commander'
import { hideLogins } from '../render/hide-secrets.ts'
import { type Act, addCommonOptions, defineUnder, type StartCommand, type WrittenOptions } from './define.ts'
import { defineRemoteCommands } from './define-remote.ts'
import { defineReportCommand } from './define-report.ts'
import { defineSetupCommands } from './define-setup.ts'
import { defineSpecCommands } from './define-specs.ts'
import { defineStateCommands } from './define-state.ts'
import { defineTryOutCommands } from './define-try-out.ts'

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
    .configureOutput({ outputError: (text, write) => write(hideLogins(text)) })
    .exitOverride()
  const define = defineUnder(program)
  const act: Act = (command, start) => {
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
  defineSetupCommands(define, act)
  defineSpecCommands(define, act)
  defineRemoteCommands(define, act)
  defineReportCommand(define, act)
  defineStateCommands(program, act)
  defineTryOutCommands(define, act)
  return program
}

const EXAMPLES = `
Examples:
  $ muster demo                        see all of it on emulators, without keys
  $ muster init                        begin: a first workspace and audience
  $ muster doctor                      are keys, regions and identifiers right
  $ muster validate                    check the specs in audiences/
  $ muster import                      write specs for cohorts that exist already
  $ muster plan --out plan.json        what would change, for review
  $ muster apply plan.json             exactly that, or nothing
  $ muster sync                        members in line, again and again
  $ muster qa vip --by "Jo Doe"        send testers, and sign it off
  $ muster explain guard/max-removal   what a message means, and the way out
  $ muster drift                       what somebody changed by hand since
  $ muster monitor                     sizes that swing, syncs that are late, cohorts that are gone
  $ muster report                      who is in it, how fresh, and whom two audiences share
  $ muster state list                  what is recorded

Exit codes: 0 done · 1 errors · 2 changes pending (--detailed-exitcode), drift found, or alerts open · 3 refused by a guard · 4 partly done, run again · 70 bug
`
