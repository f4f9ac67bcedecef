import type { Audience } from '../model/audience.ts'
import type { ChangeResult } from '../model/outcome.ts'
import type { Attributes, Change } from '../model/plan.ts'
import { valueRead } from '../model/reading.ts'
import type { RecordedObject } from '../model/recorded.ts'
import type { StoreWrite } from '../model/store-write.ts'
import { cohortAddress } from '../plan/address.ts'
import { hintsOfSegment } from '../plan/drift.ts'
import type { Observed } from '../plan/observed.ts'
import { afterChange } from './apply-attributes.ts'
import { journal, type Run } from './run.ts'

/** Records how a segment feeds a cohort. It lives in our store alone: no vendor is called. */
export const applyBinding = async (
  run: Run,
  change: Change,
  { audience, observed }: { readonly audience: Audience | undefined; readonly observed: Observed },
): Promise<ChangeResult> => {
  const recorded = (await run.store.readState()).objects.get(change.address)
  const attributes = afterChange(recorded?.attributes ?? {}, change)
  const isSameSegment = recorded?.attributes.source_segment === attributes.source_segment
  // An edit that nobody has seen in a plan is not taken note of in passing.
  const hints = (isSameSegment ? recorded?.hints : undefined) ?? (audience && hintsFor(audience, observed))
  const object: RecordedObject = {
    address: change.address,
    kind: 'binding',
    audience: change.audience,
    attributes,
    status: 'seen',
    recordedAt: run.now,
    origin: recorded?.origin ?? 'created',
    ...(hints ? { hints } : {}),
  }
  await run.store.commit([
    { kind: 'object', object },
    ...(isNewStage(change) ? [beginFirstLoad(change)] : []),
    journal(run, { address: change.address, operation: `${change.action} binding` }, 'accepted'),
  ])
  return { kind: 'done' }
}

/** What Customer.io showed of the segment when this was planned: a later look can tell whether it was edited. */
const hintsFor = ({ source }: Audience, { sourceSegments }: Observed): Attributes | undefined => {
  const segment = source.kind === 'segment' ? valueRead(sourceSegments)?.get(source.segmentId) : undefined
  return segment && hintsOfSegment(segment)
}

/** Drops the record of how a segment fed a cohort. */
export const retireBinding = async (run: Run, change: Change): Promise<ChangeResult> => {
  const cohort = cohortAddress(change.audience)
  // It remembers what the audience is for: needed as long as there is a cohort.
  if ((await run.store.readState()).objects.has(cohort))
    return { kind: 'waiting', why: `${cohort} is not retired yet` }
  await run.store.commit([
    { kind: 'drop-object', address: change.address },
    { kind: 'synced', audience: change.audience },
    journal(run, { address: change.address, operation: 'retire binding' }, 'accepted'),
  ])
  return { kind: 'done' }
}

/** A reviewed change of stage or identifier is meant to change the size: the next sync is judged as a first load. */
const isNewStage = ({ attributes }: Change): boolean =>
  attributes.some(({ attribute }) => attribute === 'stage' || attribute === 'identifier')

const beginFirstLoad = ({ audience }: Change): StoreWrite => ({ kind: 'synced', audience })
