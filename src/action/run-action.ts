import { unreachable } from '../model/invariant.ts'
import type { ActionContext } from './action-context.ts'
import { runApplyStep } from './apply-step.ts'
import { runOutdatedStep } from './outdated-step.ts'
import { runPlanStep } from './plan-step.ts'
import { runPublishStep } from './publish-step.ts'
import { runCommandStep, runDriftStep } from './watch-step.ts'

/** Does what the workflow asks for, and answers the exit code: that of the command, as documented for it. */
export const runAction = (context: ActionContext): Promise<number> => {
  const { command } = context.inputs
  switch (command) {
    case 'validate':
    case 'plan':
      return runPlanStep(context)
    case 'publish':
      return runPublishStep(context)
    case 'outdated':
      return runOutdatedStep(context)
    case 'apply':
      return runApplyStep(context)
    case 'drift':
      return runDriftStep(context)
    case 'sync':
    case 'monitor':
    case 'report':
      return runCommandStep(context)
    default:
      return unreachable(command)
  }
}
