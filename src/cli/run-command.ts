import { randomUUID } from 'node:crypto'
import { INTERRUPTED } from '../engine/interrupt.ts'
import { type Failure, FailureError, failureOf } from '../model/failure.ts'
import { parseInstant } from '../model/time.ts'
import { hideLogins } from '../render/hide-secrets.ts'
import { ANSI, PLAIN } from '../render/paint.ts'
import { createClock } from './clock.ts'
import type { CliContext, CommonOptions } from './context.ts'
import type { StartCommand, WrittenOptions } from './define.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { describeHolder } from './holder.ts'
import { createProgress } from './progress.ts'
import { askOnTerminal, confirmOnTerminal, showsColor } from './terminal.ts'

const NARROWEST = 60
const WIDEST = 120

/** Gives a command its surroundings, and turns whatever it throws into a message and an exit code. */
export const runCommand = async (
  written: WrittenOptions,
  start: StartCommand,
  version: string,
): Promise<ExitCode> => {
  const paint = showsColor(process.stdout, process.env) ? ANSI : PLAIN
  const interruption = listenForInterrupt()
  const progress = createProgress({
    write: text => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true && process.env.CI === undefined,
    monotonicMs: () => performance.now(),
    columns: () => process.stderr.columns,
  })
  try {
    const options = readCommonOptions(written)
    const context: CliContext = {
      variables: process.env,
      version,
      clock: createClock(options.now),
      random: Math.random,
      signal: interruption.signal,
      print: text => {
        progress.clear()
        process.stdout.write(text)
      },
      warn: text => {
        progress.clear()
        process.stderr.write(text)
      },
      paint,
      width: Math.min(Math.max(process.stdout.columns ?? WIDEST, NARROWEST), WIDEST),
      reporter: progress,
      createId: randomUUID,
      holder: describeHolder(process.env),
      ...(process.stdin.isTTY && process.stdout.isTTY
        ? { confirm: confirmOnTerminal, ask: askOnTerminal }
        : {}),
    }
    return await start(options, context)
  } catch (error) {
    progress.clear()
    const { text, exitCode } = describeEnd(error, interruption.signal)
    process.stderr.write(text)
    return exitCode
  } finally {
    progress.clear()
    interruption.stop()
  }
}

const readCommonOptions = (written: WrittenOptions): CommonOptions => {
  const now = typeof written.now === 'string' ? parseInstant(written.now) : undefined
  if (typeof written.now === 'string' && now === undefined) {
    throw new FailureError({
      origin: 'cli',
      code: 'cli/bad-now',
      detail: `"${written.now}" is not an instant with a zone.`,
      hint: 'write it like 2026-11-23T10:00:00Z, in --now or MUSTER_NOW',
      retryable: false,
    })
  }
  return {
    dir: typeof written.dir === 'string' ? written.dir : 'audiences',
    env: typeof written.env === 'string' ? written.env : 'live',
    json: written.json === true,
    ...(typeof written.store === 'string' ? { store: written.store } : {}),
    ...(now === undefined ? {} : { now }),
  }
}

/** The first Ctrl-C asks the run to stop between two calls; the second ends the process where it stands. */
const listenForInterrupt = (): { signal: AbortSignal; stop: () => void } => {
  const controller = new AbortController()
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130)
    process.stderr.write('\nStopping. Press Ctrl-C again to stop at once.\n')
    controller.abort(new FailureError(INTERRUPTED))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    stop: () => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}

const describeEnd = (error: unknown, { aborted }: AbortSignal): { text: string; exitCode: ExitCode } => {
  const failure = failureOf(error)
  if (!failure) return { text: describeBug(error), exitCode: EXIT.bug }
  // A call that was torn off by the interrupt is the interrupt.
  if (aborted && (failure.code === 'provider/cancelled' || failure.code === INTERRUPTED.code)) {
    return { text: describeFailure(INTERRUPTED), exitCode: EXIT.partlyApplied }
  }
  return { text: describeFailure(failure), exitCode: EXIT.errors }
}

const describeFailure = ({ code, detail, hint }: Failure): string =>
  hideLogins(`error: ${detail} [${code}]\n${hint === undefined ? '' : `  hint: ${hint}\n`}`)

/** Where it happened, and nothing of what was at hand: a foreign message may hold a person's identifier. */
const describeBug = (error: unknown): string => {
  if (!(error instanceof Error)) return 'bug: something that is no error was thrown. Please report it.\n'
  const frames = (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line))
  const what = error.name === 'BugError' ? `${error.name}: ${error.message}` : error.name
  return `This is a bug in muster, please report it: ${what}\n${frames.join('\n')}\n`
}
