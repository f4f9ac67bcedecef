import type { Attributes, Change, PlanValue } from '../model/plan.ts'
import { LISTED } from '../plan/listing.ts'

/** Where an object stands is not what it is like, and whether a vendor lists it is looked at each time. */
const NEVER_RECORDED: ReadonlySet<string> = new Set([LISTED, 'address'])

/** Attributes after the change: what was recorded, with each changed value replaced or taken away. */
export const afterChange = (recorded: Attributes, change: Change): Attributes => {
  const next = new Map<string, PlanValue>(Object.entries(recorded))
  for (const { attribute, after } of change.attributes) {
    if (NEVER_RECORDED.has(attribute)) continue
    if (after === undefined) next.delete(attribute)
    else next.set(attribute, after)
  }
  return Object.fromEntries(next)
}
