import type { Audience } from '../model/audience.ts'
import { type Failure, FailureError, failureOf } from '../model/failure.ts'
import type { Member } from '../model/membership.ts'
import type { ChangeResult } from '../model/outcome.ts'
import type { Change } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import type { StoreWrite } from '../model/store-write.ts'
import { afterChange } from './apply-attributes.ts'
import { cohortRef } from './push.ts'
import { mayBeOfOneMember } from './push-batch.ts'
import { findRightful } from './read-first.ts'
import { makeJournalledCall, type Run } from './run.ts'

/** The record of a cohort that is about to be made; what it replaces keeps its words. */
export const newCohort = (run: Run, change: Change, former: Partial<RecordedObject>): RecordedObject => ({
  address: change.address,
  kind: 'cohort',
  audience: change.audience,
  attributes: afterChange(former.attributes ?? {}, change),
  status: 'pending',
  recordedAt: run.now,
  origin: 'created',
})

interface Birth {
  readonly audience: Audience
  /** Not recorded yet: a refusal takes the record back. */
  readonly isNew: boolean
}

/** So many first members refused by themselves: then it is not the members. */
const MOST_REFUSED = 5

/** Sends the first rightful member that MoEngage takes. */
export const bear = async (
  run: Run,
  cohort: RecordedObject,
  { audience, isNew }: Birth,
): Promise<ChangeResult> => {
  const isPaused = audience.rollout.stage.kind === 'paused'
  const refused: Member[] = []
  let refusal: Failure | undefined
  for await (const first of isPaused ? [] : findRightful(run, audience)) {
    refusal = await sendFirst(run, cohort, { audience, isNew, first, refused })
    if (!refusal) return { kind: 'done' }
    refused.push(first)
    if (refused.length === MOST_REFUSED) break
  }
  if (refusal) throw new FailureError(refusal)
  return { kind: 'waiting', why: 'it has nobody to send yet; a cohort is born with its first member' }
}

interface FirstMember extends Birth {
  readonly first: Member
  /** Whom MoEngage refused before. Once it takes another, the refusals were about them. */
  readonly refused: readonly Member[]
}

/** Answers the refusal when it may be this member's fault; every other failure is thrown. */
const sendFirst = async (
  run: Run,
  cohort: RecordedObject,
  { audience, ...birth }: FirstMember,
): Promise<Failure | undefined> => {
  try {
    await makeJournalledCall(
      run,
      { address: cohort.address, operation: 'create cohort', count: 1 },
      () =>
        run.writer.destination.changeMembers(cohortRef(cohort, audience), 'add', [birth.first.identifier]),
      birthWrites(run, cohort, birth),
    )
    return undefined
  } catch (error) {
    const failure = failureOf(error)
    if (failure && mayBeOfOneMember(failure)) return failure
    throw error
  }
}

const birthWrites = (
  run: Run,
  cohort: RecordedObject,
  { first, isNew, refused }: Omit<FirstMember, 'audience'>,
) => {
  const { audience } = cohort
  const openedAt = run.clock.now()
  const markFirst = (is: 'open' | 'withdrawn', at = openedAt): StoreWrite => ({
    kind: 'unsettled',
    audience,
    identifier: first.identifier,
    direction: 'add',
    is,
    at,
  })
  const record: StoreWrite = { kind: 'object', object: cohort }
  // A cohort that was never listed may have lost whatever it was sent before.
  const doubt: StoreWrite = { kind: 'doubt-all', audience }
  const drop: StoreWrite = { kind: 'drop-object', address: cohort.address }
  return {
    intent: [isNew ? record : doubt, markFirst('open')],
    accepted: (): StoreWrite[] => [
      { kind: 'member', audience, member: first, at: run.now },
      ...refused.map(
        ({ identifier }): StoreWrite => ({ kind: 'rejected', audience, identifier, at: run.now }),
      ),
    ],
    refused: [markFirst('withdrawn'), ...(isNew ? [drop] : [])],
    // Contrary calls wait from the last attempt on, which may be minutes younger than the first one.
    unknown: () => [markFirst('open', run.clock.now())],
  }
}
