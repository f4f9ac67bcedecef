import type { IncompleteReason, ReadOutcome } from '../model/membership.ts'

export interface ReadFacts {
  readonly wasFinishedBefore: boolean
  readonly wasFinishedAfter: boolean
  readonly countBefore: number
  readonly countAfter: number
  /** Distinct people: pages may show one twice while others move past them. */
  readonly people: number
  /** Answers, each of one moment. An export is one, whatever its size. */
  readonly pages: number
  /** Something that paging itself met, if anything. */
  readonly trouble?: IncompleteReason
}

/**
 * People come and go while a segment is read. One page is one answer, and so one moment: the counts around it may
 * be off by a few. Several pages are several moments, between which people can slip through: hardly any slack.
 */
const SLACK_OF_ONE_PAGE = 0.02
const SLACK_OF_MANY_PAGES = 0.001

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
  const slack = facts.pages > 1 ? Math.floor(most * SLACK_OF_MANY_PAGES) : Math.ceil(most * SLACK_OF_ONE_PAGE)
  const isSteady = most - fewest <= slack
  const isWithin = facts.people >= fewest - slack && facts.people <= most + slack
  return isSteady && isWithin ? { kind: 'complete' } : { kind: 'incomplete', reason: 'count-disagrees' }
}
