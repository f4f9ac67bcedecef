import type { Run } from '../engine/run.ts'
import { formatAge } from '../model/time.ts'
import type { Reader, RunRecord, Store, Writer } from '../ports.ts'
import { openStore } from './compose-writer.ts'
import type { CliContext } from './context.ts'
import type { ExitCode } from './exit-codes.ts'
import type { LoadedWorkspace } from './workspace.ts'

export interface RunParts {
  readonly loaded: LoadedWorkspace
  readonly reader: Reader
  readonly writer: Writer
  readonly command: string
}

export interface RunEnd {
  readonly exitCode: ExitCode
  readonly outcome: NonNullable<RunRecord['outcome']>
  readonly summary?: string
}

/** Opens the store, records that a run began and how it ended, and frees the store whatever happens. */
export const withRun = async (
  { loaded, reader, writer, command }: RunParts,
  context: CliContext,
  work: (run: Run) => Promise<RunEnd>,
): Promise<ExitCode> => {
  const { clock, reporter, signal } = context
  const started: RunRecord = { runId: context.createId(), command, startedAt: clock.now() }
  const store = await openStore(loaded, { command, runId: started.runId }, context)
  warnOfTakeover(store, context)
  const finish = (end: Omit<RunEnd, 'exitCode'>): Promise<void> =>
    store.commit([{ kind: 'run', run: { ...started, ...end, finishedAt: clock.now() } }])
  try {
    await store.commit([{ kind: 'run', run: started }])
    const run: Run = {
      runId: started.runId,
      now: started.startedAt,
      workspace: loaded.workspace,
      clock,
      store,
      reader,
      writer,
      reporter,
      signal,
    }
    const { exitCode, ...end } = await work(run)
    await finish(end)
    return exitCode
  } catch (error) {
    // When the store itself is the trouble this fails too; the first error is the one to tell.
    await finish({ outcome: 'failed' }).catch(() => undefined)
    throw error
  } finally {
    await store.close()
  }
}

/** Whoever was there before never let go: what it began is found and finished by this run. */
const warnOfTakeover = ({ tookOverFrom }: Store, { clock, warn }: CliContext): void => {
  if (!tookOverFrom) return
  const { command, owner, acquiredAt } = tookOverFrom
  warn(
    `note: \`muster ${command}\` of ${owner}, begun ${formatAge(acquiredAt, clock.now())} ago, ended without a word. Going on from what it recorded.\n`,
  )
}
