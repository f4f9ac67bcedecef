import { PortTakenError } from '../emulators/listen.ts'
import { EMULATED_CUSTOMERIO, EMULATED_MOENGAGE, type EmulatorOptions } from '../emulators/options.ts'
import { type RunningEmulators, startEmulators } from '../emulators/server.ts'
import { FailureError } from '../model/failure.ts'
import { formatNumber } from '../render/words.ts'
import type { CliContext, CommonOptions } from './context.ts'
import type { WrittenOptions } from './define.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { readNumber } from './read-number.ts'

const HIGHEST_PORT = 65_535
const MOST_PEOPLE = 2_000_000

/** `muster emulate`: both vendors on loopback until Ctrl-C. */
export const runEmulate = async (
  options: CommonOptions,
  given: WrittenOptions,
  context: CliContext,
): Promise<ExitCode> => {
  const emulators = await startOnPorts({
    customerioPort: readNumber(given.customerioPort, '--customerio-port', 0, HIGHEST_PORT),
    moengagePort: readNumber(given.moengagePort, '--moengage-port', 0, HIGHEST_PORT),
    population: readNumber(given.population, '--population', 1, MOST_PEOPLE),
    seed: readNumber(given.seed, '--seed', 0, Number.MAX_SAFE_INTEGER),
    shopTime: new Date(context.clock.now()),
  })
  const urls = { customerio: emulators.customerio.url, moengage: emulators.moengage.url }
  try {
    context.print(options.json ? `${JSON.stringify(urls)}\n` : describeEmulators(urls, given))
    await untilAborted(context.signal)
    return EXIT.done
  } finally {
    await emulators.close()
  }
}

const startOnPorts = async (options: EmulatorOptions): Promise<RunningEmulators> => {
  try {
    return await startEmulators(options)
  } catch (error) {
    if (!(error instanceof PortTakenError)) throw error
    throw new FailureError({
      origin: 'cli',
      code: 'emulate/port-taken',
      detail: `Port ${error.port} of 127.0.0.1 is taken.`,
      hint: 'give another with --customerio-port or --moengage-port; 0 takes any free one',
      retryable: false,
    })
  }
}

const describeEmulators = (
  urls: { customerio: string; moengage: string },
  given: WrittenOptions,
): string => `\
Customer.io  ${urls.customerio}
MoEngage     ${urls.moengage}   workspace ${EMULATED_MOENGAGE.workspaceId}, ${formatNumber(Number(given.population))} synthetic people, seed ${given.seed}

In another terminal:
  export CUSTOMERIO_APP_KEY=${EMULATED_CUSTOMERIO.appKey} MOENGAGE_DATA_KEY=${EMULATED_MOENGAGE.dataKey}
  export CUSTOMERIO_SITE_ID=${EMULATED_CUSTOMERIO.trackSiteId} CUSTOMERIO_TRACK_KEY=${EMULATED_CUSTOMERIO.trackApiKey}
  muster plan --env local

The shop's clock stands still until it is moved:
  curl -X POST ${urls.customerio}/_emulator/clock -H 'content-type: application/json' -d '{"advance":"2h"}'
What MoEngage cannot tell anyone, it tells here:
  curl ${urls.moengage}/_emulator/cohorts

Ctrl-C ends both.
`

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
