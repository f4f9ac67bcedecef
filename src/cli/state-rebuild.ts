import { journal } from '../engine/run.ts'
import { undoRenames } from '../engine/undo-renames.ts'
import { type Failure, FailureError, failureOf } from '../model/failure.ts'
import { EMPTY_STATE, type RecordedState } from '../model/recorded.ts'
import type { StoreWrite } from '../model/store-write.ts'
import { type Rebuilt, rebuildRecord } from '../plan/rebuild.ts'
import { listLost, type RebuildSources, renderRebuild } from '../render/rebuild-terminal.ts'
import { countOf } from '../render/words.ts'
import { refuseOtherTarget } from '../store/other-target.ts'
import { replayStateLog, stateLogPath } from '../store/state-log.ts'
import { askForYes } from './ask.ts'
import { composeReader, composeStateReader, createPaces } from './compose-reader.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { describeAccounts, makePlan } from './make-plan.ts'
import { type StoreRun, withStore } from './with-store.ts'
import { type LoadedWorkspace, loadWorkspace, warnOf } from './workspace.ts'

export interface StateRebuildOptions extends CommonOptions {
  readonly yes: boolean
}

/** `muster state rebuild`: records anew what exists, after the loss of the store. Writes to no vendor. */
export const runStateRebuild = async (
  options: StateRebuildOptions,
  context: CliContext,
): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  warnOf(loaded.specs.diagnostics, loaded.specs, context)
  refuseUnlessEmpty(await readOldState(loaded, context), loaded)
  const { logged, sources, given } = await readLog(loaded, context)
  const rebuilt = await gather(loaded, logged, context)
  if (!options.json) context.print(renderRebuild(rebuilt, sources))
  if (given.length > 0) {
    const names = given.map(name => JSON.stringify(name)).join(', ')
    context.warn(`A rename to ${names} was under way: it is taken back, and the name is used up.\n`)
  }
  if (rebuilt.objects.length + rebuilt.tombstones.length === 0) {
    context.print(options.json ? writeRebuilt(rebuilt, sources) : '\nThere is nothing to record.\n')
    return EXIT.done
  }
  const question = `Record this for "${loaded.environment.name}"?`
  if (!(await askForYes({ ...options, question }, context))) return EXIT.errors
  return withStore({ loaded, command: 'state rebuild' }, context, async run => {
    refuseUnlessEmpty(await run.store.readState(), loaded)
    await run.store.commit(recordAll(run, rebuilt, logged))
    const count = countOf(rebuilt.objects.length, 'object')
    context.print(options.json ? writeRebuilt(rebuilt, sources) : `\nRecorded ${count}. Next: muster plan\n`)
    return { exitCode: EXIT.done, outcome: 'done' }
  })
}

const readOldState = async (loaded: LoadedWorkspace, context: CliContext): Promise<RecordedState> => {
  try {
    return await (await composeStateReader(loaded, context)).readState()
  } catch (error) {
    const failure = failureOf(error)
    const { store } = loaded
    if (store.kind !== 'duckdb' || failure?.code !== 'store/unreadable') throw error
    const hint = `move ${store.path} away, then run the same command again`
    throw new FailureError({ ...failure, hint })
  }
}

const refuseUnlessEmpty = (
  { objects, tombstones, members }: RecordedState,
  { store }: LoadedWorkspace,
): void => {
  if (objects.size + tombstones.size + members.size === 0) return
  refuse({
    code: 'state/store-in-use',
    detail: `"${store.name}" holds ${countOf(objects.size, 'object')}: there is nothing to rebuild.`,
    hint: 'to mend single records: muster state mv, muster state rm',
  })
}

interface Log {
  readonly logged: RecordedState
  readonly sources: RebuildSources
  /** Names that a rename under way had begun to use. */
  readonly given: readonly string[]
}

const readLog = async (loaded: LoadedWorkspace, { clock }: CliContext): Promise<Log> => {
  const { store } = loaded
  const path = store.kind === 'duckdb' ? stateLogPath(store.path) : undefined
  const replayed = path === undefined ? undefined : await replayStateLog(path)
  if (path === undefined || !replayed) return { logged: EMPTY_STATE, sources: {}, given: [] }
  refuseOtherTarget(path, replayed.target, describeAccounts(loaded))
  const { state, given } = undoRenames(replayed.state, clock.now())
  const { damagedLines } = replayed
  return { logged: state, given, sources: { log: { path, head: state.head, damagedLines } } }
}

/** Every audience may take over what exists under its names, whatever its file says about it. */
const gather = async (
  loaded: LoadedWorkspace,
  logged: RecordedState,
  context: CliContext,
): Promise<Rebuilt> => {
  const audiences = loaded.specs.audiences.map(audience => ({ adopt: {}, ...audience, isSuspended: false }))
  const willing = { ...loaded, specs: { ...loaded.specs, audiences } }
  const reader = composeReader(loaded, createPaces(loaded, context), context)
  const { plan, observed } = await makePlan(willing, logged, reader, context)
  const unread = [plan.reads.customerioSegments, plan.reads.moengageSegments].find(
    ({ kind }) => kind !== 'read',
  )
  if (unread)
    refuse({
      code: 'guard/unverified',
      detail: 'A list of segments could not be read, so what exists is not known.',
      hint: 'run the same command again later',
    })
  const { partner } = loaded.workspace
  return rebuildRecord({
    logged,
    changes: plan.changes,
    audiences,
    observed,
    partner,
    now: context.clock.now(),
  })
}

const recordAll = (
  run: StoreRun,
  { objects, tombstones }: Rebuilt,
  { evidence, allowances }: RecordedState,
): readonly StoreWrite[] => [
  ...objects.flatMap(({ object, from }): StoreWrite[] => [
    { kind: 'object', object },
    journal(run, { address: object.address, operation: 'rebuild record' }, 'accepted', `from ${from}`),
  ]),
  ...tombstones.map((tombstone): StoreWrite => ({ kind: 'tombstone', tombstone })),
  ...[...evidence.values()].map((each): StoreWrite => ({ kind: 'evidence', evidence: each })),
  ...[...allowances.values()].map((allowance): StoreWrite => ({ kind: 'allowance', allowance })),
]

const writeRebuilt = ({ objects, tombstones, missing }: Rebuilt, sources: RebuildSources): string =>
  `${JSON.stringify({
    log: sources.log ? { head: sources.log.head, damaged_lines: sources.log.damagedLines } : null,
    objects: objects.map(({ object, from, isUnlisted }) => ({
      address: object.address,
      from,
      remote_id: object.remoteId ?? null,
      cohort_id: object.attributes.cohort_id ?? null,
      listed: !isUnlisted,
    })),
    tombstones: tombstones.length,
    missing,
    lost_members: objects
      .filter(({ object }) => object.kind === 'cohort')
      .map(({ object }) => object.address),
    not_recovered: listLost(sources),
  })}\n`

const refuse = (failure: Pick<Failure, 'code' | 'detail' | 'hint'>): never => {
  throw new FailureError({ origin: 'cli', retryable: false, ...failure })
}
