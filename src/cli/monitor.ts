import { lookForTrouble } from '../engine/monitor.ts'
import { tellAlerts } from '../engine/tell-alerts.ts'
import type { MonitorReport } from '../model/monitor.ts'
import { describeNow } from '../monitor/follow.ts'
import { renderMonitorJson } from '../render/monitor-json.ts'
import { renderMonitor } from '../render/monitor-terminal.ts'
import { showLine } from '../render/show-value.ts'
import { awaitStore } from './await-store.ts'
import { composeAlerters } from './compose-alerters.ts'
import { composeDestination, composeStateReader, createPaces } from './compose-reader.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { describeTarget } from './make-plan.ts'
import { type RunEnd, type StoreRun, withStore } from './with-store.ts'
import { type LoadedWorkspace, loadWorkspace, warnOf } from './workspace.ts'

/** `muster monitor`: whether reality departs from the files, and who should hear of it. Sends nothing to a vendor. */
export const runMonitor = async (options: CommonOptions, context: CliContext): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  warnOf(loaded.specs.diagnostics, loaded.specs, context)
  const { storeId } = await (await composeStateReader(loaded, context)).readState()
  // Looking makes no store.
  if (storeId === undefined) {
    const now = context.clock.now()
    return show({ ...NOTHING, target: describeTarget(loaded), lookedAt: now }, options, context)
  }
  const watch = async (held: StoreRun): Promise<RunEnd> => {
    const report = await look(loaded, held, context)
    const { open, begun, over, failures } = report
    const counts = { open: open.length, begun: begun.length, over: over.length }
    return {
      exitCode: show(report, options, context),
      outcome: failures.length > 0 ? 'partial' : 'done',
      summary: JSON.stringify({ watched: report.watched, ...counts }),
    }
  }
  return awaitStore(() => withStore({ loaded, command: 'monitor' }, context, watch), context)
}

const NOTHING = { watched: 0, open: [], begun: [], over: [], told: [], failures: [] } as const

const look = async (loaded: LoadedWorkspace, held: StoreRun, context: CliContext): Promise<MonitorReport> => {
  const { workspace, environment, specs } = loaded
  const { reporter } = context
  const reader = { destination: composeDestination(loaded, createPaces(loaded, context), context) }
  const alerters = await composeAlerters(loaded, context)
  const found = await lookForTrouble({ ...held, workspace, reader, reporter }, specs.audiences)
  const { open, begun, over, told, failures } = await tellAlerts(
    { store: held.store, environment: environment.name, alerters },
    found,
  )
  const { watched, listFailure } = found
  const unread = listFailure === undefined ? {} : { listFailure }
  const target = describeTarget(loaded)
  const report = { target, lookedAt: held.now, watched, open: describeNow(open, found) }
  return { ...report, begun, over, told, failures, ...unread }
}

const show = (
  report: MonitorReport,
  { json }: CommonOptions,
  { print, warn, paint }: CliContext,
): ExitCode => {
  print(json ? renderMonitorJson(report) : renderMonitor(report, paint))
  for (const { detail, code, hint } of report.failures)
    warn(`error: ${showLine(detail)} [${code}]\n${hint === undefined ? '' : `  hint: ${showLine(hint)}\n`}`)
  return judgeReport(report)
}

/** Who was not told does not know: that comes before what there was to tell. */
const judgeReport = ({ open, failures, listFailure }: MonitorReport): ExitCode => {
  if (failures.length > 0) return EXIT.errors
  if (open.length > 0) return EXIT.changesPending
  return listFailure === undefined ? EXIT.done : EXIT.errors
}
