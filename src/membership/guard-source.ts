import type { Audience } from '../model/audience.ts'
import type { IncompleteReason } from '../model/membership.ts'
import type { SyncCheck } from './guard.ts'
import { amount, percent, stopUnlessAllowed } from './guard-finding.ts'

/** Nobody in the source is more often a fault of it than a fact. What was not read to its end says nothing of it. */
export const checkEmptySource: SyncCheck = ({ audience, outcome, peopleRead, counts }) => {
  if (peopleRead > 0 || counts.recorded === 0 || outcome.kind === 'incomplete') return undefined
  return stopUnlessAllowed(audience, 'empty-source', 'removes', {
    summary: 'The source is empty, the cohort is not',
    detail: `Customer.io answered with nobody, while ${amount(counts.recorded)} are recorded as members.`,
  })
}

const DOUBTS: Readonly<Record<IncompleteReason, string>> = {
  'still-building': 'Customer.io is still building the segment',
  'count-disagrees': 'the people read and the count Customer.io gives disagree',
  'cursor-repeated': 'Customer.io gave the same page twice',
  'empty-page': 'Customer.io gave an empty page before the end',
  'too-many-people': 'Customer.io gave far more people than it counts',
  'export-disagrees': 'the export holds another number of people than it says',
}

/** Who is missing from half of a segment has not left it. Nobody may allow this: there is nothing to know better. */
export const checkIncomplete: SyncCheck = ({ audience, outcome }) => {
  if (outcome.kind === 'complete') return undefined
  return {
    guard: 'incomplete-read',
    stops: 'removes',
    canAllow: false,
    diagnostic: {
      code: 'guard/incomplete-read',
      severity: 'warning',
      summary: 'Removes wait for a complete read',
      detail: `${audience.id}: ${DOUBTS[outcome.reason]}. People who enter are added, nobody is removed.`,
      hint: 'run the same sync again later; nothing needs to be allowed',
    },
  }
}

/**
 * What was read before the last sync was done knows less than the ledger does: whoever entered since would be removed.
 * By a clock that stands before it, windows that were over would begin again.
 */
export const checkStale: SyncCheck = ({ audience, now, readStartedAt = now, syncedAt }) => {
  if (syncedAt === undefined || (now >= syncedAt && readStartedAt >= syncedAt)) return undefined
  const what =
    now < syncedAt ? `This sync's clock says ${now}` : `The segment was read from ${readStartedAt} on`
  return stopUnlessAllowed(audience, 'stale-source', 'all', {
    summary: 'The source is older than the last sync',
    detail: `${what}, and the last complete sync began at ${syncedAt}.`,
  })
}

const FEW = 2

/** How many of some people can be sent, as a ratio, and whether an audience takes that for enough. */
export const measureCoverage = (
  { identifier }: Pick<Audience, 'identifier'>,
  peopleRead: number,
  missing: number,
): { readonly coverage: number; readonly isEnough: boolean } => {
  const coverage = peopleRead === 0 ? 1 : (peopleRead - missing) / peopleRead
  // Small samples are not percentages: one or two may be missing of a handful, as long as somebody is left.
  const isFew = missing <= FEW && missing < peopleRead
  return { coverage, isEnough: isFew || coverage >= identifier.minCoverage }
}

/** Whoever carries no identifier is missing from MoEngage, and nobody would notice. */
export const checkCoverage: SyncCheck = ({ audience, peopleRead, skipped }) => {
  const missing = Object.values(skipped).reduce((sum, count) => sum + count, 0)
  const { coverage, isEnough } = measureCoverage(audience, peopleRead, missing)
  if (isEnough) return undefined
  return stopUnlessAllowed(audience, 'coverage', 'all', {
    summary: 'Too few people carry the identifier',
    detail:
      `${amount(peopleRead - missing)} of ${amount(peopleRead)} people can be sent ` +
      `(${percent(coverage, audience.identifier.minCoverage)}, at least ${percent(audience.identifier.minCoverage)} wanted).`,
  })
}

/** Beyond it MoEngage takes calls and updates nothing. Source: vendors' fact sheet for MoEngage, section 2.2. */
const MOST_UPDATED = 10_000_000

/** A cohort that large is a mistake in its segment, or of no use in MoEngage. */
export const checkMaxMembers: SyncCheck = ({ audience, counts: { wanted } }) => {
  const { maxMembers } = audience.limits
  if (wanted <= maxMembers) return undefined
  const end = wanted > MOST_UPDATED ? ` MoEngage stops updating a cohort above ${amount(MOST_UPDATED)}.` : ''
  return stopUnlessAllowed(audience, 'max-members', 'all', {
    summary: 'More members than allowed',
    detail: `${amount(wanted)} wanted, max_members is ${amount(maxMembers)}.${end}`,
  })
}
