import type { Audience } from '../model/audience.ts'
import type { Policy } from './policy.ts'
import { reachesCustomers } from './reach.ts'
import { nameAll } from './sentence.ts'

/**
 * What was never tried on our own people is tried on customers. Where the workspace makes it a duty (`qa.required`) a
 * guard of the plan refuses, so this rule is for all others.
 */
export const qaFirstPolicy: Policy = {
  code: 'policy/qa-first',
  summary: 'Audience goes to customers untried',
  recommendation: 'New audiences begin in the stage qa, and go on when testers were seen to arrive.',
  severity: 'warning',
  judges: 'facts',
  judge: ({ workspace: { qa }, audiences, facts }) => {
    if (qa.isRequired || facts === undefined) return []
    const untried = audiences.filter(
      audience =>
        isForCustomers(audience) && isNew(facts.stages.get(audience.id)) && !facts.tried.has(audience.id),
    )
    if (untried.length === 0) return []
    return [
      {
        detail: `${nameAll(untried.map(({ id }) => id))} would be sent to customers, and no testers were sent before.`,
        hint: 'begin with rollout: { stage: qa } and sync once; qa: { required: true } in the workspace makes it a duty',
        path: ['qa'],
      },
    ]
  },
}

const isForCustomers = (audience: Audience): boolean => audience.intent !== 'qa' && reachesCustomers(audience)

const isNew = (stage: string | undefined): boolean =>
  stage === undefined || stage === 'qa' || stage === 'paused'
