import { chooseAssertion, isUnderWay } from '../membership/reassert.ts'
import type { AudienceId } from '../model/audience.ts'
import type { AssertionReason, RecordedObject, RecordedState } from '../model/recorded.ts'
import type { StoreWrite } from '../model/store-write.ts'
import { cohortAddress } from '../plan/address.ts'
import type { PushTally } from './push-batch.ts'
import { journal, type Run } from './run.ts'
import type { Slots } from './slots.ts'
import type { PreparedSync } from './sync-audience.ts'
import { openPreparedPush, timePush } from './sync-push.ts'

/** Calls that may still be made in this run to send members again, all audiences together. */
export interface AgainBudget {
  left: number
}

/** What a person asked for is not cut short. */
export const createAgainBudget = (run: Run, isAsked: boolean): AgainBudget => ({
  left: isAsked ? Number.POSITIVE_INFINITY : run.workspace.reassert.callsPerRun,
})

/** Why this cohort's members are sent again in this run, if they are. */
export const chooseReason = (
  run: Run,
  { asserted }: RecordedState,
  { audience, recordedAt }: RecordedObject,
  isAsked: boolean,
): AssertionReason | undefined => {
  const assertion = asserted.get(audience)
  return chooseAssertion({
    ...(assertion ? { assertion } : {}),
    recordedAt,
    now: run.now,
    everyMs: run.workspace.reassert.everyMs,
    isAsked,
  })
}

/**
 * Notes that all members begin to be sent again, unless that is under way and goes on where it was left. Before the
 * comparison: it lists those who come after that place.
 */
export const beginAssertion = async (
  run: Run,
  { asserted }: RecordedState,
  { audience, reason }: { readonly audience: AudienceId; readonly reason: AssertionReason },
): Promise<void> => {
  if (isUnderWay(asserted.get(audience), reason)) return
  await run.store.commit([
    { kind: 'assertion', audience, is: 'begun', at: run.now, reason },
    journal(run, toCall(audience), 'intent', reason),
  ])
}

export interface AgainTerms {
  readonly budget: AgainBudget
  /** Taken for each call, so that audiences take turns when there is not enough for all of them. */
  readonly slots: Slots
}

/**
 * Sends members that nothing is wrong with, as far as the budget goes; the next run goes on from there. Where nobody
 * may be added, nobody is added again either: what stopped the one doubts the other.
 */
export const sendAgain = async (
  run: Run,
  prepared: PreparedSync,
  { budget, slots }: AgainTerms,
): Promise<PreparedSync> => {
  const { audience, delta, again, line, stopped, tally } = prepared
  if (again === undefined || stopped.has('add')) return prepared
  line.total += delta.counts.again
  const push = openPreparedPush(run, prepared, 'again')
  const sendNext = (): Promise<AgainStep> =>
    slots.use(async () => {
      if (budget.left <= 0) return 'out of budget'
      const callsBefore = tally.again.calls
      // Taken before the call: others look while it is under way.
      budget.left -= 1
      const hasMore = await push.sendNext()
      budget.left -= tally.again.calls - callsBefore - 1
      return hasMore ? 'sent' : 'through'
    })
  const end = await timePush(run, prepared, async () => {
    let step: AgainStep = delta.counts.again > 0 ? 'sent' : 'through'
    while (step === 'sent') step = await sendNext()
    return step
  })
  if (end === 'through') {
    const { isTrusted } = prepared
    await run.store.commit(
      describeThrough(run, audience.id, { reason: again, isTrusted, tally: tally.again }),
    )
  }
  return prepared
}

type AgainStep = 'sent' | 'through' | 'out of budget'

interface AgainEnd {
  readonly reason: AssertionReason
  readonly isTrusted: boolean
  readonly tally: PushTally
}

/** A doubtful read left somebody out, so that all of it begins once more. */
const describeThrough = (
  run: Run,
  audience: AudienceId,
  { reason, isTrusted, tally }: AgainEnd,
): readonly StoreWrite[] => [
  { kind: 'assertion', audience, is: isTrusted ? 'done' : 'begun', at: run.now, reason },
  journal(run, { ...toCall(audience), count: tally.members }, 'accepted', reason),
]

const toCall = (audience: AudienceId) => ({
  address: cohortAddress(audience),
  operation: 'send members again',
})
