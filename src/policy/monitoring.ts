import type { Audience } from '../model/audience.ts'
import type { Objection, Policy } from './policy.ts'
import { reachesCustomers } from './reach.ts'
import { sayShare } from './sentence.ts'

/** From here on a guard stops nothing that could go wrong: a cohort may be emptied, or grow to five times its size. */
const WIDE_OPEN = { removal: 0.9, growth: 4 }

/** A segment that somebody edited empties a cohort overnight, and nobody gets an error for a message that is not sent. */
export const monitoringPolicy: Policy = {
  code: 'policy/monitoring',
  summary: 'Nobody would notice a swing',
  recommendation: 'Every live audience has bounds on its size, or guards that notice when it swings.',
  severity: 'warning',
  judges: 'specs',
  judge: ({ audiences }) =>
    audiences
      .filter(audience => reachesCustomers(audience) && audience.size === undefined)
      .filter(({ limits }) => limits.maxRemoval >= WIDE_OPEN.removal || limits.maxGrowth >= WIDE_OPEN.growth)
      .map(object),
}

const object = ({ id, limits }: Audience): Objection => ({
  detail: `Its guards let ${sayShare(limits.maxRemoval)} of it leave and ${sayShare(limits.maxGrowth)} come in one sync, and no size is stated: nobody hears of it when it is suddenly empty or enormous.`,
  hint: 'add size: { min: 200, max: 50000 } with the numbers of an ordinary day, or narrow the guards',
  audience: id,
  path: ['guards'],
})
