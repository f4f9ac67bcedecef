import { type Address, audienceOfKey } from '../model/plan.ts'
import type { RecordedObject, RecordedState, Tombstone } from '../model/recorded.ts'
import type { Instant } from '../model/time.ts'
import { cohortAddress } from '../plan/address.ts'
import { findRenamed } from '../plan/lineage.ts'
import { buryName, moveRecord } from './apply-record.ts'
import { foresee } from './move-audience.ts'

/** A record without the renames that were under way, and the names that these have used up. */
export interface Undone {
  readonly state: RecordedState
  readonly given: readonly string[]
}

/**
 * Takes back renames that the lost ledger can no longer finish: who was to be carried over is not known, and others
 * still point at the former cohort. It is the audience's again; the new name may have been sent, and is used up.
 */
export const undoRenames = (state: RecordedState, now: Instant): Undone => {
  const tombstones = new Map<string, Tombstone>(state.tombstones)
  const given: string[] = []
  let objects = state.objects
  for (const id of findRenamed(state)) {
    const cohort = objects.get(cohortAddress(id))
    const former = [...objects.values()].findLast(each => isFormer(each, id))
    if (cohort?.status !== 'pending' || !former) continue
    const tombstone = buryName({ now }, cohort, 'renamed')
    if (tombstone) tombstones.set(tombstone.name, tombstone)
    given.push(String(cohort.attributes.name))
    const place = { address: cohort.address, audience: cohort.audience }
    objects = foresee(objects, [
      { kind: 'drop-object', address: cohort.address },
      ...moveRecord({ ...state, objects }, former, place),
    ])
  }
  return { state: { ...state, objects: withoutLoading(objects), tombstones }, given }
}

const isFormer = ({ kind, audience }: RecordedObject, id: string): boolean =>
  kind === 'cohort' && audience !== id && audienceOfKey(audience) === id

const withoutLoading = (objects: RecordedState['objects']): RecordedState['objects'] =>
  new Map(
    [...objects].map(([address, { carriesFrom: _lost, ...object }]): [Address, RecordedObject] => [
      address,
      object,
    ]),
  )
