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
}
