import { type Act, type Define, onlyOf, textOf } from './define.ts'

/** What works with the vendors. */
export const defineRemoteCommands = (define: Define, act: Act): void => {
  definePlan(define, act)
  defineApply(define, act)
  defineSync(define, act)
  defineDrift(define, act)
  defineMonitor(define, act)
  defineImport(define, act)
}

const definePlan = (define: Define, act: Act): void => {
  const plan = define(
    'plan',
    'show what apply would change; changes nothing',
    'muster plan --env live --out plan.json --comment plan.md',
  )
    .option('--out <file>', 'write the plan document, for review and for `muster apply <file>`')
    .option('--comment <file>', 'write the plan as Markdown, for a comment on the pull request')
    .option('--only <id...>', 'only these audiences')
    .option('--offline', 'use no key, no store and no network; says what it could not know')
    .option(
      '--base <folder>',
      'with --offline: compare with these specs, those of the branch to be merged into',
    )
    .option('--detailed-exitcode', 'exit 2 when changes are pending, 1 when that could not be read')
  act(
    plan,
    given => async (options, context) =>
      (await import('./plan.ts')).runPlan(
        {
          ...options,
          detailedExitcode: given.detailedExitcode === true,
          offline: given.offline === true,
          ...textOf(given, 'out'),
          ...textOf(given, 'comment'),
          ...textOf(given, 'base'),
          ...onlyOf(given),
        },
        context,
      ),
  )
}

const defineApply = (define: Define, act: Act): void => {
  const apply = define('apply', 'do what was planned and reviewed, or stop', 'muster apply plan.json')
    .argument('[plan]', 'a plan written by `muster plan --out`; without it, plan, show and ask')
    .option('--only <id...>', 'without a plan: only these audiences')
    .option('--yes', 'do not ask')
  act(
    apply,
    (given, [planFile]) =>
      async (options, context) =>
        (await import('./apply.ts')).runApply(
          {
            ...options,
            yes: given.yes === true,
            ...(planFile === undefined ? {} : { planFile }),
            ...onlyOf(given),
          },
          context,
        ),
  )
}

const defineSync = (define: Define, act: Act): void => {
  const sync = define(
    'sync',
    "bring every cohort's members in line with its segment",
    'muster sync --only vip --allow vip:max-removal:"list was cleaned, ticket 812"',
  )
    .option('--only <id...>', 'only these audiences')
    .option(
      '--allow <id:guard:reason...>',
      'let one guard of one audience pass, this time; the reason is recorded',
    )
    .option('--full', 'send all members again, not only those who are new')
  act(
    sync,
    given => async (options, context) =>
      (await import('./sync.ts')).runSync(
        {
          ...options,
          allow: Array.isArray(given.allow) ? given.allow : [],
          full: given.full === true,
          ...onlyOf(given),
        },
        context,
      ),
  )
}

const defineDrift = (define: Define, act: Act): void => {
  const drift = define(
    'drift',
    'compare what was applied with what the vendors show; exit 2 when they differ',
    'muster drift --env live',
  ).option('--only <id...>', 'only these audiences')
  act(
    drift,
    given => async (options, context) =>
      (await import('./drift.ts')).runDrift({ ...options, ...onlyOf(given) }, context),
  )
}

const defineMonitor = (define: Define, act: Act): void => {
  act(
    define(
      'monitor',
      'look for swings, late syncs, lost cohorts and the like; tell what begins and ends; exit 2 while something is wrong',
      'muster monitor --env live',
    ),
    () => async (options, context) => (await import('./monitor.ts')).runMonitor(options, context),
  )
}

const defineImport = (define: Define, act: Act): void => {
  const command = define(
    'import',
    'write specs for cohorts that exist already, and take them over',
    'muster import --cohort ORC__Vip__365d --segment 11 --id vip',
  )
    .option('--cohort <name...>', 'only these segments of MoEngage, by name')
    .option('--segment <id>', 'the Customer.io segment that feeds the one cohort')
    .option('--id <id>', 'id of the one audience, and name of its file')
    .option('--cohort-id <id>', 'the id under which the one cohort was fed so far')
    .option('--team <name>', 'the team that will own what is imported')
    .option('--dry-run', 'show what would be written and recorded; do neither')
    .option('--yes', 'do not ask')
  act(
    command,
    given => async (options, context) =>
      (await import('./import.ts')).runImport(
        {
          ...options,
          cohorts: Array.isArray(given.cohort) ? given.cohort : [],
          isDryRun: given.dryRun === true,
          yes: given.yes === true,
          ...textOf(given, 'segment'),
          ...textOf(given, 'id'),
          ...textOf(given, 'cohortId'),
          ...textOf(given, 'team'),
        },
        context,
      ),
  )
}
