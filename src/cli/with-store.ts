import type { SyncCount } from '../model/history.ts'
import type { RunRecord } from '../model/store-write.ts'
import type { Instant } from '../model/time.ts'
import type { Store } from '../ports.ts'
import { agoOf } from '../render/words.ts'
import type { CliContext } from './context.ts'
import type { ExitCode } from './exit-codes.ts'
import { openStore } from './open-store.ts'
import type { LoadedWorkspace } from './workspace.ts'

/** The store in hand, and the run that holds it. `now` is taken once: a run has one moment. */
export interface StoreRun {
  readonly runId: string
  readonly now: Instant
  readonly store: Store
  /** Aborted by the user, and when the store is lost: nothing more is sent that nobody could record. */
  readonly signal: AbortSignal
}

/** How a run ended, for whoever waits for it and for the record. */
export interface RunEnd {
  readonly exitCode: ExitCode
  readonly outcome: NonNullable<RunRecord['outcome']>
  readonly summary?: string
  /** What it counted, kept in one transaction with how it ended. */
  readonly counts?: readonly SyncCount[]
}

/** Opens the store, records that a run began and how it ended, and frees the store whatever happens. */
export const withStore = async (
  { loaded, command }: { readonly loaded: LoadedWorkspace; readonly command: string },
  context: CliContext,
  work: (run: StoreRun) => Promise<RunEnd>,
): Promise<ExitCode> => {
  const { clock } = context
  const started: RunRecord = { runId: context.createId(), command, startedAt: clock.now() }
  const lost = new AbortController()
  const onLost = (error: unknown): void => lost.abort(error)
  const store = await openStore(loaded, { command, runId: started.runId, onLost }, context)
  const signal = AbortSignal.any([context.signal, lost.signal])
  warnOfTakeover(store, context)
  const finish = ({ counts = [], ...end }: Omit<RunEnd, 'exitCode'>): Promise<void> =>
    store.commit([
      ...counts.map(count => ({ kind: 'count', count }) as const),
      { kind: 'run', run: { ...started, ...end, finishedAt: clock.now() } },
    ])
  try {
    await store.commit([{ kind: 'run', run: started }])
    const { exitCode, ...end } = await work({ runId: started.runId, now: started.startedAt, store, signal })
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
export const warnOfTakeover = ({ tookOverFrom }: Store, { clock, warn }: CliContext): void => {
  if (!tookOverFrom) return
  const { command, owner, acquiredAt } = tookOverFrom
  warn(
    `note: \`muster ${command}\` of ${owner}, begun ${agoOf(acquiredAt, clock.now())}, ended without a word. Going on from what it recorded.\n`,
  )
}
