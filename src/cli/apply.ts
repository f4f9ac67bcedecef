import { applyPlan } from '../engine/apply.ts'
import { acknowledgeAllowances, acknowledgeHints, journalOverrides } from '../engine/apply-notes.ts'
import { INTERRUPTED } from '../engine/interrupt.ts'
import type { Run } from '../engine/run.ts'
import { FailureError } from '../model/failure.ts'
import type { WrittenPlan } from '../model/generated/plan.ts'
import type { ChangeOutcome } from '../model/outcome.ts'
import { type Plan, pendingChanges } from '../model/plan.ts'
import { writePlan } from '../plan/document.ts'
import { comparePlans } from '../plan/stale.ts'
import type { Reader } from '../ports.ts'
import { renderOutcomes, writeOutcomes } from '../render/apply-terminal.ts'
import { renderPlan } from '../render/plan-terminal.ts'
import { composeReader, composeStateReader, createPaces, type Paces } from './compose-reader.ts'
import { composePeople } from './compose-sync.ts'
import { composeWriter } from './compose-writer.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { chooseOnly, knownAudiences, makePlan, type PlanMade } from './make-plan.ts'
import { readPlanFile } from './plan-file.ts'
import { withRun } from './with-run.ts'
import { type LoadedWorkspace, loadWorkspace, lookOf, warnOf } from './workspace.ts'

export interface ApplyOptions extends CommonOptions {
  readonly planFile?: string
  /** Without a plan file: only these audiences. */
  readonly only?: readonly string[]
  readonly yes: boolean
}

/** `muster apply`: does what was reviewed, or stops. Without a file it plans, shows and asks first. */
export const runApply = async (options: ApplyOptions, context: CliContext): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  warnOf(loaded.specs.diagnostics, loaded.specs, context)
  const paces = createPaces(loaded, context)
  const reader = composeReader(loaded, paces, context)
  if (options.planFile !== undefined) {
    if (options.only) refuseOnly(options.planFile)
    const reviewed = await readPlanFile(options.planFile, context.clock.now())
    return executePlan({ loaded, paces, reader, options, reviewed }, context)
  }
  if (options.yes) return executePlan({ loaded, paces, reader, options }, context)
  const decision = await askForPlan(loaded, reader, options, context)
  return 'reviewed' in decision
    ? executePlan({ loaded, paces, reader, options, reviewed: decision.reviewed }, context)
    : decision.exitCode
}

const refuseOnly = (planFile: string): never => {
  throw new FailureError({
    origin: 'cli',
    code: 'cli/only-with-plan',
    detail: `--only cannot narrow down ${planFile}: what was reviewed is applied as a whole.`,
    hint: 'leave out --only, or make a plan with it: muster plan --only … --out plan.json',
    retryable: false,
  })
}

type Decision = { readonly reviewed: WrittenPlan } | { readonly exitCode: ExitCode }

/** Shows the plan and asks. The store is not held meanwhile: a person may think for as long as they like. */
const askForPlan = async (
  loaded: LoadedWorkspace,
  reader: Reader,
  options: ApplyOptions,
  context: CliContext,
): Promise<Decision> => {
  if (!context.confirm || options.json) {
    throw new FailureError({
      origin: 'cli',
      code: 'cli/cannot-ask',
      detail: 'There is nobody to answer here.',
      hint: 'give the reviewed plan (muster apply plan.json), or --yes',
      retryable: false,
    })
  }
  const recorded = await (await composeStateReader(loaded, context)).readState()
  const only = chooseOnly(options.only, knownAudiences(loaded, recorded))
  const { plan } = await makePlan(loaded, recorded, reader, context, only)
  context.print(renderPlan(plan, lookOf(loaded.specs, context)))
  if (plan.refusals.length > 0) return { exitCode: EXIT.refused }
  if (pendingChanges(plan).length === 0) return { exitCode: EXIT.done }
  if (await context.confirm(`\nApply this to "${loaded.environment.name}"? Only "yes" is taken: `)) {
    return { reviewed: writePlan(plan) }
  }
  context.warn('Nothing was applied.\n')
  return { exitCode: EXIT.errors }
}

