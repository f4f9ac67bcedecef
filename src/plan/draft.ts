import type { Audience, AudienceId } from '../model/audience.ts'
import type { Address, Belief, Change } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import type { Workspace } from '../model/workspace.ts'
import type { Believed } from './believed.ts'
import { attributeNames, weakestBelief } from './compare.ts'
import type { DesiredObject } from './graph.ts'
import type { Lineage } from './lineage.ts'
import type { View } from './view.ts'

export interface DiffInput {
  readonly workspace: Workspace
  /** By id. */
  readonly audiences: ReadonlyMap<AudienceId, Audience>
  /** Under the names that they get: see `nameGenerations`. */
  readonly desired: readonly DesiredObject[]
  /** The same under their declared names, by address. */
  readonly declared: ReadonlyMap<Address, DesiredObject>
  /** What suspended audiences would ask for. */
  readonly suspended: readonly DesiredObject[]
  readonly lineage: Lineage
  readonly view: View
  /** Addresses in MoEngage by the vendor's id, as they will be: see `withAdoptable`. */
  readonly addressesAfter: ReadonlyMap<string, Address>
}

/** A change before its calls are counted, with the belief of every value that was compared for it. */
export type DraftChange = Omit<Change, 'calls' | 'belief'> & { readonly compared: readonly ComparedBelief[] }

export interface ComparedBelief {
  readonly belief: Belief
  readonly recordedAt?: string
}

/** How far each value of a record can be trusted, those that are declared only included. */
export const beliefsOf = (
  { attributes, recordedAt }: RecordedObject,
  { beliefs }: Believed,
  desired?: DesiredObject,
): readonly ComparedBelief[] =>
  attributeNames(attributes, desired?.attributes ?? {}).map(attribute => {
    const belief = beliefs[attribute] ?? 'recorded'
    return belief === 'read' ? { belief } : { belief, recordedAt }
  })

/** The change with its weakest belief, without what was only needed to count. */
export const closeDraft = ({ compared, ...draft }: DraftChange): Omit<Change, 'calls'> => ({
  ...draft,
  belief: weakestBelief([...compared, ...draft.attributes].map(({ belief }) => belief)),
})
