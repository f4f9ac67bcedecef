import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Opened } from '../engine/checkup.ts'
import { examineCoverage } from '../engine/checkup-coverage.ts'
import { examineCustomerio } from '../engine/checkup-customerio.ts'
import { examineClock, examineStore, type HeardTime } from '../engine/checkup-here.ts'
import { examineMoengage } from '../engine/checkup-moengage.ts'
import { type Check, hasTrouble } from '../model/checkup.ts'
import { failureOf } from '../model/failure.ts'
import { EMPTY_STATE, type RecordedState } from '../model/recorded.ts'
import { renderCheckup, writeCheckup } from '../render/checkup-terminal.ts'
import { composeDestination, composeSource, composeStateReader, createPaces } from './compose-reader.ts'
import { composeTrack } from './compose-track.ts'
import { composeUsers } from './compose-users.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { describeTarget } from './make-plan.ts'
import { type LoadedWorkspace, loadWorkspace, warnOf } from './workspace.ts'

/** `muster doctor`: whether all is there that a sync needs; one line each. Writes to nothing. */
export const runDoctor = async (options: CommonOptions, context: CliContext): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  warnOf(loaded.specs.diagnostics, loaded.specs, context)
  const checks = await examineAll(loaded, options, context)
  const target = describeTarget(loaded)
  context.print(options.json ? writeCheckup(target, checks) : renderCheckup(target, checks, context.paint))
  return hasTrouble(checks) ? EXIT.errors : EXIT.done
}

const examineAll = async (
  loaded: LoadedWorkspace,
  options: CommonOptions,
  context: CliContext,
): Promise<readonly Check[]> => {
  const { workspace, environment, specs } = loaded
  const now = context.clock.now()
  const state = await open(async () => (await composeStateReader(loaded, context)).readState())
  const recorded = state.kind === 'opened' ? state.port : EMPTY_STATE
  const paces = createPaces(loaded, context)
  const heard: HeardTime[] = []
  const hear = (vendor: string) => (theirs: string) =>
    void heard.push({ vendor, theirs, ours: context.clock.now() })
  const source = await open(() => composeSource(loaded, paces, context, hear('Customer.io')))
  const destination = await open(() => composeDestination(loaded, paces, context, hear('MoEngage')))
  const track = environment.customerio.track && (await open(() => composeTrack(loaded, paces, context)))
  const users = await open(() => composeUsers(loaded, paces, context))

  const { audiences } = specs
  context.reporter.report({ subject: 'Customer.io', phase: 'verify', done: 0 })
  const { checks, readable } = await examineCustomerio({
    connection: environment.customerio,
    source,
    ...(track ? { track } : {}),
    audiences,
    recorded,
  })
  const refuses = destination.kind === 'opened' ? destination.port.refusesIdentifier : () => undefined
  const coverage = readable ? [await examineCoverage({ source: readable, refuses, audiences, recorded })] : []
  context.reporter.report({ subject: 'MoEngage', phase: 'verify', done: 0 })
  return [
    ...checks,
    ...coverage,
    ...(await examineMoengage({ environment, workspace, destination, users, recorded, now })),
    examineClock({ heard, isSet: options.now !== undefined }),
    examineStore({ state, now, ...(await findUnwritable(loaded, recorded)) }),
  ]
}

/** What a missing key, or a damaged store, says when it is asked for is an answer here, not the end. */
const open = async <T>(make: () => T | Promise<T>): Promise<Opened<T>> => {
  try {
    return { kind: 'opened', port: await make() }
  } catch (error) {
    const failure = failureOf(error)
    if (!failure) throw error
    return { kind: 'refused', failure }
  }
}

/** The engine makes files beside its own, so the folder counts, or the nearest one above that is there. */
const findUnwritable = async (
  { store }: LoadedWorkspace,
  { storeId }: RecordedState,
): Promise<{ readonly unwritable?: string }> => {
  // A database tells who may do what when it is asked to.
  if (store.kind === 'postgres') return {}
  const { path } = store
  if (storeId !== undefined && !(await mayWrite(path))) return { unwritable: `${path} cannot be written` }
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (await mayWrite(folder)) return {}
    if (await isThere(folder)) return { unwritable: `nothing can be written in ${folder}` }
    if (folder === dirname(folder)) return {}
  }
}

const mayWrite = (path: string): Promise<boolean> => allows(path, constants.W_OK)
const isThere = (path: string): Promise<boolean> => allows(path, constants.F_OK)

const allows = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  )
