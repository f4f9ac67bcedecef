import type { Audience } from '../model/audience.ts'
import type { Member } from '../model/membership.ts'
import type { ChangeResult } from '../model/outcome.ts'
import type { Change } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import type { StoreWrite } from '../model/store-write.ts'
import { afterChange } from './apply-attributes.ts'
import { cohortRef } from './push.ts'
import { findFirstMember } from './read-first.ts'
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

/** Sends the first rightful member there is. */
export const bear = async (
  run: Run,
  cohort: RecordedObject,
  { audience, isNew }: Birth,
): Promise<ChangeResult> => {
  const first = audience.rollout.stage.kind === 'paused' ? undefined : await findFirstMember(run, audience)
  if (!first)
    return { kind: 'waiting', why: 'it has nobody to send yet; a cohort is born with its first member' }
  await makeJournalledCall(
    run,
    { address: cohort.address, operation: 'create cohort', count: 1 },
    () => run.writer.destination.changeMembers(cohortRef(cohort, audience), 'add', [first.identifier]),
    birthWrites(run, cohort, { first, isNew }),
  )
  return { kind: 'done' }
}

const birthWrites = (
  run: Run,
  cohort: RecordedObject,
  { first, isNew }: { readonly first: Member; readonly isNew: boolean },
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
    accepted: (): StoreWrite[] => [{ kind: 'member', audience, member: first, at: run.now }],
    refused: [markFirst('withdrawn'), ...(isNew ? [drop] : [])],
    // Contrary calls wait from the last attempt on, which may be minutes younger than the first one.
    unknown: () => [markFirst('open', run.clock.now())],
  }
}
