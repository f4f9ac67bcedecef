import { type Failure, failureOf } from '../model/failure.ts'
import { INTERRUPTED, stopIfAborted } from './interrupt.ts'
import { judgeError, type Run } from './run.ts'
import type { PreparedSync } from './sync-audience.ts'
import type { SyncTask } from './sync-report.ts'

/** The steps of all audiences of one sync, of which several go on at once. */
export interface SyncFlow {
  /** The run, whose signal is aborted too once a failure ended it for everybody. */
  readonly run: Run
  /** Runs one step of one audience: its failure is its own, unless it would be everybody's. */
  step(work: () => Promise<SyncTask>, prepared?: PreparedSync): Promise<SyncTask>
}

export const createFlow = (run: Run): SyncFlow => {
  const halt = new AbortController()
  const halted: Run = { ...run, signal: AbortSignal.any([run.signal, halt.signal]) }
  let ending: Failure | undefined
  return {
    run: halted,
    step: async (work, prepared) => {
      const withPrepared = prepared ? { prepared } : {}
      if (ending) return { kind: 'stopped', ...withPrepared }
      try {
        stopIfAborted(halted.signal)
        return await work()
      } catch (error) {
        // A bug is thrown on, but what others are about to send must not go on beside it.
        if (!failureOf(error)) halt.abort()
        const { failure, isFatal } = judgeError(error, run.signal)
        // Stopped between two calls because of what happened to somebody else.
        if (ending && failure.code === INTERRUPTED.code) return { kind: 'stopped', ...withPrepared }
        if (isFatal) {
          ending ??= failure
          halt.abort()
        }
        return { kind: 'failed', failure, ...withPrepared }
      }
    },
  }
}
