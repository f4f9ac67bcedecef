import { unreachable } from '../model/invariant.ts'
import { audienceOfKey, type Change, type MembershipEffect } from '../model/plan.ts'
import type { RecordedObject } from '../model/recorded.ts'
import type { DiffInput } from './draft.ts'
import { isGone, LISTED } from './listing.ts'

/** What applying does to the people in each cohort. */
export const describeEffects = (
  changes: readonly Change[],
  { audiences, lineage, view: { recorded } }: DiffInput,
): readonly MembershipEffect[] =>
  changes
    .filter(({ kind }) => kind === 'cohort')
    .map(change => ({
      audience: change.audience,
      effect: audiences.get(audienceOfKey(change.audience))?.isSuspended ? 'left-as-is' : effectOf(change),
      recordedMembers: recorded.members.get(ledgerKeyOf(change, lineage.recordOf(change))) ?? 0,
    }))

/** Where the people stand that a change is about: of a rename that was cut off, with the former cohort. */
const ledgerKeyOf = ({ audience }: Change, recorded: RecordedObject | undefined): string =>
  recorded?.carriesFrom ?? recorded?.audience ?? audience

const effectOf = ({ action, attributes }: Change): MembershipEffect['effect'] => {
  if (action === 'retire' && isGone({ attributes })) return 'left-as-is'
  switch (action) {
    case 'create':
    case 'adopt':
      return 'first-load'
    case 'rename':
    case 'update':
      return attributes.some(isCarryingOver) ? 'carry-over' : 'follow-source'
    case 'retire':
      return 'remove-all'
    case 'forget':
      return 'left-as-is'
    case 'none':
      return 'follow-source'
    default:
      return unreachable(action)
  }
}

const isCarryingOver = ({ attribute, before }: Change['attributes'][number]): boolean =>
  attribute === 'cohort_id' || (attribute === LISTED && before === 'loading')
