#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { type Command, CommanderError } from 'commander'
import { EXIT } from './exit-codes.ts'
import { buildProgram } from './program.ts'

/** Runs one command line and answers the exit code. Commands are loaded when they are chosen, not before. */
const main = async (): Promise<number> => {
  let exitCode: number = EXIT.done
  const program: Command = buildProgram(readVersion(), async (commonOptions, start) => {
    const { runCommand } = await import('./run-command.ts')
    exitCode = await runCommand(commonOptions, start, readVersion())
  })
  try {
    await program.parseAsync()
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Help and version end with 0; a mistyped command line has been explained already.
    return error.exitCode === 0 ? EXIT.done : EXIT.errors
  }
  return exitCode
}

const readVersion = (): string => {
  // Our own file, two folders up from both src/cli and dist/cli.
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return manifest.version
}

// Whoever reads us may stop reading, as in `muster plan | head`. What the command does, it finishes all the same.
process.stdout.on('error', error => {
  if (!('code' in error && error.code === 'EPIPE')) throw error
})
process.exitCode = await main()
