import { chooseAnnotations } from '../github/annotations.ts'
import { type ChangedLines, readChangedLines } from '../github/changed-lines.ts'
import { findCheck } from '../github/checks.ts'
import { describePlanned, renderPlanComment } from '../github/plan-comment.ts'
import { parseDiagnostics } from '../github/plan-document.ts'
import { readPull } from '../github/pulls.ts'
import { touchesPlan } from '../github/touched.ts'
import { workflowCommand } from '../github/workflow-command.ts'
import { compareDiagnostics, type Diagnostic } from '../model/diagnostic.ts'
import { failureOf } from '../model/failure.ts'
import { ACTIONS, type Plan, pendingChanges } from '../model/plan.ts'
import { readPlan } from '../plan/read-document.ts'
import { countDiagnostics } from '../render/diagnostics.ts'
import { renderPlanMarkdown } from '../render/plan-markdown.ts'
import type { ActionContext } from './action-context.ts'
import { checkNameOf, makePlan } from './make-plan.ts'

/** A job summary holds 1 MiB for each step. */
const SUMMARY_BYTES = 1_000_000

/** Checks the specs, and plans. Writes nothing to GitHub: it may be the run of a stranger's pull request. */
export const runPlanStep = async (context: ActionContext): Promise<number> => {
  const { inputs, event } = context
  const read = await readChanged(context)
  if (read && !touchesPlan(read.keys(), inputs.dir)) {
    context.print('This pull request touches no spec: there is nothing to plan.')
    await context.setOutput('outcome', 'no spec touched')
    return 0
  }
  const changed: ChangedLines = read ?? new Map()
  const { exitCode, diagnostics } = await validate(context)
  if (exitCode !== 0) {
    annotate(context, diagnostics, changed)
    await sumUpInvalid(context, diagnostics)
    return exitCode
  }
  if (inputs.command === 'validate') {
    annotate(context, diagnostics, changed)
    return exitCode
  }
  const isOffline = inputs.isOffline || (event.kind === 'pull-request' && !event.isTrusted)
  const made = await makePlan(context, { path: `${inputs.output}/plan.json`, isOffline })
  if (!made.document) {
    annotate(context, diagnostics, changed)
    return made.exitCode
  }
  const plan = readPlan(made.document)
  annotate(context, [...diagnostics, ...plan.refusals, ...plan.warnings].sort(compareDiagnostics), changed)
  await context.addSummary(renderPlanMarkdown(plan, { maxBytes: SUMMARY_BYTES }))
  await tellOutputs(context, plan, made.path)
  return (await isAsReviewed(context, plan)) ? made.exitCode : 1
}

const validate = async ({ inputs, runMuster, writeFile, print }: ActionContext) => {
  const { exitCode, stdout } = await runMuster(['validate', '--dir', inputs.dir, '--json'], { shown: false })
  await writeFile(`${inputs.output}/validate.json`, stdout)
  const diagnostics = parseDiagnostics(stdout)
  print(diagnostics.length === 0 ? 'Specs are valid.' : `Specs: ${countDiagnostics(diagnostics)}.`)
  return { exitCode, diagnostics }
}

const annotate = (
  { print }: ActionContext,
  diagnostics: readonly Diagnostic[],
  changed: ChangedLines,
): void => {
  const { lines, left } = chooseAnnotations(diagnostics, changed)
  for (const line of lines) print(line)
  if (left > 0) print(`${left} more are in the summary of the job.`)
}

/** Undefined without the permission to read them, or when they are too many: then it is planned, and annotations come in the order of files. */
const readChanged = async ({ event, github, print }: ActionContext): Promise<ChangedLines | undefined> => {
  if (event.kind !== 'pull-request') return undefined
  try {
    return await readChangedLines(github, event.number)
  } catch (error) {
    const failure = failureOf(error)
    if (!failure) throw error
    print(workflowCommand('notice', {}, `Changed lines are not known: ${failure.detail}`))
    return undefined
  }
}

const sumUpInvalid = (
  { inputs, addSummary, runUrl }: ActionContext,
  diagnostics: readonly Diagnostic[],
): Promise<void> =>
  addSummary(
    renderPlanComment(
      { environment: inputs.env, planned: { kind: 'invalid', diagnostics }, runs: [], runUrl, isFork: false },
      SUMMARY_BYTES,
    ),
  )

const tellOutputs = async ({ setOutput }: ActionContext, plan: Plan, path: string): Promise<void> => {
  await setOutput('plan', path)
  await setOutput('digest', plan.digest)
  await setOutput('changes', String(pendingChanges(plan).length))
  await setOutput('refusals', String(plan.refusals.length))
  await setOutput('drift', String(plan.drift.length))
  await setOutput('offline', String(plan.isOffline))
  await setOutput('counts', JSON.stringify(countAll(plan)))
  await setOutput('outcome', describePlanned({ kind: 'plan', plan }))
}

/** Every action, those that do not occur as 0: an expression can count on the key. */
const countAll = (plan: Plan): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.keys(ACTIONS)
      .filter(action => action !== 'none')
      .map(action => [action, plan.changes.filter(change => change.action === action).length]),
  )

/**
 * In a merge queue what will be merged is planned once more, on top of what is merged before it. Anything else than what
 * was reviewed leaves the queue, since applying would stop at it.
 */
const isAsReviewed = async (context: ActionContext, plan: Plan): Promise<boolean> => {
  const { event, github, print } = context
  if (event.kind !== 'merge-group' || plan.isOffline || pendingChanges(plan).length === 0) return true
  if (event.number === undefined) return true
  const { headSha } = await readPull(github, event.number)
  const check = await findCheck(github, { name: checkNameOf(context), headSha })
  // It touches no spec, or is of a fork. What stands in the plan then is others' to answer for; apply looks at it again.
  if (check?.digest === undefined || check.digest === plan.digest) return true
  print(
    workflowCommand(
      'error',
      { title: 'Not what was reviewed' },
      `Reviewed was ${check.digest}, merging it now would apply ${plan.digest}. Update the branch of #${event.number}: it is planned again, for review.`,
    ),
  )
  return false
}
