import { applyPlan } from '../engine/apply.ts'
import { type Change, type Plan, pendingChanges } from '../model/plan.ts'
import { renderOutcomes } from '../render/apply-terminal.ts'
import { renderDiagnostics } from '../render/diagnostics.ts'
import { composeReader, composeStateReader, type Paces } from './compose-reader.ts'
import { composeWriter } from './compose-writer.ts'
import type { CliContext } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { makePlan } from './make-plan.ts'
import { withRun } from './with-run.ts'
import { type LoadedWorkspace, lookOf } from './workspace.ts'

export interface AdoptInput {
  /** With the specs as they will be. */
  readonly loaded: LoadedWorkspace
  readonly ids: readonly string[]
  readonly paces: Paces
  readonly json: boolean
  /** Writes the specs, once no guard objects. */
  readonly write: () => Promise<void>
}

/**
 * Takes over through the same code as apply, limited to what only we have to remember: adopting without a call, and
 * how a segment feeds a cohort. Whatever would write to a vendor is left to a plan that somebody reviews.
 */
export const adoptImported = async (
  { loaded, ids, paces, json, write }: AdoptInput,
  context: CliContext,
): Promise<ExitCode> => {
  const reader = composeReader(loaded, paces, context)
  const writer = composeWriter(loaded, paces, context)
  const only = new Set(ids)
  const before = await (await composeStateReader(loaded, context)).readState()
  const { plan: foreseen } = await makePlan(loaded, before, reader, context, only)
  if (foreseen.refusals.length > 0) return refuse(foreseen, loaded, context)
  await write()
  return withRun({ loaded, reader, writer, command: 'import' }, context, async run => {
    const { plan, observed } = await makePlan(loaded, await run.store.readState(), reader, context, only)
    if (plan.refusals.length > 0) return { exitCode: refuse(plan, loaded, context), outcome: 'refused' }
    const audiences = new Map(loaded.specs.audiences.map(audience => [audience.id, audience]))
    const changes = plan.changes.filter(isOursAlone)
    const outcomes = await applyPlan(run, { ...plan, changes }, { audiences, observed })
    if (!json) context.print(`\n${renderOutcomes(outcomes, context.paint)}${tellRest(plan)}`)
    const isDone = outcomes.every(({ result }) => result.kind === 'done')
    return isDone
      ? { exitCode: EXIT.done, outcome: 'done' }
      : { exitCode: EXIT.partlyApplied, outcome: 'partial' }
  })
}

const isOursAlone = ({ action, kind, calls }: Change): boolean =>
  calls.length === 0 && (action === 'adopt' || (action === 'create' && kind === 'binding'))

const tellRest = (plan: Plan): string => {
  const rest = pendingChanges(plan).filter(change => !isOursAlone(change))
  if (rest.length === 0) return ''
  return `Left to muster plan and apply: ${rest.map(({ address }) => address).join(', ')}.\n`
}

const refuse = (plan: Plan, loaded: LoadedWorkspace, context: CliContext): ExitCode => {
  context.warn(
    `${renderDiagnostics(plan.refusals, lookOf(loaded.specs, context))}\n\nNothing was taken over.\n`,
  )
  return EXIT.refused
}
