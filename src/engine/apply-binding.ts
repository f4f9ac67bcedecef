import { invariant } from '../model/invariant.ts'
import type { ChangeResult } from '../model/outcome.ts'
import type { Change } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import type { StoreWrite } from '../ports.ts'
import { afterChange } from './apply-attributes.ts'
import { journal, type Run } from './run.ts'

/** Records how a segment feeds a cohort. It lives in our store alone: no vendor is called. */
export const applyBinding = async (run: Run, change: Change): Promise<ChangeResult> => {
  const call = { address: change.address, operation: `${change.action} binding` }
  const writes = change.action === 'retire' ? dropBinding(change) : await recordBinding(run, change)
  await run.store.commit([...writes, journal(run, call, 'accepted')])
  return { kind: 'done' }
}

const dropBinding = (change: Change): StoreWrite[] => [
  { kind: 'drop-object', address: change.address },
  { kind: 'synced', audience: change.audience },
]

const recordBinding = async (run: Run, change: Change): Promise<StoreWrite[]> => {
  const recorded = (await run.store.readState()).objects.get(change.address)
  invariant(change.action === 'create' || recorded, `${change.address} is updated, but was never recorded`)
  const attributes = afterChange(recorded?.attributes ?? {}, change)
  const object: RecordedObject = {
    address: change.address,
    kind: 'binding',
    audience: change.audience,
    attributes,
    status: 'seen',
    recordedAt: run.now,
  }
  return [{ kind: 'object', object }, ...(isNewStage(change) ? [beginFirstLoad(change)] : [])]
}

/** A reviewed change of stage is meant to change the size: the next sync is judged as a first load. */
const isNewStage = ({ attributes }: Change): boolean =>
  attributes.some(({ attribute }) => attribute === 'stage')

const beginFirstLoad = ({ audience }: Change): StoreWrite => ({ kind: 'synced', audience })
