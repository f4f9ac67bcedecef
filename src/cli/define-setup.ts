import { type Act, type Define, textOf } from './define.ts'
import { QUESTIONS } from './init-questions.ts'

/** What begins a programme, and says whether all is there that it needs. */
export const defineSetupCommands = (define: Define, act: Act): void => {
  const init = define(
    'init',
    'write a first workspace and audience, by a few questions or by options; overwrites nothing',
    'muster init --moengage-workspace ACME01 --segment 14 --segment-name "Cart abandoners 2h" …',
  )
  for (const { option, question } of QUESTIONS) init.option(`${option} <value>`, question)
  act(
    init,
    given => async (options, context) =>
      (await import('./init.ts')).runInit(
        {
          ...options,
          given: Object.assign({}, ...QUESTIONS.map(({ key }) => textOf(given, key))),
          cwd: process.cwd(),
        },
        context,
      ),
  )
  act(
    define(
      'doctor',
      'check keys, regions, firewall, identifiers, clock and store: one line each, ok or what to do',
      'muster doctor --env live',
    ),
    () => async (options, context) => (await import('./doctor.ts')).runDoctor(options, context),
  )
  act(
    define(
      'explain',
      'what a code means; or of an audience: why it changes, which rule, who owns it, what is believed',
      'muster explain guard/max-removal',
    )
      .argument(
        '<code-or-id>',
        'a code such as policy/naming, an id such as vip, or an address such as cohort.vip',
      )
      .option('--offline', 'of an audience: look at files and store alone, without keys'),
    (given, [subject = '']) =>
      async (options, context) =>
        (await import('./explain.ts')).runExplain(
          { ...options, subject, offline: given.offline === true },
          context,
        ),
  )
  const qa = define(
    'qa',
    'send an audience in the stage qa to its testers, verify what can be verified, and sign it off',
    'muster qa vip --by "Jo Doe" --note "push seen on Android and iOS"',
  )
    .argument('<id>', 'id of an audience whose stage is qa')
    .option('--by <name>', 'who vouches that the testers got what they should')
    .option('--note <text>', 'what was seen, kept with the name')
    .option('--yes', 'do not ask: the testers were looked at already')
  act(
    qa,
    (given, [id = '']) =>
      async (options, context) =>
        (await import('./qa.ts')).runQaCommand(
          { ...options, id, yes: given.yes === true, ...textOf(given, 'by'), ...textOf(given, 'note') },
          context,
        ),
  )
  const codeowners = define(
    'codeowners',
    "write GitHub's CODEOWNERS from the owners in the specs; lines of others stay",
    'muster codeowners --check',
  )
    .option('--check', 'write nothing; show what would change and exit 1')
    .option('--file <path>', 'another file than the one that GitHub reads')
  act(
    codeowners,
    given => async (options, context) =>
      (await import('./codeowners.ts')).runCodeowners(
        { ...options, check: given.check === true, ...textOf(given, 'file') },
        context,
      ),
  )
}
