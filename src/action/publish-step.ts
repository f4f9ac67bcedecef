import { readChangedLines } from '../github/changed-lines.ts'
import { type CheckWanted, keepCheck } from '../github/checks.ts'
import { addRun, readRuns } from '../github/comment-runs.ts'
import { keepComment } from '../github/comments.ts'
import { readPlanArtifact } from '../github/plan-artifact.ts'
import { describePlanned, type PlanComment, type Planned, renderPlanComment } from '../github/plan-comment.ts'
import { parseDiagnostics, parsePlanDocument } from '../github/plan-document.ts'
import { findPullsOfHead, type Pull } from '../github/pulls.ts'
import { touchesPlan } from '../github/touched.ts'
import { workflowCommand } from '../github/workflow-command.ts'
import { hasErrors } from '../model/diagnostic.ts'
import { fail, failureOf } from '../model/failure.ts'
import type { Plan } from '../model/plan.ts'
import { readPlan } from '../plan/read-document.ts'
import { planMarker } from '../render/plan-markdown.ts'
import type { ActionContext } from './action-context.ts'
import type { EndedRun } from './event.ts'
import { checkNameOf } from './make-plan.ts'

/** A check's summary holds 65,535 characters. */
const CHECK_BYTES = 60_000
const SHORT_SHA = 7

/**
 * Posts what a run of a pull request planned. That run may be a stranger's: nothing of it is run, the number of the pull
 * request is GitHub's word, and what it left behind is data that is checked and shown as inert text.
 */
export const runPublishStep = async (context: ActionContext): Promise<number> => {
  const { event, github, print } = context
  if (event.kind !== 'run-ended') return refuseEvent()
  const { run } = event
  if (run.event === 'merge_group' && run.isOurs) return passOn(context, run)
  if (run.event !== 'pull_request') {
    print('That run was of no pull request: nothing to post.')
    return 0
  }
  const [pull, ...others] = await findPullsOfHead(github, run.head)
  if (!pull) {
    print('No open pull request has this commit as its head any more: nothing to post.')
    return 0
  }
  if (others.length > 0) return postUnclear(context, run)
  const files = await readChangedLines(github, pull.number)
  if (files && !touchesPlan(files.keys(), context.inputs.dir)) return postUntouched(context, run, pull)
  const planned = await readPlanned(context, run)
  await post(context, { run, pull, planned })
  print(`Posted on #${pull.number}: ${describePlanned(planned)}.`)
  return 0
}

/** In a merge queue the check is asked of another commit. What the run found, it said itself. */
const passOn = async (context: ActionContext, run: EndedRun): Promise<number> => {
  const isFine = run.conclusion === 'success'
  await keepCheck(context.github, {
    name: checkNameOf(context),
    headSha: run.head.sha,
    conclusion: isFine ? 'success' : 'failure',
    title: isFine ? 'As reviewed' : 'Not as reviewed, or not planned',
    summary: `[That run](${run.url}) says more.`,
    detailsUrl: run.url,
  })
  return 0
}

/** A plan is of one base. Of several pull requests of one commit, GitHub does not say which a run was of. */
const postUnclear = async (context: ActionContext, run: EndedRun): Promise<number> => {
  const why =
    'Several open pull requests have this commit as their head: which of them was planned is not known.'
  await keepCheck(context.github, {
    name: checkNameOf(context),
    headSha: run.head.sha,
    conclusion: 'failure',
    title: 'Several pull requests of one commit',
    summary: `${why} Close all but one, and run the plan of that one again.`,
    detailsUrl: run.url,
    isOfFork: !run.isOurs,
  })
  context.print(why)
  return 0
}

/** The check may be required, so it is there; what others left to be done is not this pull request's to vouch for. */
const postUntouched = async (context: ActionContext, run: EndedRun, pull: Pull): Promise<number> => {
  const { github, inputs, now, print } = context
  const planned: Planned = { kind: 'none', why: 'It touches no spec any more.' }
  const here = { at: now(), head: run.head.sha.slice(0, SHORT_SHA), came: 'no spec touched' }
  const comment = { environment: inputs.env, planned, runUrl: run.url, isFork: false }
  await keepComment(github, {
    number: pull.number,
    marker: planMarker(inputs.env),
    render: (maxBytes, found) =>
      found === undefined
        ? undefined
        : renderPlanComment({ ...comment, runs: addRun(here, readRuns(found)) }, maxBytes),
  })
  await keepCheck(github, {
    name: checkNameOf(context),
    headSha: run.head.sha,
    conclusion: 'success',
    title: 'No spec touched',
    summary: 'Nothing of this pull request is planned.',
    detailsUrl: run.url,
    isOfFork: !run.isOurs,
  })
  print(`#${pull.number} touches no spec.`)
  return 0
}

