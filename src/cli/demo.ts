import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { stopIfAborted } from '../engine/interrupt.ts'
import { FailureError } from '../model/failure.ts'
import { parseInstant } from '../model/time.ts'
import { alignColumns, formatNumber } from '../render/words.ts'
import type { CliContext, CommonOptions } from './context.ts'
import { type DemoWorld, openDemoWorld } from './demo-world.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

const SHOP_OPENS = '2026-11-23T10:00:00.000Z'

/**
 * `muster demo`: the main job on emulators. Each step is the real command in a process of its own, over real sockets;
 * only the truth shown at the end comes from what the emulators know and no vendor tells.
 */
export const runDemo = async (options: CommonOptions, context: CliContext): Promise<ExitCode> => {
  const world = await openDemoWorld(options.now ?? SHOP_OPENS)
  const step = async (title: string, command: string): Promise<void> => {
    context.print(`\n${context.paint.bold(`▌ ${title}`)}\n${context.paint.dim(`$ muster ${command}`)}\n\n`)
    const code = await runMuster(command.split(' '), world, context)
    if (code !== EXIT.done) stopDemo(command, code)
  }
  try {
    context.print(describeShop(world))
    await step('Seven audiences, declared as files', 'validate')
    await step('What applying would change', 'plan --env local --out plan.json')
    await step('Exactly that, and nothing else', 'apply plan.json --env local')
    await step('The first sync loads the members', 'sync --env local')
    await world.advance('2h')
    context.print(
      `\n${context.paint.dim('… the shop moves on two hours: people order, abandon carts, open the app …')}\n`,
    )
    await step('The next sync sends only who entered and who left', 'sync --env local')
    await world.forgetRequests()
    await step('Again: there is nothing to do', 'sync --env local')
    await step('And nothing to change', 'plan --env local')
    context.print(await describeTruth(world, context))
    return EXIT.done
  } finally {
    await world.close()
  }
}

const describeShop = ({ population, customerioUrl, moengageUrl }: DemoWorld): string => `\
A synthetic shop of ${formatNumber(population)} people, seen through emulators of both vendors:
  Customer.io  ${customerioUrl}
  MoEngage     ${moengageUrl}
`

const runMuster = async (
  args: readonly string[],
  world: DemoWorld,
  { signal }: CliContext,
): Promise<number | null> => {
  stopIfAborted(signal)
  const main = fileURLToPath(new URL('./main.js', import.meta.url))
  const child = spawn(process.execPath, [main, ...args], {
    cwd: world.folder,
    env: { ...process.env, ...world.variables, MUSTER_NOW: parseInstant(await world.readTime()) },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  // A Ctrl-C reaches the step too, and its folder is deleted afterwards: it is let end by itself.
  const [code] = await once(child, 'exit')
  stopIfAborted(signal)
  return typeof code === 'number' ? code : null
}

const stopDemo = (command: string, code: number | null): never => {
  throw new FailureError({
    origin: 'cli',
    code: 'demo/step-failed',
    detail: `\`muster ${command}\` ended with ${code ?? 'a signal'}, the demo expects 0.`,
    hint: 'if you did not stop it yourself, please report this',
    retryable: false,
  })
}

const describeTruth = async (world: DemoWorld, { paint }: CliContext): Promise<string> => {
  const rows = await world.readTruth()
  const table = alignColumns([
    ['audience', 'source now', 'ledger', 'really in cohort', 'unknown to MoEngage'],
    ...rows.map(({ audience, source, ledger, cohort }) => [
      audience,
      ...[source, ledger, cohort, ledger - cohort].map(formatNumber),
    ]),
  ])
  return `
${paint.bold('▌ The truth, which only an emulator can tell')}

  ${table.join('\n  ')}

${formatNumber(await world.countWrites())} write calls in the last sync and plan. The ledger holds whom MoEngage accepted; it silently skips
identifiers it has no user for, so a cohort may be smaller. Canary audiences take their share of the source,
and people without an identifier are never sent.
`
}
