import { agoOf } from '../render/words.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { unlockStore } from './open-store.ts'
import { loadWorkspace } from './workspace.ts'

export interface StateUnlockOptions extends CommonOptions {
  readonly lockId: string
}

/** `muster state unlock`: removes the lock of a run that never let go. */
export const runStateUnlock = async (options: StateUnlockOptions, context: CliContext): Promise<ExitCode> => {
  const loaded = loadWorkspace(options, context)
  if (!loaded) return EXIT.errors
  const { id, owner, command, acquiredAt } = await unlockStore(loaded, options.lockId, context)
  context.print(
    options.json
      ? `${JSON.stringify({ unlocked: { id, owner, command, acquired_at: acquiredAt } })}\n`
      : `Removed lock ${id} of \`muster ${command}\` by ${owner}, taken ${agoOf(acquiredAt, context.clock.now())}.\n`,
  )
  return EXIT.done
}