const refuseEvent = (): never =>
  fail({
    origin: 'config',
    code: 'action/unexpected-event',
    detail: 'What a run planned is posted once that run has ended.',
    hint: 'start it by `on: workflow_run`',
    retryable: false,
  })

const readPlanned = async (context: ActionContext, run: EndedRun): Promise<Planned> => {
  try {
    return await readFiles(context, run)
  } catch (error) {
    const failure = failureOf(error)
    if (failure?.code !== 'github/bad-artifact') throw error
    context.print(workflowCommand('warning', {}, failure.detail))
    return { kind: 'none', why: failure.detail }
  }
}

const readFiles = async ({ github, inputs, planSchema }: ActionContext, run: EndedRun): Promise<Planned> => {
  const left = await readPlanArtifact(github, run.id)
  if (left.plan !== undefined) {
    const plan = readPlan(parsePlanDocument(left.plan, planSchema, inputs.env))
    if (isMadeBy(run, plan)) return { kind: 'plan', plan }
  }
  const diagnostics = left.diagnostics === undefined ? [] : parseDiagnostics(left.diagnostics)
  if (hasErrors(diagnostics)) return { kind: 'invalid', diagnostics }
  return { kind: 'none', why: `The run ended as "${conclusionOf(run)}" before there was one.` }
}

/** A run that planned ends well, unless a guard refuses. A plan beside any other end is not of its making. */
const isMadeBy = ({ conclusion }: EndedRun, { refusals }: Plan): boolean =>
  conclusion === 'success' || (conclusion === 'failure' && refusals.length > 0)

const conclusionOf = ({ conclusion }: EndedRun): string =>
  /^[a-z_]+$/.test(conclusion) ? conclusion : 'unknown'

interface Posting {
  readonly run: EndedRun
  readonly pull: Pull
  readonly planned: Planned
}

const post = async (context: ActionContext, { run, pull, planned }: Posting): Promise<void> => {
  const { github, inputs, now } = context
  const head = run.head.sha.slice(0, SHORT_SHA)
  const digest = vouchedDigest(planned, run)
  const here = {
    at: now(),
    head,
    came: describePlanned(planned),
    ...(digest === undefined ? {} : { digest }),
  }
  const comment: Omit<PlanComment, 'runs'> = {
    environment: inputs.env,
    planned,
    runUrl: run.url,
    isFork: !run.isOurs,
  }
  await keepComment(github, {
    number: pull.number,
    marker: planMarker(inputs.env),
    render: (maxBytes, found) =>
      renderPlanComment({ ...comment, runs: addRun(here, readRuns(found ?? '')) }, maxBytes),
  })
  await keepCheck(github, {
    name: checkNameOf(context),
    headSha: run.head.sha,
    conclusion: concludeOf(planned, run),
    title: here.came,
    summary: renderPlanComment({ ...comment, runs: [here] }, CHECK_BYTES),
    detailsUrl: run.url,
    isOfFork: !run.isOurs,
    ...(digest === undefined ? {} : { digest }),
  })
}

/** Only a run of this repository that ended well vouches for a plan, whatever an artifact says of itself. */
const vouchedDigest = (planned: Planned, { isOurs, conclusion }: EndedRun): string | undefined =>
  isOurs && conclusion === 'success' && planned.kind === 'plan' && !planned.plan.isOffline
    ? planned.plan.digest
    : undefined

const concludeOf = (planned: Planned, { isOurs, conclusion }: EndedRun): CheckWanted['conclusion'] => {
  if (conclusion !== 'success' || planned.kind !== 'plan' || planned.plan.refusals.length > 0)
    return 'failure'
  return isOurs && !planned.plan.isOffline ? 'success' : 'neutral'
}
