import type { Attributes, Change, PlanValue } from '../model/plan.ts'

/** Attributes after the change: what was recorded, with each changed value replaced or taken away. */
export const afterChange = (recorded: Attributes, change: Change): Attributes => {
  const next = new Map<string, PlanValue>(Object.entries(recorded))
  for (const { attribute, after } of change.attributes) {
    if (after === undefined) next.delete(attribute)
    else next.set(attribute, after)
  }
  return Object.fromEntries(next)
}
