import type { IncompleteReason, ReadOutcome } from '../model/membership.ts'

export interface ReadFacts {
  readonly wasFinishedBefore: boolean
  readonly wasFinishedAfter: boolean
  readonly countBefore: number
  readonly countAfter: number
  readonly peopleRead: number
  /** Something that paging itself met, if anything. */
  readonly trouble?: IncompleteReason
}

/** People may come and go while pages are read; beyond one in a thousand the pages were not one segment. */
const TOLERANCE = 0.001

/**
 * Whether the pages, together, are the segment. Customer.io states nothing about order or isolation while paging,
 * so the read is bracketed by its own counts and only a complete one may lead to a removal.
 */
export const judgeRead = (facts: ReadFacts): ReadOutcome => {
  if (!facts.wasFinishedBefore || !facts.wasFinishedAfter)
    return { kind: 'incomplete', reason: 'still-building' }
  if (facts.trouble) return { kind: 'incomplete', reason: facts.trouble }
  const fewest = Math.min(facts.countBefore, facts.countAfter)
  const most = Math.max(facts.countBefore, facts.countAfter)
  const slack = Math.floor(most * TOLERANCE)
  const isWithin = facts.peopleRead >= fewest - slack && facts.peopleRead <= most + slack
  return isWithin ? { kind: 'complete' } : { kind: 'incomplete', reason: 'count-disagrees' }
}
