import type { Run } from '../engine/run.ts'
import type { Reader, Writer } from '../ports.ts'
import type { PeopleParts } from './compose-sync.ts'
import type { CliContext } from './context.ts'
import type { ExitCode } from './exit-codes.ts'
import { type RunEnd, withStore } from './with-store.ts'
import type { LoadedWorkspace } from './workspace.ts'

export interface RunParts {
  readonly loaded: LoadedWorkspace
  readonly reader: Reader
  readonly writer: Writer
  readonly people: PeopleParts
  readonly command: string
}

/** A run that writes to the vendors: the store in hand, and both sides to read from and write to. */
export const withRun = async (
  { loaded, reader, writer, people, command }: RunParts,
  context: CliContext,
  work: (run: Run) => Promise<RunEnd>,
): Promise<ExitCode> => {
  const { clock, reporter } = context
  return withStore({ loaded, command }, context, held =>
    work({
      ...held,
      workspace: loaded.workspace,
      clock,
      reader,
      writer,
      ...people,
      claimedExports: new Set(),
      reporter,
    }),
  )
}
