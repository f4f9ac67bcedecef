import type { Policy } from './policy.ts'
import { reachesCustomers } from './reach.ts'

/** Without testers there is no stage qa to begin in. */
export const qaTestersPolicy: Policy = {
  code: 'policy/qa-testers',
  summary: 'There is nobody to try an audience on',
  recommendation: 'Name a few colleagues as testers before anything reaches customers.',
  severity: 'warning',
  judges: 'specs',
  judge: ({ workspace, audiences }) =>
    workspace.qa.testers.length > 0 || !audiences.some(reachesCustomers)
      ? []
      : [
          {
            detail:
              'Customers are reached, and the workspace names no testers: whatever is wrong is found by customers first.',
            hint: 'add qa: { testers: [emp_001, emp_002], required: true } to the workspace',
            path: ['qa'],
          },
        ],
}
