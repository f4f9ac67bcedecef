import { renderRestored, writeCopied } from '../render/copy-terminal.ts'
import { copyStore } from '../store/copy/copy-store.ts'
import { openBackup } from '../store/copy/read-backup.ts'
import { refuseOtherTarget } from '../store/other-target.ts'
import type { CliContext } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { describeAccounts } from './make-plan.ts'
import { openCopyTarget } from './open-copy.ts'
import type { StateFileOptions } from './state-backup.ts'
import { tellOf } from './state-migrate.ts'
import { loadWorkspace, warnOf } from './workspace.ts'

/** `muster state restore`: a store from a backup, where there is none. */
export const runStateRestore = async (options: StateFileOptions, context: CliContext): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  warnOf(loaded.specs.diagnostics, loaded.specs, context)
  const { store: place } = loaded
  const backup = await openBackup(options.file)
  try {
    const { about, facts } = backup
    refuseOtherTarget(options.file, about.accounts, describeAccounts(loaded))
    const target = await openCopyTarget({ loaded, place, command: 'state restore' }, facts, context)
    try {
      const copied = await copyStore(backup, target, tellOf(context))
      const told = { from: options.file, to: place.name, ...facts, ...copied }
      context.print(
        options.json
          ? writeCopied(told)
          : renderRestored(told, { madeAt: about.made_at, now: context.clock.now() }),
      )
    } finally {
      await target.close()
    }
  } finally {
    await backup.close()
  }
  return EXIT.done
}
