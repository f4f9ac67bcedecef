import type { AudienceId } from '../../model/audience.ts'
import { isLeftBehind, isReplacement } from '../../model/plan.ts'
import type { RecordedObject } from '../../model/recorded.ts'
import { bindingAddress } from '../address.ts'
import { isGone } from '../listing.ts'
import { type Guard, type GuardedChange, refuse, refuseUnlessAllowed } from './guard.ts'

/** A folder that lost everything asks for everything to be taken away. */
export const checkNothingDesired: Guard = ({ declared, changes, view: { recorded } }) => {
  const retired = changes.filter(({ action }) => action === 'retire').length
  if (declared > 0 || retired === 0) return []
  return [
    refuse('guard/nothing-desired', {
      summary: 'The specs ask for nothing at all',
      detail: `No audience is declared: ${retired} of ${recorded.objects.size} recorded objects would be retired.`,
      hint: 'check --dir; to retire the last audience on purpose, leave one that is paused',
    }),
  ]
}

/** How many audiences one plan may retire, by how many are recorded: absolute, and a share of them. */
export const RETIREMENT_TIERS = [
  { recordedUpTo: 9, atMost: 2 },
  { recordedUpTo: 49, atMost: 5 },
  { recordedUpTo: 199, atMost: 10 },
  { recordedUpTo: Number.POSITIVE_INFINITY, atMost: 20 },
] as const

const MOST_RETIRED_SHARE = 0.3

/** The lower of both limits, and never less than one. */
export const retirementLimit = (recorded: number): number => {
  const tier = RETIREMENT_TIERS.find(({ recordedUpTo }) => recorded <= recordedUpTo)
  return Math.max(1, Math.min(tier?.atMost ?? 0, Math.floor(recorded * MOST_RETIRED_SHARE)))
}

/** Many files deleted at once are more often a mistake of a script than a decision. */
export const checkMassRetirement: Guard = ({ declared, changes, view: { recorded } }) => {
  // Nothing declared at all is refused for that.
  if (declared === 0) return []
  const known = new Set([...recorded.objects.values()].filter(isOwn).map(({ audience }) => audience))
  const retired = new Set(
    changes
      .filter(each => each.action === 'retire' && each.kind === 'cohort' && isOwn(each))
      .map(each => each.audience),
  )
  const limit = retirementLimit(known.size)
  if (retired.size <= limit) return []
  const members = [...retired].reduce((sum, audience) => sum + (recorded.members.get(audience) ?? 0), 0)
  return [
    refuseUnlessAllowed('mass-retirement', {
      summary: 'Many audiences would be retired at once',
      detail:
        `${retired.size} of ${known.size} recorded audiences would be retired, with ${members} recorded members; ` +
        `a plan may retire ${limit} of so many.`,
    }),
  ]
}

/** A cohort and the suppression that goes with it: nothing that a list cut short would stop at. */
const FEW_LOST = 2

/** A list that was cut short looks as if much were gone, and what is taken for gone is made anew and never emptied. */
export const checkMassLoss: Guard = ({ changes, view: { recorded } }) => {
  const known = [...recorded.objects.values()].filter(each => each.kind === 'cohort' && isOwn(each)).length
  const lost = changes.filter(each => each.kind === 'cohort' && isReplacement(each) && isGone(each)).length
  const limit = Math.max(FEW_LOST, retirementLimit(known))
  if (lost <= limit) return []
  return [
    refuse('guard/mass-loss', {
      summary: 'Many cohorts are gone at once',
      detail: `MoEngage no longer lists ${lost} of ${known} recorded cohorts; a plan may make ${limit} of so many anew.`,
      hint: 'look into MoEngage first: its list may be cut short; if they are gone, plan with --only, a few at a time',
    }),
  ]
}

/** What a rename left behind is no audience of its own. */
const isOwn = ({ audience }: Pick<RecordedObject, 'audience'>): boolean => !isLeftBehind(audience)

/** Protection is remembered with the binding, so that deleting the file does not delete the guard. */
export const checkProtected: Guard = ({ changes, lineage, view: { recorded } }) => {
  const losses = new Map<AudienceId, GuardedChange[]>()
  for (const change of changes.filter(isLoss)) {
    const audience = lineage.recordOf(change)?.audience ?? change.audience
    if (recorded.objects.get(bindingAddress(audience))?.attributes.protected !== true) continue
    losses.set(audience, [...(losses.get(audience) ?? []), change])
  }
  return [...losses].map(([audience, own]) =>
    refuse('guard/protected', {
      summary: 'A protected audience would lose something',
      detail: `${own.map(describeLoss).join(', ')}; "${audience}" was protected when it was last applied.`,
      hint: 'declare it with "protected: false", apply that, and do this in a second change',
    }),
  )
}

/** A sendable segment that goes while its audience stays is a loss too: campaigns target it. */
const isLoss = (change: GuardedChange): boolean => {
  if (change.action === 'retire' || change.action === 'forget') return isOwn(change)
  // One that is lost is no loss of this plan's making.
  return isReplacement(change) && !isGone(change)
}

const describeLoss = ({ action, address }: GuardedChange): string => {
  if (action === 'forget') return `${address} would be let go`
  return action === 'rename' ? `${address} would be replaced by a new cohort` : `${address} would be retired`
}
