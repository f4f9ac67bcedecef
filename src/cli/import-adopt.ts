import { applyPlan } from '../engine/apply.ts'
import type { Plan } from '../model/plan.ts'
import { chooseTakeover, keepShown, NO_TAKEOVER, type Takeover } from '../plan/import-takeover.ts'
import { renderOutcomes } from '../render/apply-terminal.ts'
import { renderDiagnostics } from '../render/diagnostics.ts'
import { renderTakeover, tellRest } from '../render/import-terminal.ts'
import { askForYes } from './ask.ts'
import { composeReader, composeStateReader, type Paces } from './compose-reader.ts'
import { composePeople } from './compose-sync.ts'
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
  /** Those of `ids` whose files are new. */
  readonly begun: ReadonlySet<string>
  readonly paces: Paces
  readonly options: AdoptOptions
  /** Writes the specs, once no guard objects and nobody who was asked said no. */
  readonly write: () => Promise<void>
}

export interface AdoptOptions {
  readonly json: boolean
  /** Does not ask. */
  readonly yes: boolean
  readonly isDryRun: boolean
}

/** How it ended, and what it was about. */
export interface Adopted {
  readonly exitCode: ExitCode
  readonly takeover: Takeover
}

/**
 * Takes over through the same code as apply, limited to what only we have to remember: see `chooseTakeover`. Shows it,
 * and asks where somebody is there.
 */
export const adoptImported = async (input: AdoptInput, context: CliContext): Promise<Adopted> => {
  const { loaded, ids, begun, paces, options, write } = input
  const reader = composeReader(loaded, paces, context)
  const before = await (await composeStateReader(loaded, context)).readState()
  const { plan } = await makePlan(loaded, before, reader, context, new Set(ids))
  if (plan.refusals.length > 0) return { exitCode: refuse(plan, loaded, context), takeover: NO_TAKEOVER }
  const takeover = chooseTakeover(plan, begun)
  if (!options.json) context.print(renderTakeover(takeover))
  if (options.isDryRun) return { exitCode: EXIT.done, takeover }
  if (!(await agrees(input, context))) return { exitCode: EXIT.errors, takeover }
  await write()
  return { exitCode: await record(input, takeover, context), takeover }
}

/** Where nobody can answer it goes on: what is clear was named beforehand, or has the very name of its segment. */
const agrees = async ({ loaded, options }: AdoptInput, context: CliContext): Promise<boolean> =>
  context.confirm === undefined ||
  options.json ||
  askForYes({ ...options, question: `Take this over in "${loaded.environment.name}"?` }, context)

const record = (
  { loaded, ids, begun, paces, options }: AdoptInput,
  shown: Takeover,
  context: CliContext,
): Promise<ExitCode> => {
  const reader = composeReader(loaded, paces, context)
  const writer = composeWriter(loaded, paces, context)
  const people = composePeople(loaded, paces, context)
  return withRun({ loaded, reader, writer, people, command: 'import' }, context, async run => {
    const recorded = await run.store.readState()
    const { plan, observed } = await makePlan(loaded, recorded, reader, context, new Set(ids))
    if (plan.refusals.length > 0) return { exitCode: refuse(plan, loaded, context), outcome: 'refused' }
    const audiences = new Map(loaded.specs.audiences.map(audience => [audience.id, audience]))
    const changes = keepShown(chooseTakeover(plan, begun), shown)
    const outcomes = await applyPlan(run, { ...plan, changes }, { audiences, observed })
    if (!options.json) context.print(`\n${renderOutcomes(outcomes, context.paint)}${tellRest(shown)}`)
    const isDone = outcomes.every(({ result }) => result.kind === 'done')
    return isDone
      ? { exitCode: EXIT.done, outcome: 'done' }
      : { exitCode: EXIT.partlyApplied, outcome: 'partial' }
  })
}

const refuse = (plan: Plan, loaded: LoadedWorkspace, context: CliContext): ExitCode => {
  context.warn(
    `${renderDiagnostics(plan.refusals, lookOf(loaded.specs, context))}\n\nNothing was taken over.\n`,
  )
  return EXIT.refused
}
