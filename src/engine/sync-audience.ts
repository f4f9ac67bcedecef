import { judgeRead } from '../membership/completeness.ts'
import { checkSync, type GuardFinding } from '../membership/guard.ts'
import { rulesOf } from '../membership/rules.ts'
import type { Audience } from '../model/audience.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { ReadOutcome } from '../model/membership.ts'
import type { RecordedObject, RecordedState } from '../model/recorded.ts'
import { bindingAddress, cohortAddress } from '../plan/address.ts'
import { describeBinding, MEMBERSHIP_ATTRIBUTES } from '../plan/describe.ts'
import type { Delta, Direction } from '../ports.ts'
import { cohortRef, type PushTally, pushDelta } from './push.ts'
import { type MembersRead, readMembers } from './read-members.ts'
import { type MembersSource, resolveSource } from './read-source.ts'
import { journal, type Run } from './run.ts'
import type { Allowance, SyncOptions } from './sync.ts'

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
  readonly tally: Readonly<Record<Direction, PushTally>>
}

/** An audience that is left as it is, and why. */
export interface SkippedSync {
  readonly kind: 'skipped'
  readonly note: string
  readonly findings: readonly Diagnostic[]
}

/** Reads the source, compares it with the ledger, and lets the guards decide what may be sent. */
export const prepareSync = async (
  run: Run,
  audience: Audience,
  state: RecordedState,
  options: SyncOptions,
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

  const { read, delta } = await readAndCompare(
    run,
    { audience, source: resolveSource(audience, state) },
    options,
  )
  const outcome = judgeRead({ ...read.facts, people: delta.people })
  const syncedAt = state.synced.get(audience.id)
  const found = checkSync({
    audience,
    outcome,
    peopleRead: read.rows,
    skipped: read.skipped,
    counts: delta.counts,
    isFirstLoad: syncedAt === undefined,
    now: run.now,
    ...(syncedAt === undefined ? {} : { syncedAt }),
  })
  const stopping = await overrule(run, audience, found, options.allow)
  await delta.noteLeavers({ at: run.now, isComplete: tellsWhoIsGone(outcome, stopping) })
  const stopped = new Set<Direction>(
    stopping.flatMap(({ stops }) => (stops === 'all' ? BOTH : DIRECTION[stops])),
  )
  if (stopped.size === 0) await delta.carryOver(run.now)
  return {
    kind: 'prepared',
    audience,
    cohort,
    read,
    delta,
    findings: stopping.map(({ diagnostic }) => diagnostic),
    refused: stopping.filter(({ canAllow }) => canAllow).map(({ guard }) => guard),
    stopped,
    tally: { add: { calls: 0, members: 0 }, remove: { calls: 0, members: 0 } },
  }
}

/** Findings that, unless a person overruled them, make it doubtful whether those who are missing are really gone. */
const DOUBT_OF_SOURCE: ReadonlySet<string> = new Set(['empty-source', 'stale-source'])

const tellsWhoIsGone = (outcome: ReadOutcome, stopping: readonly GuardFinding[]): boolean =>
  outcome.kind === 'complete' && !stopping.some(({ guard }) => DOUBT_OF_SOURCE.has(guard))

const BOTH: readonly Direction[] = ['add', 'remove']
const DIRECTION = { adds: ['add'], removes: ['remove'] } as const

const readAndCompare = async (run: Run, members: MembersSource, { full }: SyncOptions) => {
  const spool = await run.store.openSpool(members.audience.id)
  try {
    const read = await readMembers(run, members, spool)
    run.reporter.report({ subject: members.audience.id, phase: 'diff', done: 0 })
    const { testers } = run.workspace.qa
    const rules = rulesOf(members.audience, { testers, now: run.now })
    return { read, delta: await spool.computeDelta({ rules, again: full }) }
  } catch (error) {
    await spool.discard()
    throw error
  }
}

/** Sends one direction, unless a guard stopped it. */
export const pushPrepared = async (
  run: Run,
  prepared: PreparedSync,
  direction: Direction,
): Promise<PreparedSync> => {
  const { audience, delta, cohort, tally } = prepared
  if (prepared.stopped.has(direction)) return prepared
  const target = { audience: audience.id, cohort: cohortRef(cohort, audience) }
  await pushDelta(run, target, delta, direction, tally[direction])
  return prepared
}

/** A sync that nothing stopped is marked, so that the next one is judged as a swing. */
export const markSynced = async (run: Run, { audience, stopped }: PreparedSync): Promise<void> => {
  if (stopped.size === 0) await run.store.commit([{ kind: 'synced', audience: audience.id, at: run.now }])
}

/** Findings that still stop something, after those a person overruled, which the journal keeps with their reason. */
const overrule = async (
  run: Run,
  audience: Audience,
  found: readonly GuardFinding[],
  allow: readonly Allowance[],
): Promise<readonly GuardFinding[]> => {
  const stopping: GuardFinding[] = []
  for (const finding of found) {
    const allowance = allow.find(each => each.audience === audience.id && each.guard === finding.guard)
    if (!allowance || !finding.canAllow) {
      stopping.push(finding)
      continue
    }
    await allowOnce(run, allowance)
  }
  return stopping
}

/** The journal keeps the reason for ever, the next plan shows it. */
const allowOnce = (run: Run, { audience, guard, reason }: Allowance): Promise<void> =>
  run.store.commit([
    { kind: 'allowance', allowance: { audience, guard, reason, at: run.now, runId: run.runId } },
    journal(run, { address: bindingAddress(audience), operation: `allow ${guard}` }, 'override', reason),
  ])

/** A spec that decides otherwise about members than what was applied is not synced: nobody has reviewed it. */
const findUnapplied = (run: Run, audience: Audience, state: RecordedState): Diagnostic | undefined => {
  const address = bindingAddress(audience.id)
  const desired = describeBinding(run.workspace, audience)
  const recorded = state.objects.get(address)
  const differing = MEMBERSHIP_ATTRIBUTES.filter(
    attribute => JSON.stringify(desired[attribute]) !== JSON.stringify(recorded?.attributes[attribute]),
  )
  if (recorded && differing.length === 0) return undefined
  return {
    code: 'sync/not-applied',
    severity: 'error',
    summary: 'The spec was not applied',
    detail: recorded
      ? `${audience.id}: ${differing.join(', ')} differ${differing.length === 1 ? 's' : ''} from what was applied.`
      : `${audience.id}: it was never applied in this environment.`,
    hint: 'muster plan, then muster apply',
  }
}
