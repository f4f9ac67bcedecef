import type { Command } from 'commander'
import { type Act, addCommonOptions, defineUnder, textOf } from './define.ts'

/** What is recorded, and how to mend it by hand. */
export const defineStateCommands = (program: Command, act: Act): void => {
  const state = addCommonOptions(program.command('state'))
    .description('look at what is recorded, and mend it')
    .exitOverride()
  const define = defineUnder(state)
  act(
    define('list', 'every recorded object, and who holds the store', 'muster state list --json'),
    () => async (options, context) => (await import('./state.ts')).runStateList(options, context),
  )
  act(
    define('show', 'all that is recorded of one object', 'muster state show cohort.vip').argument(
      '<address>',
      'for example cohort.vip',
    ),
    (_given, [address = '']) =>
      async (options, context) =>
        (await import('./state.ts')).runStateShow({ ...options, address }, context),
  )
  act(
    define('history', 'what the last syncs of an audience counted', 'muster state history vip --limit 60')
      .argument('<id>', 'id of an audience')
      .option('--limit <count>', 'how many syncs, the newest ones (default: 30)'),
    (given, [id = '']) =>
      async (options, context) =>
        (await import('./state-history.ts')).runStateHistory(
          { ...options, id, ...textOf(given, 'limit') },
          context,
        ),
  )
  act(
    define(
      'mv',
      'put what is recorded of an audience under another id; no vendor is called',
      'muster state mv vip vip-customers',
    )
      .argument('<old-id>', 'the id it is recorded under')
      .argument('<new-id>', 'the id that its file has now'),
    (_given, [from = '', to = '']) =>
      async (options, context) =>
        (await import('./state-move.ts')).runStateMove({ ...options, from, to }, context),
  )
  act(
    define('rm', 'let go of an audience or of one object; no vendor is called', 'muster state rm vip --yes')
      .argument('<id-or-address>', 'for example vip, or sendable.vip')
      .option('--yes', 'do not ask'),
    (given, [target = '']) =>
      async (options, context) =>
        (await import('./state-forget.ts')).runStateForget(
          { ...options, target, yes: given.yes === true },
          context,
        ),
  )
  act(
    define(
      'rebuild',
      'record anew what exists, after the loss of the store',
      'muster state rebuild --env live',
    ).option('--yes', 'do not ask'),
    given => async (options, context) =>
      (await import('./state-rebuild.ts')).runStateRebuild({ ...options, yes: given.yes === true }, context),
  )
  act(
    define(
      'migrate',
      'copy the store to another place, a file or a database; run it again after whatever stopped it',
      'muster state migrate --to postgres:MUSTER_DATABASE_URL',
    )
      .requiredOption('--to <store>', 'a place that is empty: duckdb:FILE, or postgres:VARIABLE')
      .option('--from <store>', 'the store to copy (default: that of every other command)'),
    given => async (options, context) =>
      (await import('./state-migrate.ts')).runStateMigrate(
        { ...options, to: '', ...textOf(given, 'to'), ...textOf(given, 'from') },
        context,
      ),
  )
  act(
    define('backup', 'write all of the store into one file', 'muster state backup muster.backup').argument(
      '<file>',
      'a file that is not there yet',
    ),
    (_given, [file = '']) =>
      async (options, context) =>
        (await import('./state-backup.ts')).runStateBackup({ ...options, file }, context),
  )
  act(
    define(
      'restore',
      'make the store from a backup, where there is none',
      'muster state restore muster.backup',
    ).argument('<file>', 'as `muster state backup` wrote it'),
    (_given, [file = '']) =>
      async (options, context) =>
        (await import('./state-restore.ts')).runStateRestore({ ...options, file }, context),
  )
  act(
    define(
      'unlock',
      'remove the lock of a run that has ended without a word',
      'muster state unlock 7c1e2f0a-3b55-4d11-9a40-0d6c6e1b2f33',
    ).argument('<lock-id>', 'as `muster state list` shows it'),
    (_given, [lockId = '']) =>
      async (options, context) =>
        (await import('./state-unlock.ts')).runStateUnlock({ ...options, lockId }, context),
  )
}
