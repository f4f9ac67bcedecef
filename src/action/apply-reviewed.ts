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

/** MoEngage lists a new cohort minutes after it took it, and what needs the cohort waits for that. */
const MOST_ROUNDS = 3

/** Applies a plan that was reviewed. What is not done is planned again, so that it can be named exactly. */
export const runApply = async (context: ActionContext, applying: Applying): Promise<number> => {
  const { inputs, runMuster, setOutput } = context
  const { reviewed } = applying
  const done: ToldOutcome[] = []
  let { path, document } = applying
  for (let round = 1; ; round += 1) {
    const given = ['apply', path, '--env', inputs.env, '--dir', inputs.dir, '--json']
    const { exitCode, stdout } = await runMuster(given, { shown: true })
    const outcomes = readOutcomes(stdout)
    done.push(...outcomes.filter(({ result }) => result === 'done'))
    if (exitCode === 0) {
      await setOutput('outcome', 'applied')
      await tellApplied(context, { ...reviewed, digest: applying.document.digest, count: done.length })
      return 0
    }
    const left = await makePlan(context, { path: `${inputs.output}/remainder.json`, isOffline: false })
    const goesOn = left.document !== undefined && comparePlans(document, left.document).kind !== 'stale'
    if (left.document && goesOn && onlyWaits(outcomes) && round < MOST_ROUNDS) {
      path = left.path
      document = left.document
      continue
    }
    await setOutput('outcome', done.length > 0 ? 'partly applied' : 'failed')
    const open = outcomes.filter(({ result }) => result !== 'done')
    const remainder = left.document ? { remainder: readPlan(left.document) } : {}
    await tellFailed(context, { ...reviewed, outcomes: [...done, ...open], goesOn, ...remainder })
    return exitCode
  }
}

/** Nothing failed: what is left waits for what this run has made. */
const onlyWaits = (outcomes: readonly ToldOutcome[]): boolean =>
  outcomes.length > 0 && outcomes.every(({ result }) => result === 'done' || result === 'waiting')

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
