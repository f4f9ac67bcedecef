import { FailureError } from '../model/failure.ts'
import { renderMigrated, writeCopied } from '../render/copy-terminal.ts'
import { copyStore } from '../store/copy/copy-store.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { openCopySource, openCopyTarget } from './open-copy.ts'
import { parseStore, type StorePlace } from './store-place.ts'
import { loadWorkspace, warnOf } from './workspace.ts'

export interface StateMigrateOptions extends CommonOptions {
  /** Absent: the store that every other command uses. */
  readonly from?: string
  readonly to: string
}

/** `muster state migrate`: the same store in another place. Can be run again after whatever stopped it. */
export const runStateMigrate = async (
  options: StateMigrateOptions,
  context: CliContext,
): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  warnOf(loaded.specs.diagnostics, loaded.specs, context)
  const env = loaded.environment.name
  const from = options.from === undefined ? loaded.store : parseStore(options.from, env, '--from')
  const to = parseStore(options.to, env, '--to')
  if (isSamePlace(from, to)) refuseSamePlace()
  const command = 'state migrate'
  const source = await openCopySource({ loaded, place: from, command }, context)
  try {
    const target = await openCopyTarget({ loaded, place: to, command }, source.facts, context)
    try {
      const copied = await copyStore(source, target, tellOf(context))
      const places = { from: from.name, to: to.name }
      context.print(
        options.json
          ? writeCopied({ ...places, ...source.facts, ...copied })
          : renderMigrated({ ...places, ...source.facts, ...copied }, isFile(from)),
      )
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
  return EXIT.done
}

/** Shows which part is under way. */
export const tellOf =
  ({ reporter }: CliContext) =>
  (part: string, done: number, total: number): void =>
    reporter.report({ subject: part, phase: 'read', done, total })

const isFile = ({ kind }: StorePlace): boolean => kind === 'duckdb'

/** Two databases may have the same schema: what is not certain is found out by the lock, or by what the target holds. */
const isSamePlace = (from: StorePlace, to: StorePlace): boolean =>
  from.kind === 'duckdb'
    ? to.kind === 'duckdb' && from.path === to.path
    : to.kind === 'postgres' && JSON.stringify(from.url) === JSON.stringify(to.url)

const refuseSamePlace = (): never => {
  throw new FailureError({
    origin: 'cli',
    code: 'state/same-place',
    detail: '"--from" and "--to" are the same store.',
    hint: 'name another place with --to',
    retryable: false,
  })
}
