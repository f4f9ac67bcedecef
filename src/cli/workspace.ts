import { type Diagnostic, hasErrors } from '../model/diagnostic.ts'
import type { Environment, Workspace } from '../model/workspace.ts'
import { type DiagnosticsOptions, renderDiagnostics } from '../render/diagnostics.ts'
import { chooseEnvironment } from '../spec/environment.ts'
import type { ValidatedSpecs } from '../spec/validate.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { type LoadOptions, loadSpecs, loadValidators } from './specs.ts'
import { chooseStore, type StorePlace } from './store-place.ts'

/** Valid specs and the one environment a command works in. */
export interface LoadedWorkspace {
  readonly workspace: Workspace
  readonly environment: Environment
  readonly specs: ValidatedSpecs
  readonly store: StorePlace
}

/**
 * Loads the specs, or shows every mistake in them and gives back undefined. Only who reviews says what day it is: a waiver that
 * runs out at midnight must not keep a scheduled sync from removing anybody.
 */
export const loadWorkspace = (
  options: CommonOptions,
  context: CliContext,
  given: LoadOptions = {},
): LoadedWorkspace | undefined => {
  const specs = loadSpecs(options.dir, loadValidators(), given)
  const environment = specs.workspace && chooseEnvironment(specs.workspace, options.env)
  const unknown = environment && 'code' in environment ? [environment] : []
  const diagnostics = [...specs.diagnostics, ...unknown]
  if (!specs.workspace || !environment || 'code' in environment || hasErrors(diagnostics)) {
    warnOf(diagnostics, specs, context)
    return undefined
  }
  return {
    workspace: specs.workspace,
    environment,
    specs,
    store: chooseStore(options.store, specs.workspace, environment),
  }
}

/** Shows diagnostics on standard error, each with its code frame. */
export const warnOf = (
  diagnostics: readonly Diagnostic[],
  specs: ValidatedSpecs,
  context: CliContext,
): void => {
  if (diagnostics.length > 0) context.warn(`${renderDiagnostics(diagnostics, lookOf(specs, context))}\n\n`)
}

/** How diagnostics look here: with the specs at hand for code frames. */
export const lookOf = ({ sources }: ValidatedSpecs, { paint, width }: CliContext): DiagnosticsOptions => ({
  sources,
  paint,
  width,
})
