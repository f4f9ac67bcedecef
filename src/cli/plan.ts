import { pendingChanges } from '../model/plan.ts'
import { renderPlanJson } from '../render/plan-json.ts'
import { renderPlan } from '../render/plan-terminal.ts'
import { writeFileAtomically } from './atomic-file.ts'
import { composeReader, composeStateReader, createPaces } from './compose-reader.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { chooseOnly, knownAudiences, makePlan } from './make-plan.ts'
import { loadWorkspace, lookOf, warnOf } from './workspace.ts'

export interface PlanOptions extends CommonOptions {
  readonly only?: readonly string[]
  readonly out?: string
  readonly detailedExitcode: boolean
}

/** `muster plan`: reads, compares, shows. There is no way from here to anything that writes to a vendor. */
export const runPlan = async (options: PlanOptions, context: CliContext): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  warnOf(loaded.specs.diagnostics, loaded.specs, context)
  const recorded = await (await composeStateReader(loaded, context)).readState()
  const reader = composeReader(loaded, createPaces(loaded, context), context)
  const only = chooseOnly(options.only, knownAudiences(loaded, recorded))
  const plan = await makePlan(loaded, recorded, reader, context, only)
  context.print(options.json ? renderPlanJson(plan) : renderPlan(plan, lookOf(loaded.specs, context)))
  if (options.out !== undefined) {
    await writeFileAtomically(options.out, renderPlanJson(plan))
    context.warn(
      `Wrote ${options.out}. To apply exactly this: muster apply ${options.out} --env ${options.env}\n`,
    )
  }
  if (plan.refusals.length > 0) return EXIT.refused
  return options.detailedExitcode && pendingChanges(plan).length > 0 ? EXIT.changesPending : EXIT.done
}
