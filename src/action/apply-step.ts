import { pendingChanges } from '../model/plan.ts'
import { readPlan } from '../plan/read-document.ts'
import type { ActionContext } from './action-context.ts'
import { runApply } from './apply-reviewed.ts'
import { tellApplied, tellNotApplied } from './apply-tell.ts'
import { makePlan } from './make-plan.ts'
import { findReviewed, type Reviewed } from './reviewed.ts'

/**
 * Applies what was reviewed, or stops and says why where it was merged. Plans first: what would be done now must be what
 * was reviewed, or what is left of it. `muster apply` then does exactly that plan, and compares once more under its lock.
 */
export const runApplyStep = async (context: ActionContext): Promise<number> => {
  const { inputs, setOutput } = context
  const path = `${inputs.output}/plan.json`
  const made = await makePlan(context, { path, isOffline: false })
  if (!made.document) {
    const reviewed = await findReviewed(context)
    await setOutput('outcome', 'not applied')
    await tellNotApplied(context, {
      ...reviewed,
      why: 'It could not be planned: the run says why.',
      wayOut: 'Once that is mended, run the job again.',
    })
    return made.exitCode
  }
  const plan = readPlan(made.document)
  await setOutput('plan', path)
  await setOutput('digest', plan.digest)
  await setOutput('changes', String(pendingChanges(plan).length))
  const reviewed = await findReviewed(context, made.document)
  if (reviewed.isOutdated || reviewed.isElsewhere) {
    await setOutput('outcome', 'not applied')
    await tellNotApplied(context, { ...reviewed, ...(reviewed.isElsewhere ? ELSEWHERE : OUTDATED) })
    return 1
  }
  if (plan.refusals.length > 0) {
    await setOutput('outcome', 'refused')
    await tellNotApplied(context, {
      ...reviewed,
      plan,
      why: 'A guard refuses it now.',
      wayOut:
        'What each guard asks for stands below. A change of the specs is planned and reviewed like any other.',
    })
    return made.exitCode
  }
  if (pendingChanges(plan).length === 0) {
    await setOutput('outcome', 'nothing to apply')
    await tellApplied(context, { ...reviewed, digest: plan.digest, count: 0 })
    return 0
  }
  if (!reviewed.isVouched) {
    await setOutput('outcome', 'not applied')
    await tellNotApplied(context, { ...reviewed, ...explain(reviewed, plan.digest), plan })
    return 1
  }
  return runApply(context, { path, document: made.document, reviewed })
}

/** No plan is shown: nobody is to apply this one. */
const OUTDATED = {
  why: 'The plan is out of date: the branch has gone on to other specs since this push.',
  wayOut: 'Run the newest job of this workflow again: it applies what the branch says now.',
}

const ELSEWHERE = {
  why: 'Only what the default branch says is applied, and this run is of another.',
  wayOut: 'Merge the specs, or start the workflow from the default branch.',
}

const explain = ({ digest }: Reviewed, fresh: string): { readonly why: string; readonly wayOut: string } => ({
  why:
    digest === undefined
      ? 'Nobody reviewed a plan of it: it came from a fork, or its plan was never posted.'
      : `What was reviewed is not what would be done now: reviewed ${digest}, now ${fresh}. Something else was merged, applied or changed since.`,
  wayOut:
    `Read the plan below. If it is what you want, start the workflow by hand with the digest ${fresh}. ` +
    'Otherwise change the specs in another pull request.',
})
