import type { Audience } from '../model/audience.ts'
import type { Facts } from '../model/facts.ts'
import type { RecordedState } from '../model/recorded.ts'
import { bindingAddress } from './address.ts'

/** What rules may know of the store. An audience that got another id is still judged by what it was. */
export const gatherFacts = (
  audiences: readonly Audience[],
  { objects, members, synced, evidence }: RecordedState,
): Facts => {
  const recorded = audiences.map(({ id, movedFrom }) => ({
    id,
    key: movedFrom !== undefined && !objects.has(bindingAddress(id)) ? movedFrom : id,
  }))
  return {
    members: new Map(
      recorded.flatMap(({ id, key }) => (synced.has(key) ? [[id, members.get(key) ?? 0] as const] : [])),
    ),
    stages: new Map(
      recorded.flatMap(({ id, key }) => {
        const stage = objects.get(bindingAddress(key))?.attributes.stage
        return stage === undefined ? [] : [[id, String(stage)] as const]
      }),
    ),
    tried: new Set(recorded.filter(({ key }) => evidence.has(key)).map(({ id }) => id)),
  }
}