interface Execution {
  readonly loaded: LoadedWorkspace
  readonly paces: Paces
  readonly reader: Reader
  readonly options: ApplyOptions
  /** The plan a person saw. Absent with `--yes`: then what is planned now counts as seen. */
  readonly reviewed?: WrittenPlan
}

const executePlan = (
  { loaded, paces, reader, options, reviewed }: Execution,
  context: CliContext,
): Promise<ExitCode> => {
  const writer = composeWriter(loaded, paces, context)
  const people = composePeople(loaded, paces, context)
  return withRun({ loaded, reader, writer, people, command: 'apply' }, context, async run => {
    const recorded = await run.store.readState()
    const only = reviewed ? onlyOf(reviewed) : chooseOnly(options.only, knownAudiences(loaded, recorded))
    const made = await makePlan(loaded, recorded, reader, context, only)
    const { plan } = made
    if (reviewed) stopIfStale(reviewed, plan, context)
    const isRefused = plan.refusals.length > 0
    if (!options.json && (isRefused || !reviewed))
      context.print(renderPlan(plan, lookOf(loaded.specs, context)))
    if (isRefused) {
      if (options.json) context.print(`${JSON.stringify(writeOutcomes(plan, []))}\n`)
      return { exitCode: EXIT.refused, outcome: 'refused' }
    }
    await journalOverrides(run, plan)
    await acknowledgeAllowances(run, reviewed ?? writePlan(plan))
    const end = await applyAndShow({ run, loaded, made, options }, context)
    // What was not done may be what the edit calls for: it is told again.
    if (end.outcome === 'done') await acknowledgeHints(run, made, reviewed ?? writePlan(plan))
    return end
  })
}

const onlyOf = ({ only }: WrittenPlan): ReadonlySet<string> | undefined =>
  only.length > 0 ? new Set(only) : undefined

const stopIfStale = (reviewed: WrittenPlan, plan: Plan, context: CliContext): void => {
  const comparison = comparePlans(reviewed, writePlan(plan))
  if (comparison.kind === 'same') return
  if (comparison.kind === 'remainder') {
    context.warn(`Already done: ${comparison.done.join(', ')}. Going on with the rest of the plan.\n`)
    return
  }
  throw new FailureError({
    origin: 'cli',
    code: 'apply/stale-plan',
    detail: `This is not what was reviewed:\n${comparison.differences.map(line => `    ${line}`).join('\n')}`,
    hint: 'plan again, and have the new plan reviewed',
    retryable: false,
  })
}

interface Applying {
  readonly run: Run
  readonly loaded: LoadedWorkspace
  readonly made: PlanMade
  readonly options: ApplyOptions
}

const applyAndShow = async ({ run, loaded, made, options }: Applying, context: CliContext) => {
  const audiences = new Map(loaded.specs.audiences.map(audience => [audience.id, audience]))
  const outcomes = await applyPlan(run, made.plan, { audiences, observed: made.observed })
  const summary = writeOutcomes(made.plan, outcomes)
  if (options.json) context.print(`${JSON.stringify(summary)}\n`)
  else if (outcomes.length > 0) context.print(`\n${renderOutcomes(outcomes, context.paint)}`)
  else if (options.planFile !== undefined) context.print('Nothing to apply.\n')
  return { ...judgeOutcomes(outcomes), summary: JSON.stringify(summary) }
}

const judgeOutcomes = (outcomes: readonly ChangeOutcome[]) => {
  const count = (kind: ChangeOutcome['result']['kind']): number =>
    outcomes.filter(({ result }) => result.kind === kind).length
  if (count('done') === outcomes.length) return { exitCode: EXIT.done, outcome: 'done' } as const
  const isInterrupted = outcomes.some(
    ({ result }) => result.kind === 'failed' && result.failure.code === INTERRUPTED.code,
  )
  if (!isInterrupted && count('failed') > 0 && count('done') + count('waiting') === 0) {
    return { exitCode: EXIT.errors, outcome: 'failed' } as const
  }
  return { exitCode: EXIT.partlyApplied, outcome: 'partial' } as const
}
