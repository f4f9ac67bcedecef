import { type Failure, failureOf } from '../model/failure.ts'
import type { Address } from '../model/plan.ts'
import type { JournalEntry, StoreWrite } from '../model/store-write.ts'
import type { Instant } from '../model/time.ts'
import type { Workspace } from '../model/workspace.ts'
import type { Clock, PeopleExports, Reader, Reporter, Store, UserLookup, Writer } from '../ports.ts'
import { INTERRUPTED } from './interrupt.ts'

/** What one writing command works with. `now` is taken once: a run has one moment. */
export interface Run {
  readonly runId: string
  readonly now: Instant
  readonly workspace: Workspace
  readonly clock: Clock
  readonly store: Store
  readonly reader: Reader
  readonly writer: Writer
  readonly exports: PeopleExports
  /** Exports that a read of this run began: several go on at once, and none may take that of another for its own. */
  readonly claimedExports: Set<number>
  /** Absent: nobody is looked up, and nothing is said about it. */
  readonly users?: UserLookup
  readonly reporter: Reporter
  readonly signal: AbortSignal
}

/** One write call, as the journal names it. */
export interface JournalledCall {
  readonly address: Address
  readonly operation: string
  readonly count?: number
}

/** What is written with each phase of a call, in the same transaction as its journal entry. */
export interface CallWrites<T> {
  readonly intent?: readonly StoreWrite[]
  readonly accepted: (answer: T) => readonly StoreWrite[]
  /** Only when it is certain that nothing happened. */
  readonly refused?: readonly StoreWrite[]
  /** When it is not: made once the last attempt is over. */
  readonly unknown?: () => readonly StoreWrite[]
}

/**
 * Journals the intent, makes the call, and commits the outcome together with what follows from it. A crash between
 * call and commit leaves an intent without outcome: the next run finds the same work to do, and sets are idempotent.
 */
export const makeJournalledCall = async <T>(
  run: Run,
  call: JournalledCall,
  send: () => Promise<T>,
  writes: CallWrites<T>,
): Promise<T> => {
  await run.store.commit([...(writes.intent ?? []), journal(run, call, 'intent')])
  const answer = await send().catch(async (error: unknown) => {
    const failure = failureOf(error)
    const isRefused = isCertainlyRefused(failure)
    const following = isRefused ? (writes.refused ?? []) : (writes.unknown?.() ?? [])
    await run.store.commit([
      ...following,
      journal(run, call, isRefused ? 'refused' : 'unknown', failure?.code ?? 'bug'),
    ])
    throw error
  })
  await run.store.commit([...writes.accepted(answer), journal(run, call, 'accepted')])
  return answer
}

/** A bug, too, leaves it open whether the call was made. */
const isCertainlyRefused = (failure: Failure | undefined): boolean =>
  failure !== undefined && failure.outcomeUnknown !== true

/** A journal entry as a step of a transaction. */
export const journal = (
  run: Pick<Run, 'runId' | 'now'>,
  call: JournalledCall,
  phase: JournalEntry['phase'],
  detail?: string,
): StoreWrite => ({
  kind: 'journal',
  entry: { runId: run.runId, at: run.now, phase, ...call, ...(detail === undefined ? {} : { detail }) },
})

/** Failures after which no other call can succeed either: the whole run stops. */
const FATAL_CODES: ReadonlySet<string> = new Set([
  'provider/auth',
  'provider/bad-config',
  'provider/blocked',
  'provider/cancelled',
  'provider/forbidden',
  'provider/quota',
  'provider/tls',
  'run/interrupted',
])

/**
 * The failure inside an error; a bug is thrown on. `isFatal` ends the run, otherwise only this audience fails. What a
 * call says when it was torn off is what the person did: interrupt the run.
 */
export const judgeError = (error: unknown, signal: AbortSignal): { failure: Failure; isFatal: boolean } => {
  const failure = failureOf(error)
  if (!failure) throw error
  if (signal.aborted && failure.code === 'provider/cancelled') return { failure: INTERRUPTED, isFatal: true }
  return { failure, isFatal: FATAL_CODES.has(failure.code) || failure.origin === 'store' }
}
