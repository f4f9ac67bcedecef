import type { Policy } from './policy.ts'
import { reachesCustomers } from './reach.ts'

/** Who changes a live audience at midnight should find the agreement in the file and not in somebody's head. */
export const changeProcessPolicy: Policy = {
  code: 'policy/change-process',
  summary: 'Nobody wrote down how it is changed',
  recommendation: 'Whatever reaches customers says how a change to it is approved.',
  severity: 'warning',
  judges: 'specs',
  judge: ({ audiences }) =>
    audiences
      .filter(audience => reachesCustomers(audience) && audience.changeProcess === undefined)
      .map(({ id, owner }) => ({
        detail: 'Customers are reached through it, and the file does not say how a change gets approved.',
        hint: `for example change_process: One approval from ${owner.team}; QA stage first.`,
        audience: id,
        path: ['change_process'],
      })),
}
