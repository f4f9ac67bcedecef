import { compareText } from '../model/diagnostic.ts'
import type { PlanAllowance } from '../model/plan.ts'
import type { RecordedState } from '../model/recorded.ts'

/** What a person typed is kept whole in the journal; a plan has room for so much of it. */
const LONGEST_REASON = 500

/**
 * Guards that were let pass in syncs since the last apply, for whoever reviews next. No part of what is reviewed: they
 * have had their effect, and a sync between review and apply makes no plan stale.
 */
export const describeAllowances = (
  { allowances }: Pick<RecordedState, 'allowances'>,
  isChosen: (audience: string) => boolean,
): readonly PlanAllowance[] =>
  [...allowances.values()]
    .filter(({ audience }) => isChosen(audience))
    .map(({ audience, guard, reason, at }) => ({ audience, guard, reason: shorten(reason), at }))
    .sort((a, b) => compareText(a.audience, b.audience) || compareText(a.guard, b.guard))

const shorten = (reason: string): string => {
  const told = reason.toWellFormed()
  return told.length <= LONGEST_REASON ? told : `${told.slice(0, LONGEST_REASON - 1).toWellFormed()}…`
}
