import { renderBackedUp, writeCopied } from '../render/copy-terminal.ts'
import { writeBackup } from '../store/copy/write-backup.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { describeAccounts } from './make-plan.ts'
import { openCopySource } from './open-copy.ts'
import { tellOf } from './state-migrate.ts'
import { loadWorkspace, warnOf } from './workspace.ts'

export interface StateFileOptions extends CommonOptions {
  readonly file: string
}

/** `muster state backup`: all of the store in one file that either kind of store can be made from. */
export const runStateBackup = async (options: StateFileOptions, context: CliContext): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  warnOf(loaded.specs.diagnostics, loaded.specs, context)
  const { store: place } = loaded
  const source = await openCopySource({ loaded, place, command: 'state backup' }, context)
  try {
    const { storeId, head } = source.facts
    const about = {
      store_id: storeId,
      head,
      accounts: describeAccounts(loaded),
      made_at: context.clock.now(),
      muster_version: context.version,
    }
    const tables = await writeBackup(source, { path: options.file, about }, tellOf(context))
    const told = { from: place.name, to: options.file, ...source.facts, tables, found: 0 }
    context.print(options.json ? writeCopied(told) : renderBackedUp(told))
  } finally {
    await source.close()
  }
  return EXIT.done
}
