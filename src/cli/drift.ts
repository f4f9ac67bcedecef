import { refreshObserved } from '../engine/refresh.ts'
import type { DriftReport } from '../model/drift.ts'
import type { RecordedState } from '../model/recorded.ts'
import { reportDrift } from '../plan/drift-report.ts'
import { makeTellable } from '../plan/observed.ts'
import { createView } from '../plan/view.ts'
import type { Reader } from '../ports.ts'
import { renderDriftJson } from '../render/drift-json.ts'
import { renderDrift } from '../render/drift-terminal.ts'
import { showLine } from '../render/show-value.ts'
import { formatNumber } from '../render/words.ts'
import { composeReader, composeStateReader, createPaces } from './compose-reader.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { chooseOnly, describeTarget, recordedAudiences } from './make-plan.ts'
import { type LoadedWorkspace, loadWorkspace, lookOf, warnOf } from './workspace.ts'

export interface DriftOptions extends CommonOptions {
  readonly only?: readonly string[]
}

/** `muster drift`: has somebody changed at the vendors what was applied? Reads and compares, and nothing else. */
export const runDrift = async (options: DriftOptions, context: CliContext): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  warnOf(loaded.specs.diagnostics, loaded.specs, context)
  const recorded = await (await composeStateReader(loaded, context)).readState()
  const only = chooseOnly(options.only, recordedAudiences(recorded))
  const reader = composeReader(loaded, createPaces(loaded, context), context)
  const report = await makeReport({ loaded, recorded, reader, ...(only ? { only } : {}) }, context)
  context.print(options.json ? renderDriftJson(report) : renderDrift(report, lookOf(loaded.specs, context)))
  return judgeReport(report, context)
}

interface Look {
  readonly loaded: LoadedWorkspace
  readonly recorded: RecordedState
  readonly reader: Reader
  readonly only?: ReadonlySet<string>
}

const makeReport = async (
  { loaded, recorded, reader, ...rest }: Look,
  { clock, reporter }: CliContext,
): Promise<DriftReport> => {
  reporter.report({ subject: 'both vendors', phase: 'refresh', done: 0 })
  const observed = makeTellable(await refreshObserved(reader, recorded, []))
  const view = createView(recorded, observed, loaded.workspace.partner)
  return reportDrift({ view, target: describeTarget(loaded), now: clock.now(), ...rest })
}

/** A hint alone is no drift. What could not be looked at may have drifted: that is no clean result. */
const judgeReport = ({ checked, unknown }: DriftReport, { warn }: CliContext): ExitCode => {
  if (unknown.length > 0) warn(`Not read, so nobody knows whether it drifted: ${listUnread(unknown)}.\n`)
  if (checked.findings.length > 0) return EXIT.changesPending
  return unknown.length > 0 ? EXIT.errors : EXIT.done
}

const listUnread = (unknown: DriftReport['unknown']): string => {
  const told = unknown
    .slice(0, MOST_TOLD)
    .map(({ address, code }) => `${showLine(address)} (${showLine(code ?? 'not asked for')})`)
  const more = unknown.length - MOST_TOLD
  return `${told.join(', ')}${more > 0 ? ` and ${formatNumber(more)} more` : ''}`
}

/** In one line. The report names all of them. */
const MOST_TOLD = 5
