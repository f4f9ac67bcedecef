import { hasErrors } from '../model/diagnostic.ts'
import type { Plan } from '../model/plan.ts'
import { EMPTY_STATE, type RecordedState } from '../model/recorded.ts'
import { NOT_OBSERVED } from '../plan/observed.ts'
import { assumeApplied } from '../plan/offline.ts'
import { planChanges } from '../plan/plan-changes.ts'
import type { CliContext } from './context.ts'
import { chooseUnsupported, describeTarget } from './make-plan.ts'
import { loadSpecs } from './specs.ts'
import { type LoadedWorkspace, warnOf } from './workspace.ts'

export interface OfflineOptions {
  /** Folder of the specs that stand for what was applied: those of the branch to be merged into. */
  readonly base?: string
  readonly only?: ReadonlySet<string>
}

/** A plan from files alone: no key is read, no connection opened, no store looked at. Undefined: the base is invalid. */
export const makeOfflinePlan = (
  loaded: LoadedWorkspace,
  { base, only }: OfflineOptions,
  context: CliContext,
): Plan | undefined => {
  const recorded = base === undefined ? EMPTY_STATE : readBase(base, context)
  return (
    recorded &&
    planChanges({
      workspace: loaded.workspace,
      audiences: loaded.specs.audiences,
      specs: loaded.specs.document,
      target: describeTarget(loaded),
      recorded,
      observed: NOT_OBSERVED,
      refusals: chooseUnsupported(loaded.specs.unsupported, only),
      offline: base === undefined ? 'nothing' : 'base',
      ...(only ? { only } : {}),
      now: context.clock.now(),
      musterVersion: context.version,
    })
  )
}

const readBase = (folder: string, context: CliContext): RecordedState | undefined => {
  const specs = loadSpecs(folder)
  if (specs.workspace && !hasErrors(specs.diagnostics)) {
    return assumeApplied(specs.workspace, specs.audiences, context.clock.now())
  }
  warnOf(specs.diagnostics, specs, context)
  return undefined
}
