import type { CliContext, CommonOptions } from './context.ts'
import type { ExitCode } from './exit-codes.ts'
import { refuseLater } from './later.ts'

export interface ImportOptions extends CommonOptions {
  readonly cohorts: readonly string[]
  readonly segment?: string
  readonly id?: string
  readonly cohortId?: string
  readonly team?: string
  readonly isDryRun: boolean
}

/** `muster import`: writes specs for cohorts that exist already. */
export const runImport = async (_options: ImportOptions, context: CliContext): Promise<ExitCode> =>
  refuseLater('muster import', context)
