import type { Act, Define } from './define.ts'

/** What works on files alone. */
export const defineSpecCommands = (define: Define, act: Act): void => {
  act(
    define('validate', 'check every spec; needs no network and no key', 'muster validate --json'),
    () =>
      async ({ dir, json }, { paint, width, print, clock }) => {
        const { runValidate } = await import('./validate.ts')
        const { output, exitCode } = runValidate({ directory: dir, json, now: clock.now(), paint, width })
        print(output)
        return exitCode
      },
  )
  const format = define(
    'fmt',
    'order the keys of every spec as the schema does, keeping comments',
    'muster fmt --check',
  )
  act(
    format.option('--check', 'change nothing; show what would change and exit 1'),
    given =>
      async ({ dir, json }, { paint, width, print }) => {
        const { runFmt } = await import('./fmt.ts')
        const { output, exitCode } = runFmt({
          directory: dir,
          check: given.check === true,
          json,
          paint,
          width,
        })
        print(output)
        return exitCode
      },
  )
}
