import type { CliContext } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

/** Says that something is designed but not in this version, instead of ignoring that it was asked for. */
export const refuseLater = (what: string, context: CliContext): ExitCode => {
  context.warn(`error: ${what} is not in muster ${context.version} yet. Nothing was done.\n`)
  return EXIT.errors
}
