import type { Audience } from '../model/audience.ts'
import { invariant } from '../model/invariant.ts'
import type { ChangeResult } from '../model/outcome.ts'
import type { Change } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import { findRenamed } from '../plan/lineage.ts'
import { LISTED } from '../plan/listing.ts'
import { bear, newCohort } from './bear-cohort.ts'
import { carryOver, sendAgain } from './rename-cohort.ts'
import { journal, type Run } from './run.ts'

/**
 * A cohort is born with its first accepted member; an empty call may create nothing, so one rightful member of the
 * source is sent, and stands in the ledger from then on. It is recorded as pending before the call: whatever happens
 * to the call, the name is known to be ours. An update means that a pending one is looked for, and sent again.
 * Source: vendors' fact sheet for MoEngage, sections 2.4 and 8.
 */
export const createCohort = async (
  run: Run,
  change: Change,
  audience: Audience | undefined,
): Promise<ChangeResult> => {
  const listing = change.attributes.find(({ attribute }) => attribute === LISTED)?.before
  if (listing === 'now') return { kind: 'done' }
  invariant(audience, `${change.address} is created without a spec`)
  const state = await run.store.readState()
  const recorded = state.objects.get(change.address)
  if (recorded?.carriesFrom !== undefined) return carryOver(run, recorded, audience)
  if (recorded && findRenamed(state).has(recorded.audience)) return sendAgain(run, recorded, audience)
  return bear(run, recorded ?? newCohort(run, change, {}), { audience, isNew: recorded === undefined })
}

/** Takes over what is there: from now on it is ours to fill, and its members so far stay unknown. */
export const adoptCohort = async (run: Run, change: Change): Promise<ChangeResult> => {
  invariant(change.remoteId !== undefined, `${change.address} is adopted without an id`)
  const object: RecordedObject = {
    ...newCohort(run, change, {}),
    status: 'seen',
    remoteId: change.remoteId,
    origin: 'adopted',
  }
  await run.store.commit([
    { kind: 'object', object },
    { kind: 'drop-tombstone', name: String(object.attributes.name) },
    journal(run, { address: change.address, operation: 'adopt cohort' }, 'accepted'),
  ])
  return { kind: 'done', note: 'members that others sent to it are not known, and stay' }
}
