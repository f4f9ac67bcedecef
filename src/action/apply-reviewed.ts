import type { ToldOutcome } from '../github/apply-comment.ts'
import type { WrittenPlan } from '../model/generated/plan.ts'
import { readPlan } from '../plan/read-document.ts'
import { comparePlans } from '../plan/stale.ts'
import type { ActionContext } from './action-context.ts'
import { tellApplied, tellFailed } from './apply-tell.ts'
import { makePlan } from './make-plan.ts'
import type { Reviewed } from './reviewed.ts'

interface Applying {
  readonly path: string
  readonly document: WrittenPlan
  readonly reviewed: Reviewed
}

/** Applies a plan that was reviewed. What is not done is planned again, so that it can be named exactly. */
export const runApply = async (
  context: ActionContext,
  { path, document, reviewed }: Applying,
): Promise<number> => {
  const { inputs, runMuster, setOutput } = context
  const given = ['apply', path, '--env', inputs.env, '--dir', inputs.dir, '--json']
  const { exitCode, stdout } = await runMuster(given, { shown: true })
  const outcomes = readOutcomes(stdout)
  if (exitCode === 0) {
    await setOutput('outcome', 'applied')
    await tellApplied(context, { ...reviewed, digest: document.digest, count: outcomes.length })
    return 0
  }
  await setOutput('outcome', outcomes.some(({ result }) => result === 'done') ? 'partly applied' : 'failed')
  const left = await makePlan(context, { path: `${inputs.output}/remainder.json`, isOffline: false })
  const goesOn = left.document !== undefined && comparePlans(document, left.document).kind !== 'stale'
  await tellFailed(context, {
    ...reviewed,
    outcomes,
    goesOn,
    ...(left.document ? { remainder: readPlan(left.document) } : {}),
  })
  return exitCode
}

/** What `apply --json` printed. Nothing, when it failed before it began. */
const readOutcomes = (stdout: string): readonly ToldOutcome[] => {
  const line = stdout.trim().split('\n').at(-1) ?? ''
  if (!line.startsWith('{')) return []
  // Printed by our own command, of the same version.
  const { outcomes } = JSON.parse(line) as {
    outcomes: readonly { address: string; action: string; result: string; why?: string; code?: string }[]
  }
  return outcomes.map(({ address, action, result, why, code }) => {
    const reason = code ?? why
    return { address, action, result, ...(reason === undefined ? {} : { why: reason }) }
  })
}
