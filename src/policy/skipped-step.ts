import type { Audience } from '../model/audience.ts'
import type { Objection, Policy } from './policy.ts'
import { reachesCustomers } from './reach.ts'

/** From a few testers to everybody in one merge leaves no moment in which a mistake is small. */
export const skippedStepPolicy: Policy = {
  code: 'policy/skipped-step',
  summary: 'Rollout skips a step',
  recommendation: 'Promote one step at a time.',
  severity: 'warning',
  judges: 'facts',
  judge: ({ workspace: { canarySteps }, audiences, facts }) =>
    audiences
      .filter(audience => audience.intent === 'activation' && reachesCustomers(audience))
      .flatMap(audience => judgePromotion(audience, facts?.stages.get(audience.id), canarySteps)),
}

const judgePromotion = (
  { id, rollout: { stage } }: Audience,
  recorded: string | undefined,
  steps: readonly number[],
): readonly Objection[] => {
  const from = readPercent(recorded)
  const to = stage.kind === 'canary' ? stage.percent : 100
  if (from === undefined || to <= from) return []
  const skipped = steps.filter(step => step > from && step < to)
  const [next] = skipped
  if (next === undefined) return []
  return [
    {
      detail: `"${id}" goes from ${recorded} to ${stage.kind === 'canary' ? `canary ${to}%` : stage.kind} and skips ${skipped.map(step => `${step}%`).join(', ')}.`,
      hint: `go to rollout: { stage: canary, percent: ${next} } first`,
      audience: id,
      path: ['rollout', 'stage'],
    },
  ]
}

/** The share of the people who are sent in a recorded stage. Undefined: nothing was sent that a step could follow. */
const readPercent = (stage: string | undefined): number | undefined => {
  if (stage === 'qa') return 0
  if (stage === 'live') return 100
  const percent = /^canary (\d+)%$/.exec(stage ?? '')?.[1]
  return percent === undefined ? undefined : Number(percent)
}
