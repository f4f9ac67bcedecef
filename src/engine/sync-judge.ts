import { judgeRead } from '../membership/completeness.ts'
import { checkSync, type GuardFinding } from '../membership/guard.ts'
import type { MatchSample } from '../membership/guard-match.ts'
import type { Audience } from '../model/audience.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Direction, ReadOutcome } from '../model/membership.ts'
import type { Instant } from '../model/time.ts'
import type { Delta } from '../ports.ts'
import { sampleMatchRate } from './match-rate.ts'
import type { MembersRead } from './read-members.ts'
import type { Run } from './run.ts'
import type { Allowance } from './sync.ts'
import { overrule } from './sync-allow.ts'

/** An audience that was read and compared. */
export interface ComparedSync {
  readonly audience: Audience
  readonly read: MembersRead
  readonly delta: Delta
  /** When it was last synced to its end. */
  readonly syncedAt: Instant | undefined
}

/** What may be sent, and what is to be said about it. */
export interface Judgement {
  readonly findings: readonly Diagnostic[]
  readonly refused: readonly string[]
  readonly stopped: ReadonlySet<Direction>
  /** Whether those who are missing from the source are really gone. */
  readonly isTrusted: boolean
  /** Only where users were looked up. */
  readonly match?: MatchSample
}

/** Lets the guards decide. Who is gone is noted as soon as the read was judged, whatever is stopped after that. */
export const judgeSync = async (
  run: Run,
  { audience, read, delta, syncedAt }: ComparedSync,
  allow: readonly Allowance[],
): Promise<Judgement> => {
  const outcome = judgeRead({ ...read.facts, people: delta.people })
  const isFirstLoad = syncedAt === undefined
  const found = checkSync({
    audience,
    outcome,
    peopleRead: read.rows,
    skipped: read.skipped,
    counts: delta.counts,
    isFirstLoad,
    now: run.now,
    readStartedAt: read.startedAt,
    ...(syncedAt === undefined ? {} : { syncedAt }),
  })
  const stopping = await overrule(run, audience, found, allow)
  const isTrusted = tellsWhoIsGone(outcome, stopping)
  await delta.noteLeavers({ at: run.now, isComplete: isTrusted })
  // Looking users up costs calls: only for those who would really be added.
  const rate = directionsOf(stopping).has('add')
    ? {}
    : await sampleMatchRate(run, { audience, delta, isFirstLoad })
  const strangers = await overrule(run, audience, rate.finding ? [rate.finding] : [], allow)
  const all = [...stopping, ...strangers]
  return {
    findings: [...all.map(({ diagnostic }) => diagnostic), ...(rate.warning ? [rate.warning] : [])],
    refused: all.filter(({ canAllow }) => canAllow).map(({ guard }) => guard),
    stopped: directionsOf(all),
    isTrusted,
    ...(rate.sample ? { match: rate.sample } : {}),
  }
}

/** Findings that, unless a person overruled them, make it doubtful whether those who are missing are really gone. */
const DOUBT_OF_SOURCE: ReadonlySet<string> = new Set(['empty-source', 'stale-source'])

const tellsWhoIsGone = (outcome: ReadOutcome, stopping: readonly GuardFinding[]): boolean =>
  outcome.kind === 'complete' && !stopping.some(({ guard }) => DOUBT_OF_SOURCE.has(guard))

const DIRECTIONS: Readonly<Record<GuardFinding['stops'], readonly Direction[]>> = {
  all: ['add', 'remove'],
  adds: ['add'],
  removes: ['remove'],
}

const directionsOf = (stopping: readonly GuardFinding[]): ReadonlySet<Direction> =>
  new Set(stopping.flatMap(({ stops }) => DIRECTIONS[stops]))
