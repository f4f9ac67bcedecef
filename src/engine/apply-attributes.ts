import type { Attributes, Change, PlanValue } from '../model/plan.ts'
import { LISTED } from '../plan/diff.ts'

/**
 * Attributes after the change: what was recorded, with each changed value replaced or taken away. Whether MoEngage
 * lists the object is looked at each time, so it is never recorded.
 */
export const afterChange = (recorded: Attributes, change: Change): Attributes => {
  const next = new Map<string, PlanValue>(Object.entries(recorded))
  for (const { attribute, after } of change.attributes) {
    if (attribute === LISTED) continue
    if (after === undefined) next.delete(attribute)
    else next.set(attribute, after)
  }
  return Object.fromEntries(next)
}
