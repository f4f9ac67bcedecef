import type { Audience } from '../model/audience.ts'
import type { Objection, Policy, Programme } from './policy.ts'

/** A canary is small first, and grows by steps that everybody knows, so that a mistake meets few people. */
export const canaryStepsPolicy: Policy = {
  code: 'policy/canary-steps',
  summary: 'Canary does not follow the steps',
  recommendation: 'Go from qa to live through canary steps that the workspace agreed on.',
  severity: 'warning',
  judges: 'specs',
  judge: ({ workspace: { canarySteps }, audiences }) =>
    audiences.flatMap(audience => judgeStep(audience, canarySteps)),
}

const judgeStep = (
  { id, rollout: { stage } }: Audience,
  steps: Programme['workspace']['canarySteps'],
): readonly Objection[] => {
  if (stage.kind !== 'canary' || steps.includes(stage.percent)) return []
  const nearest = steps.findLast(step => step < stage.percent) ?? steps[0]
  return [
    {
      detail: `${stage.percent}% is no step of a canary here; the steps are ${steps.map(step => `${step}%`).join(', ')}.`,
      hint: `write percent: ${nearest}, or add ${stage.percent} to canary_steps in the workspace`,
      audience: id,
      path: ['rollout', 'percent'],
    },
  ]
}
