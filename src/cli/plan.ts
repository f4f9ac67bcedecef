import { FailureError } from '../model/failure.ts'
import { type Plan, pendingChanges } from '../model/plan.ts'
import { renderPlanJson } from '../render/plan-json.ts'
import { renderPlanMarkdown } from '../render/plan-markdown.ts'
import { renderPlan } from '../render/plan-terminal.ts'
import { countOf } from '../render/words.ts'
import { writeFileAtomically } from './atomic-file.ts'
import { composeReader, composeStateReader, createPaces } from './compose-reader.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { chooseOnly, knownAudiences, makePlan } from './make-plan.ts'
import { makeOfflinePlan } from './offline-plan.ts'
import { type LoadedWorkspace, loadWorkspace, lookOf, warnOf } from './workspace.ts'

export interface PlanOptions extends CommonOptions {
  readonly only?: readonly string[]
  readonly out?: string
  /** A file for the pull request comment. */
  readonly comment?: string
  readonly offline?: boolean
  /** With `offline`: the specs that stand for what was applied. */
  readonly base?: string
  readonly detailedExitcode: boolean
}

/** `muster plan`: reads, compares, shows. There is no way from here to anything that writes to a vendor. */
export const runPlan = async (options: PlanOptions, context: CliContext): Promise<ExitCode> => {
  if (options.base !== undefined && !options.offline) refuseBase(options.base)
  const loaded = loadWorkspace(options, context, { now: context.clock.now() })
  if (!loaded) return EXIT.errors
  warnOf(loaded.specs.diagnostics, loaded.specs, context)
  const plan = options.offline
    ? planOffline(loaded, options, context)
    : await planOnline(loaded, options, context)
  if (!plan) return EXIT.errors
  context.print(options.json ? renderPlanJson(plan) : renderPlan(plan, lookOf(loaded.specs, context)))
  await writeFiles(plan, options, context)
  if (plan.refusals.length > 0) return EXIT.refused
  return options.detailedExitcode ? judgePlan(plan, context) : EXIT.done
}

/** Whoever asks for the exit code reads 0 as clean: what nobody could look at is not. */
const judgePlan = (plan: Plan, { warn }: CliContext): ExitCode => {
  if (pendingChanges(plan).length > 0) return EXIT.changesPending
  if (plan.beliefs.unknown === 0) return EXIT.done
  warn(`${countOf(plan.beliefs.unknown, 'value')} not read: whether changes are pending is not known.\n`)
  return EXIT.errors
}

const refuseBase = (base: string): never => {
  throw new FailureError({
    origin: 'cli',
    code: 'cli/base-needs-offline',
    detail: `--base ${base} stands for the record where there is none: with --offline alone.`,
    hint: 'add --offline, or leave out --base',
    retryable: false,
  })
}

const planOnline = async (
  loaded: LoadedWorkspace,
  options: PlanOptions,
  context: CliContext,
): Promise<Plan> => {
  const recorded = await (await composeStateReader(loaded, context)).readState()
  const reader = composeReader(loaded, createPaces(loaded, context), context)
  const only = chooseOnly(options.only, knownAudiences(loaded, recorded))
  return (await makePlan(loaded, recorded, reader, context, only)).plan
}

const planOffline = (
  loaded: LoadedWorkspace,
  options: PlanOptions,
  context: CliContext,
): Plan | undefined => {
  const only = chooseOnly(
    options.only,
    loaded.specs.audiences.map(({ id }) => id),
  )
  return makeOfflinePlan(
    loaded,
    { ...(options.base === undefined ? {} : { base: options.base }), ...(only ? { only } : {}) },
    context,
  )
}

const writeFiles = async (
  plan: Plan,
  { out, comment, env }: PlanOptions,
  context: CliContext,
): Promise<void> => {
  if (comment !== undefined) await writeFileAtomically(comment, renderPlanMarkdown(plan))
  if (out === undefined) return
  await writeFileAtomically(out, renderPlanJson(plan))
  const next = plan.isOffline
    ? 'Made offline, it is for reading: apply refuses it.'
    : `To apply exactly this: muster apply ${out} --env ${env}`
  context.warn(`Wrote ${out}. ${next}\n`)
}
