import { hasErrors } from '../model/diagnostic.ts'
import type { RecordedState } from '../model/recorded.ts'
import { reportStore } from '../plan/store-report.ts'
import type { Overlap } from '../ports.ts'
import { renderReportJson } from '../render/report-json.ts'
import { renderReport } from '../render/report-terminal.ts'
import { adviseOnStore } from './advise.ts'
import { composeStateReader } from './compose-reader.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { describeTarget } from './make-plan.ts'
import { openStore } from './open-store.ts'
import { warnOfTakeover } from './with-store.ts'
import { type LoadedWorkspace, loadWorkspace, warnOf } from './workspace.ts'

/** `muster report`: what the store knows of every audience, and whom two of them share. Asks no vendor, needs no key. */
export const runReport = async (options: CommonOptions, context: CliContext): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  warnOf(loaded.specs.diagnostics, loaded.specs, context)
  const now = context.clock.now()
  const read = await readStore(loaded, context)
  const report = reportStore({ target: describeTarget(loaded), now, ...read })
  context.print(options.json ? renderReportJson(report) : renderReport(report, context.paint))
  const advice = adviseOnStore(loaded, { recorded: read.recorded, now, shared: report.shared })
  warnOf(advice, loaded.specs, context)
  return hasErrors(advice) ? EXIT.errors : EXIT.done
}

interface Read {
  readonly recorded: RecordedState
  readonly overlaps: readonly Overlap[]
}

/** Who is in two ledgers is known to the store itself alone, which one process may have open. Looking makes none. */
const readStore = async (loaded: LoadedWorkspace, context: CliContext): Promise<Read> => {
  const recorded = await (await composeStateReader(loaded, context)).readState()
  if (recorded.storeId === undefined) return { recorded, overlaps: [] }
  const store = await openStore(loaded, { command: 'report', runId: context.createId() }, context)
  try {
    warnOfTakeover(store, context)
    context.reporter.report({ subject: 'the store', phase: 'diff', done: 0 })
    return { recorded: await store.readState(), overlaps: await store.readOverlaps() }
  } finally {
    await store.close()
  }
}
