import { isReplacement } from '../../model/plan.ts'
import { isGone } from '../listing.ts'
import { attributeOf, type Guard, type GuardedChange, refuse, refuseUnlessAllowed } from './guard.ts'

/** Active segments of all kinds that a workspace may hold. Source: MoEngage's fact sheet, section 6; it can be raised. */
export const SEGMENT_LIMIT = 1_000

/** New cohorts past the limit are dropped without a word, so the plan counts first. */
export const checkSegmentLimit: Guard = ({ changes, view }) => {
  if (view.segments.kind !== 'read') return []
  const added = changes.filter(isNewSegment).length
  const listed = view.segments.value.size
  if (added === 0 || listed + added <= SEGMENT_LIMIT) return []
  return [
    refuseUnlessAllowed('segment-limit', {
      summary: 'MoEngage would hold more segments than it allows',
      detail: `It lists ${listed}, the plan adds ${added}: ${listed + added}, where a workspace may have ${SEGMENT_LIMIT} active ones.`,
    }),
  ]
}

const isNewSegment = (change: GuardedChange): boolean =>
  isReplacement(change) ||
  (change.kind === 'sendable' && change.action === 'rename' && isGone(change)) ||
  (change.action === 'create' && (change.kind === 'cohort' || change.kind === 'sendable'))

/**
 * Segments that one definition may refer to. Whether cohorts count is not said clearly, so they do here. A sendable
 * segment refers to cohorts, which refer to nothing: two levels of the six that MoEngage allows.
 * Source: MoEngage's fact sheet, section 3.4.
 */
export const REFERENCE_LIMIT = 10

/** A definition that MoEngage would refuse as too complex. */
export const checkComplexity: Guard = ({ changes }) =>
  changes.flatMap(change => {
    const exclude = attributeOf(change, 'exclude')?.after
    if (change.kind !== 'sendable' || !Array.isArray(exclude) || exclude.length < REFERENCE_LIMIT) return []
    return [
      refuse('guard/too-complex', {
        summary: 'The sendable segment would refer to too many segments',
        detail: `${change.address}: its cohort and ${exclude.length} suppressions, where MoEngage takes ${REFERENCE_LIMIT} in all.`,
        hint: `leave at most ${REFERENCE_LIMIT - 1} in suppressed_by, or put several into one suppression audience`,
      }),
    ]
  })
