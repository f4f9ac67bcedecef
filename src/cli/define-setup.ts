import type { Act, Define } from './define.ts'

/** What begins a programme, and says whether all is there that it needs. */
export const defineSetupCommands = (define: Define, act: Act): void => {
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
}
