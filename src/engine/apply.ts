import type { Audience } from '../model/audience.ts'
import type { Failure } from '../model/failure.ts'
import { unreachable } from '../model/invariant.ts'
import type { ChangeOutcome, ChangeResult } from '../model/outcome.ts'
import { type Address, type Change, isReplacement, type Plan, pendingChanges } from '../model/plan.ts'
import { cohortAddress } from '../plan/address.ts'
import type { Observed } from '../plan/observed.ts'
import { applyBinding, retireBinding } from './apply-binding.ts'
import { adoptCohort, createCohort } from './apply-cohort.ts'
import { forgetObject } from './apply-record.ts'
import { retireCohort, retireSendable } from './apply-retire.ts'
import { applySendable } from './apply-sendable.ts'
import { applySource, retireSource } from './apply-source.ts'
import { confirmListed, findPending } from './confirm-listed.ts'
import { stopIfAborted } from './interrupt.ts'
import { moveToNewId } from './move-audience.ts'
import { renameCohort } from './rename-cohort.ts'
import { judgeError, type Run } from './run.ts'

export interface ApplyInput {
  /** What is declared, by id. */
  readonly audiences: ReadonlyMap<string, Audience>
  /** What the plan was made from. */
  readonly observed: Observed
}

/**
 * Executes the plan's changes in their order and nothing else. One failing audience does not stop the others; a
 * failure that every call would meet (a refused key, a suspended workspace) does.
 */
export const applyPlan = async (
  run: Run,
  plan: Plan,
  input: ApplyInput,
): Promise<readonly ChangeOutcome[]> => {
  const changes = pendingChanges(plan)
  const outcomes = new Map<Address, ChangeOutcome>()
  let isStopped = false
  const record = (change: Change, result: ChangeResult): void => {
    outcomes.set(change.address, { address: change.address, change, result })
    run.reporter.report({
      subject: change.address,
      phase: 'apply',
      done: outcomes.size,
      total: changes.length,
    })
  }
  const guard = async (work: () => Promise<void>): Promise<Failure | undefined> => {
    try {
      stopIfAborted(run.signal)
      await work()
      return undefined
    } catch (error) {
      const { failure, isFatal } = judgeError(error, run.signal)
      isStopped ||= isFatal
      return failure
    }
  }
  for (const step of stepsOf(changes)) {
    for (const change of step) {
      if (isStopped) {
        record(change, { kind: 'skipped' })
        continue
      }
      const unfinished = findUnfinishedRename(change, outcomes)
      if (unfinished) {
        record(change, { kind: 'waiting', why: `${unfinished} is not renamed yet` })
        continue
      }
      const failure = await guard(async () => record(change, await applyChange(run, change, input)))
      if (failure) record(change, { kind: 'failed', failure })
    }
    if (isStopped) continue
    const sent = chooseSent(step, outcomes)
    if (sent.size === 0) continue
    const failure = await guard(() => confirmListed(run, sent))
    const why = failure
      ? `accepted, but MoEngage's list could not be read: ${failure.detail}`
      : 'accepted by MoEngage, but not in its list yet'
    for (const { address } of await findPending(run, sent)) markWaiting(outcomes, address, why)
  }
  return [...outcomes.values()]
}

/** What follows a renamed cohort must not go ahead of it: a name that was given up is never given again. */
const findUnfinishedRename = (
  { kind, action, audience }: Change,
  outcomes: ReadonlyMap<Address, ChangeOutcome>,
): Address | undefined => {
  if (kind === 'source' || kind === 'cohort' || action === 'retire' || action === 'forget') return undefined
  const cohort = outcomes.get(cohortAddress(audience))
  return cohort && isReplacement(cohort.change) && cohort.result.kind !== 'done' ? cohort.address : undefined
}

/** Cohorts that were sent something: those that wait for a first member are in no list. */
const chooseSent = (
  step: readonly Change[],
  outcomes: ReadonlyMap<Address, ChangeOutcome>,
): ReadonlySet<Address> =>
  new Set(
    step
      .filter(isNewCohort)
      .map(({ address }) => address)
      .filter(address => outcomes.get(address)?.result.kind !== 'waiting'),
  )

const isNewCohort = ({ kind, action }: Change): boolean =>
  kind === 'cohort' && action !== 'retire' && action !== 'forget'

/** Sources, then cohorts, then the rest: what follows needs the ids that the vendors give. */
const stepsOf = (changes: readonly Change[]): readonly (readonly Change[])[] => [
  changes.filter(change => !isNewCohort(change) && isNewSource(change)),
  changes.filter(isNewCohort),
  changes.filter(change => !isNewCohort(change) && !isNewSource(change)),
]

const isNewSource = ({ kind, action }: Change): boolean =>
  kind === 'source' && action !== 'retire' && action !== 'forget'

const applyChange = async (
  run: Run,
  change: Change,
  { audiences, observed }: ApplyInput,
): Promise<ChangeResult> => {
  const audience = audiences.get(change.audience)
  await moveToNewId(run, change)
  switch (change.action) {
    case 'retire':
      return retire(run, change)
    case 'forget':
      return forgetObject(run, change)
    case 'create':
    case 'update':
    case 'adopt':
    case 'rename':
    case 'none':
      return settle(run, change, { audience, observed })
    default:
      return unreachable(change.action)
  }
}

const retire = (run: Run, change: Change): Promise<ChangeResult> => {
  switch (change.kind) {
    case 'source':
      return retireSource(run, change)
    case 'cohort':
      return retireCohort(run, change)
    case 'binding':
      return retireBinding(run, change)
    case 'sendable':
      return retireSendable(run, change)
    default:
      return unreachable(change.kind)
  }
}

interface Declared {
  readonly audience: Audience | undefined
  readonly observed: Observed
}

const settle = async (run: Run, change: Change, declared: Declared): Promise<ChangeResult> => {
  if (change.action === 'rename' && change.attributes.every(({ attribute }) => attribute === 'address'))
    return { kind: 'done', note: 'the record moved; no vendor was called' }
  switch (change.kind) {
    case 'source':
      return applySource(run, change, declared.audience)
    case 'cohort':
      return applyCohort(run, change, declared.audience)
    case 'binding':
      return applyBinding(run, change, declared)
    case 'sendable':
      return applySendable(run, change, declared.audience)
    default:
      return unreachable(change.kind)
  }
}

const applyCohort = (run: Run, change: Change, audience: Audience | undefined): Promise<ChangeResult> => {
  if (change.action === 'adopt') return adoptCohort(run, change)
  return isReplacement(change) ? renameCohort(run, change, audience) : createCohort(run, change, audience)
}

/** An accepted cohort is done only once MoEngage's list has shown it. */
const markWaiting = (outcomes: Map<Address, ChangeOutcome>, address: Address, why: string): void => {
  const outcome = outcomes.get(address)
  if (outcome?.result.kind === 'done') outcomes.set(address, { ...outcome, result: { kind: 'waiting', why } })
}
