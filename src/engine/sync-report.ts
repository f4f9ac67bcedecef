import type { Failure } from '../model/failure.ts'
import type { HeldBy, SyncResult } from '../model/membership.ts'
import type { SyncReport } from '../model/outcome.ts'
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
    findings: prepared?.findings ?? [],
  }
  if (task.kind === 'failed') return { ...report, failure: task.failure }
  return task.kind === 'stopped' ? { ...report, wasStopped: true } : report
}

const summarize = (prepared: PreparedSync, accepted: number): SyncResult => {
  const { audience, delta, read, refused, tally } = prepared
  const heldBy = countHeld(prepared)
  const keptOut = whereAny(delta.counts.keptOut)
  return {
    id: audience.id,
    read: delta.people,
    wanted: delta.counts.wanted,
    added: tally.add.members,
    removed: tally.remove.members,
    held: Object.values(heldBy).reduce((sum, count) => sum + count, 0),
    skipped: Object.values(read.skipped).reduce((sum, count) => sum + count, 0),
    refused,
    accepted,
    calls: tally.add.calls + tally.remove.calls,
    ...(Object.keys(heldBy).length > 0 && { heldBy }),
    ...(Object.keys(keptOut).length > 0 && { keptOut }),
  }
}

const countHeld = ({ delta, stopped }: PreparedSync): HeldBy =>
  whereAny({ ...delta.counts.held, guard: stopped.has('remove') ? delta.counts.removes : 0 })

const whereAny = <Reason extends string>(
  counts: Readonly<Record<Reason, number>>,
): Partial<Record<Reason, number>> =>
  Object.fromEntries(Object.entries<number>(counts).filter(([, count]) => count > 0)) as Partial<
    Record<Reason, number>
  >

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
