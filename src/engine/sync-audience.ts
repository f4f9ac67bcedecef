import type { MatchSample } from '../membership/guard-match.ts'
import { rulesOf } from '../membership/rules.ts'
import type { Audience } from '../model/audience.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Direction } from '../model/membership.ts'
import type { AssertionReason, RecordedObject, RecordedState } from '../model/recorded.ts'
import type { DeltaList } from '../model/store-write.ts'
import { cohortAddress } from '../plan/address.ts'
import { warnOfHeartbeat } from '../plan/heartbeat.ts'
import type { Delta } from '../ports.ts'
import type { CohortLine } from './push.ts'
import { createTally, type PushTally } from './push-batch.ts'
import { type MembersRead, readMembers } from './read-members.ts'
import { type MembersSource, resolveSource } from './read-source.ts'
import type { Run } from './run.ts'
import type { SyncOptions } from './sync.ts'
import { findUnapplied } from './sync-applied.ts'
import { judgeSync } from './sync-judge.ts'
import type { Listed } from './sync-lost.ts'
import { startLine } from './sync-push.ts'
import { beginAssertion, chooseReason } from './sync-reassert.ts'

/** An audience that was read, compared and judged. */
export interface PreparedSync {
  readonly kind: 'prepared'
  readonly audience: Audience
  readonly cohort: RecordedObject
  readonly read: MembersRead
  readonly delta: Delta
  readonly findings: readonly Diagnostic[]
  readonly refused: readonly string[]
  readonly stopped: ReadonlySet<Direction>
  /** Whether those who are missing from the source are really gone. */
  readonly isTrusted: boolean
  readonly tally: Readonly<Record<DeltaList, PushTally>>
  readonly line: CohortLine
  /** Why members that nothing is wrong with are sent again; absent when they are not. */
  readonly again?: AssertionReason
  readonly timings: PhaseTimes
  /** How many of a sample of those to be added MoEngage knows; absent when nobody was looked up. */
  readonly match?: MatchSample
}

/** Milliseconds spent on each phase, by a clock that `--now` does not move. */
export interface PhaseTimes {
  readonly readMs: number
  readonly diffMs: number
  pushMs: number
}

/** An audience that is left as it is, and why. */
export interface SkippedSync {
  readonly kind: 'skipped'
  readonly note: string
  readonly findings: readonly Diagnostic[]
}

/** What is the same for all audiences of one sync. */
export interface SyncScope {
  /** As it was when the sync began. */
  readonly state: RecordedState
  readonly options: SyncOptions
  readonly listed: Listed
}

/** Reads the source, compares it with the ledger, and lets the guards decide what may be sent. */
export const prepareSync = async (
  run: Run,
  audience: Audience,
  { state, options, listed }: SyncScope,
): Promise<PreparedSync | SkippedSync> => {
  if (audience.isSuspended) return { kind: 'skipped', note: 'suspended', findings: [] }
  const notApplied = findUnapplied(run, audience, state)
  if (notApplied) return { kind: 'skipped', note: 'not applied', findings: [notApplied] }
  if (audience.rollout.stage.kind === 'paused') return { kind: 'skipped', note: 'paused', findings: [] }
  const cohort = state.objects.get(cohortAddress(audience.id))
  if (!cohort) return { kind: 'skipped', note: 'no cohort yet: apply creates it', findings: [] }
  // What is sent to a cohort that was dropped without a word would be lost, and recorded as sent.
  if (cohort.status === 'pending') {
    return { kind: 'skipped', note: 'not listed by MoEngage yet: apply looks again', findings: [] }
  }
  const lost = await listed.findLost(cohort)
  if (lost) return { kind: 'skipped', note: 'lost', findings: [lost] }

  const again = chooseReason(run, state, cohort, options.full)
  if (again) await beginAssertion(run, state, { audience: audience.id, reason: again })
  const members = { audience, source: resolveSource(audience, state) }
  const { read, delta, timings } = await readAndCompare(run, members, again !== undefined)
  const syncedAt = state.synced.get(audience.id)
  try {
    const judgement = await judgeSync(run, { audience, read, delta, syncedAt }, options.allow)
    if (judgement.stopped.size === 0) await delta.carryOver(run.now)
    const quiet = warnOfHeartbeat(cohort, run.now)
    return {
      kind: 'prepared',
      audience,
      cohort,
      read,
      delta,
      ...judgement,
      findings: [...judgement.findings, ...(quiet ? [quiet] : [])],
      tally: { add: createTally(), remove: createTally(), again: createTally() },
      line: startLine({ delta, stopped: judgement.stopped }),
      // Whoever a doubtful read left out would wait for the next interval; what a person asks for is done all the same.
      ...(again && (judgement.isTrusted || options.full) ? { again } : {}),
      timings: { ...timings, pushMs: 0 },
    }
  } catch (error) {
    await delta.close()
    throw error
  }
}

const readAndCompare = async (run: Run, members: MembersSource, again: boolean) => {
  const { clock, reporter, workspace, now } = run
  const startedMs = clock.monotonicMs()
  const { read, spool } = await readMembers(run, members)
  const readMs = clock.monotonicMs() - startedMs
  try {
    reporter.report({ subject: members.audience.id, phase: 'diff', done: 0 })
    const rules = rulesOf(members.audience, { testers: workspace.qa.testers, now })
    const delta = await spool.computeDelta({ rules, again })
    return { read, delta, timings: { readMs, diffMs: clock.monotonicMs() - startedMs - readMs } }
  } catch (error) {
    await spool.discard()
    throw error
  }
}
