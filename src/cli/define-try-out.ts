import type { Act, Define } from './define.ts'

/** What needs nobody's account. */
export const defineTryOutCommands = (define: Define, act: Act): void => {
  const emulate = define(
    'emulate',
    'run a Customer.io and a MoEngage on this machine, with a synthetic shop',
    'muster emulate --population 5000',
  )
    .option('--customerio-port <port>', 'port of the Customer.io, 0 for a free one', '4100')
    .option('--moengage-port <port>', 'port of the MoEngage, 0 for a free one', '4200')
    .option('--population <people>', 'people in the shop', '20000')
    .option('--seed <number>', 'the same seed makes the same people', '7')
  act(
    emulate,
    given => async (options, context) => (await import('./emulate.ts')).runEmulate(options, given, context),
  )
  act(
    define('demo', 'see the main job on emulators: no keys, nothing left behind', 'muster demo'),
    () => async (options, context) => (await import('./demo.ts')).runDemo(options, context),
  )
}
