import type { Objection, Policy } from './policy.ts'
import { reachesCustomers } from './reach.ts'
import { sayShare } from './sentence.ts'

const LOWEST = 0.95

/** Whoever lacks the identifier is missing from MoEngage without a word. */
export const coveragePolicy: Policy = {
  code: 'policy/coverage',
  summary: 'Too many people may be missing unnoticed',
  recommendation: 'At least 95 % of a live audience carry the identifier.',
  severity: 'error',
  judges: 'specs',
  judge: ({ workspace, audiences }) => {
    const low = audiences.filter(
      audience => reachesCustomers(audience) && audience.identifier.minCoverage < LOWEST,
    )
    const common = workspace.identifier.minCoverage
    const own = low.filter(({ identifier: { minCoverage } }) => minCoverage !== common)
    return [
      ...(own.length === low.length ? [] : [object(common)]),
      ...own.map(({ id, identifier: { minCoverage } }) => ({ ...object(minCoverage), audience: id })),
    ]
  },
}

const object = (minCoverage: number): Objection => ({
  detail: `min_coverage is ${sayShare(minCoverage)}: ${sayShare(1 - minCoverage)} of the people could lack the identifier, and so be missing from MoEngage, before a sync stops.`,
  hint: `write min_coverage: ${sayShare(LOWEST)}, and repair the identifier in Customer.io`,
  path: ['identifier', 'min_coverage'],
})
