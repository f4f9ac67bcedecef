import { findPromotions } from '../promotions.ts'
import { type Guard, refuseUnlessAllowed } from './guard.ts'

/** Nobody but testers is sent what was not sent to testers first, where the workspace says so. */
export const checkEvidence: Guard = ({ isQaRequired, isOffline, view: { recorded }, ...input }) => {
  // Without a store nobody knows what was tried.
  if (!isQaRequired || isOffline) return []
  return findPromotions({ ...input, recorded })
    .filter(({ evidence }) => evidence === undefined)
    .map(({ change, stage, tried }) =>
      refuseUnlessAllowed(
        'no-qa-evidence',
        {
          summary: 'An audience would go live that was not sent to its testers',
          detail:
            `${change.address}: the stage "${stage}" needs a complete sync of ${tried.source} by ${tried.identifier} ` +
            'in the stage "qa", and none is recorded.',
        },
        change.audience,
      ),
    )
}
