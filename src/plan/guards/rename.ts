import { compareText } from '../../model/diagnostic.ts'
import { type Change, isReplacement, OBJECT_KINDS } from '../../model/plan.ts'
import type { RecordedObject } from '../../model/recorded.ts'
import { addressOf } from '../address.ts'
import { isGone } from '../listing.ts'
import { findReferring } from '../references.ts'
import { type Guard, type GuardInput, refuse } from './guard.ts'

/** Whom an interrupted rename did not carry over yet would be missing in the next cohort. */
export const checkUnfinishedRename: Guard = ({ changes, lineage, view: { renamed } }) =>
  changes.flatMap(change => {
    if (change.kind !== 'cohort') return []
    const recorded = lineage.recordOf(change)
    if (isReplacement(change) && recorded?.carriesFrom !== undefined) {
      return [
        refuse('guard/unfinished-rename', {
          summary: UNFINISHED,
          detail: `${change.address}: "${recorded.attributes.name}" does not hold everybody of ${recorded.carriesFrom} yet.`,
          hint: `apply once with the name "${recorded.attributes.name}", then rename again`,
        }),
      ]
    }
    if (change.from === undefined || !recorded || !renamed.has(recorded.audience)) return []
    return [
      refuse('guard/unfinished-rename', {
        summary: UNFINISHED,
        detail: `${change.address}: what a rename of "${recorded.audience}" left behind is not drained yet.`,
        hint: `apply once under the id "${recorded.audience}", then move it`,
      }),
    ]
  })

const UNFINISHED = 'A rename is under way already'

/** Everyone recorded is carried over, and nobody else: of whom nothing is recorded would lose their suppression. */
export const checkUnsyncedRename: Guard = ({ changes, isOffline, lineage, view: { recorded } }) =>
  changes.flatMap(change => {
    // Of one that is lost nobody is left out any more: all that can be known is better than nobody.
    const former = isReplacement(change) && !isGone(change) ? lineage.recordOf(change) : undefined
    if (isOffline || !former || former.carriesFrom !== undefined || recorded.synced.has(former.audience))
      return []
    const relying = findReferring(recorded, former.address).filter(
      ({ audience }) => audience !== former.audience,
    )
    if (relying.length === 0) return []
    return [
      refuse('guard/unsynced-rename', {
        summary: 'Who is in the cohort is not fully known',
        detail: `${change.address}: it was not synced to its end since it was made, or since its stage or identifier changed, and its members are left out by ${listAddresses(relying)}. A new cohort would hold the ${recorded.members.get(former.audience) ?? 0} recorded ones alone.`,
        hint: `set name back to "${former.attributes.name}", then muster sync --only ${former.audience} --full (not while it is paused); rename it after that`,
      }),
    ]
  })

/** A sendable segment that goes on pointing at the former cohort would leave out whom nobody keeps right any more. */
export const checkPartialRename: Guard = input =>
  input.changes.flatMap(change => {
    const former = isReplacement(change) ? input.lineage.recordOf(change) : undefined
    if (!former) return []
    const left = findReferring(input.view.recorded, former.address).filter(
      object => !isChanged(object, input),
    )
    if (left.length === 0) return []
    return [
      refuse('guard/partial-rename', {
        summary: 'Not everything that points at the cohort would follow',
        detail: `${change.address}: ${listAddresses(left)} would still point at "${former.attributes.name}".`,
        hint: 'leave out --only, or name those audiences too; take suspend away from those that have it',
      }),
    ]
  })

const isChanged = ({ address }: RecordedObject, { changes, lineage }: GuardInput): boolean =>
  changes.some(
    change =>
      change.action !== 'none' && change.action !== 'forget' && lineage.recordOf(change)?.address === address,
  )

const listAddresses = (objects: readonly Pick<Change, 'address'>[]): string =>
  objects
    .map(({ address }) => address)
    .sort(compareText)
    .join(', ')

/** Two records cannot become one: one of both cohorts would be emptied. */
export const checkMoveTarget: Guard = ({ audiences, view: { recorded } }) =>
  audiences.flatMap(({ id, movedFrom }) => {
    const both = OBJECT_KINDS.filter(
      kind =>
        movedFrom !== undefined &&
        recorded.objects.has(addressOf(kind, id)) &&
        recorded.objects.has(addressOf(kind, movedFrom)),
    )
    if (both.length === 0) return []
    return [
      refuse('guard/id-in-use', {
        summary: 'The new id has a record of its own',
        detail: `${id}: ${both.map(kind => addressOf(kind, id)).join(', ')} is recorded, and so is what would be moved there from "${movedFrom}".`,
        hint: 'move to an id that is new, or take moved_from away and retire the former audience',
      }),
    ]
  })
