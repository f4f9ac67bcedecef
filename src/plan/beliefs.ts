import type { BeliefCount, PlanReads, ReadOutcome } from '../model/plan.ts'
import type { Reading } from '../model/reading.ts'
import type { ComparedBelief } from './draft.ts'
import type { Observed } from './observed.ts'

/** Counts compared values by how far they can be trusted. */
export const countBeliefs = (compared: readonly ComparedBelief[]): BeliefCount => {
  const of = (belief: ComparedBelief['belief']): readonly ComparedBelief[] =>
    compared.filter(each => each.belief === belief)
  const oldestRecordedAt = oldestOf(of('recorded'))
  const oldestUnknownAt = oldestOf(of('unknown'))
  return {
    read: of('read').length,
    recorded: of('recorded').length,
    unknown: of('unknown').length,
    ...(oldestRecordedAt === undefined ? {} : { oldestRecordedAt }),
    ...(oldestUnknownAt === undefined ? {} : { oldestUnknownAt }),
  }
}

/** Instants sort as text. */
const oldestOf = (compared: readonly ComparedBelief[]): string | undefined => {
  let oldest: string | undefined
  for (const { recordedAt } of compared) {
    if (recordedAt !== undefined && (oldest === undefined || recordedAt < oldest)) oldest = recordedAt
  }
  return oldest
}

/** What became of each class of things to read, without what was in it. */
export const summarizeReads = ({ sourceSegments, segments, sendables }: Observed): PlanReads => {
  const failed = [...sendables.values()].find(({ kind }) => kind !== 'read')
  return {
    customerioSegments: summarize(sourceSegments, list => list.size),
    moengageSegments: summarize(segments, list => list.length),
    moengageSendables: summarizeSendables(failed, { sendables, segments }),
  }
}

/** No segment to read is as good as all of them read, unless nobody was asked anything. */
const summarizeSendables = (
  failed: Reading<unknown> | undefined,
  { sendables, segments }: Pick<Observed, 'sendables' | 'segments'>,
): ReadOutcome => {
  if (failed && failed.kind !== 'read') return failed
  if (sendables.size === 0 && segments.kind === 'not-tried') return segments
  return { kind: 'read', count: sendables.size }
}

const summarize = <T>(reading: Reading<T>, count: (value: T) => number): ReadOutcome =>
  reading.kind === 'read' ? { kind: 'read', count: count(reading.value) } : reading
