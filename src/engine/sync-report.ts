import { amount } from '../membership/guard-finding.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Failure } from '../model/failure.ts'
import type { HeldBy, SyncResult } from '../model/membership.ts'
import type { SyncReport } from '../model/outcome.ts'
import type { DeltaList } from '../model/store-write.ts'
import type { PreparedSync, SkippedSync } from './sync-audience.ts'

interface FailedSync {
  readonly kind: 'failed'
  readonly failure: Failure
  readonly prepared?: PreparedSync
}

/** Not tried, or not finished, because of what happened to another audience. */
interface StoppedSync {
  readonly kind: 'stopped'
  readonly prepared?: PreparedSync
}

/** Where one audience's sync stands. */
export type SyncTask = PreparedSync | SkippedSync | FailedSync | StoppedSync

/** What is said of one audience at the end. `accepted` is the ledger's count afterwards. */
export const reportTask = (id: string, task: SyncTask, accepted: number): SyncReport => {
  if (task.kind === 'skipped') {
    return { result: { ...EMPTY_RESULT, id, accepted }, findings: task.findings, note: task.note }
  }
  const prepared = task.kind === 'prepared' ? task : task.prepared
  const report = {
    result: prepared ? summarize(prepared, accepted) : { ...EMPTY_RESULT, id, accepted },
    findings: prepared ? [...prepared.findings, ...describeRejected(prepared)] : [],
  }
  if (task.kind === 'failed') return { ...report, failure: task.failure }
  return task.kind === 'stopped' ? { ...report, wasStopped: true } : report
}

const summarize = (prepared: PreparedSync, accepted: number): SyncResult => {
  const { audience, delta, match, read, refused, tally, timings } = prepared
  const heldBy = countHeld(prepared)
  const keptOut = whereAny(delta.counts.keptOut)
  const rejected = sum(LISTS.map(list => tally[list].refused))
  return {
    id: audience.id,
    read: delta.people,
    wanted: delta.counts.wanted,
    added: tally.add.members,
    removed: tally.remove.members,
    held: sum(Object.values(heldBy)),
    skipped: sum(Object.values(read.skipped)),
    refused,
    accepted,
    calls: sum(LISTS.map(list => tally[list].calls)),
    ...(Object.keys(heldBy).length > 0 && { heldBy }),
    ...(Object.keys(keptOut).length > 0 && { keptOut }),
    ...(prepared.again && { again: tally.again.members, againReason: prepared.again }),
    ...(rejected > 0 && { rejected }),
    ...(match && { matchRate: Math.round((match.known / match.asked) * 1_000) / 1_000 }),
    timings: {
      readMs: Math.round(timings.readMs),
      diffMs: Math.round(timings.diffMs),
      pushMs: Math.round(timings.pushMs),
    },
  }
}

const LISTS: readonly DeltaList[] = ['add', 'remove', 'again']

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

const countHeld = ({ delta, stopped, tally }: PreparedSync): HeldBy =>
  whereAny({
    ...delta.counts.held,
    guard: stopped.has('remove') ? delta.counts.removes : 0,
    // Those included that were not tried any more.
    refused: tally.remove.refused > 0 ? delta.counts.removes - tally.remove.members : 0,
  })

const whereAny = <Reason extends string>(
  counts: Readonly<Record<Reason, number>>,
): Partial<Record<Reason, number>> =>
  Object.fromEntries(Object.entries<number>(counts).filter(([, count]) => count > 0)) as Partial<
    Record<Reason, number>
  >

/** What a person should know of members that MoEngage refused by themselves. */
const describeRejected = ({ audience, tally }: PreparedSync): readonly Diagnostic[] => {
  const entering = tally.add.refused + tally.again.refused
  const leaving = tally.remove.refused
  if (entering + leaving === 0) return []
  const parts = [
    ...(entering > 0 ? [`${amount(entering)} of those who should be in the cohort`] : []),
    ...(leaving > 0 ? [`${amount(leaving)} of those who should leave it`] : []),
  ]
  return [
    {
      code: 'sync/rejected-members',
      severity: 'warning',
      summary: 'MoEngage refused single members',
      detail: `${audience.id}: MoEngage refused ${parts.join(', and ')}. It took the others.`,
      hint: 'nothing needs to be done: new ones are tried again after a week, the others before that',
    },
  ]
}

const EMPTY_RESULT: Omit<SyncResult, 'id' | 'accepted'> = {
  read: 0,
  wanted: 0,
  added: 0,
  removed: 0,
  held: 0,
  skipped: 0,
  refused: [],
  calls: 0,
}
