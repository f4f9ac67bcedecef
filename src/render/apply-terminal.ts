import { unreachable } from '../model/invariant.ts'
import type { ChangeOutcome } from '../model/outcome.ts'
import { ACTIONS, type Plan } from '../model/plan.ts'
import type { Paint } from './paint.ts'

/** What became of each change, then one line that says whether to run it again. */
export const renderOutcomes = (outcomes: readonly ChangeOutcome[], paint: Paint): string =>
  `${[...renderAll(outcomes, paint), '', summarize(outcomes, paint)].join('\n')}\n`

const renderAll = (outcomes: readonly ChangeOutcome[], paint: Paint): string[] => {
  const width = Math.max(...outcomes.map(({ address }) => address.length))
  return outcomes.map(outcome => renderOutcome(outcome, width, paint))
}

const renderOutcome = ({ address, change, result }: ChangeOutcome, width: number, paint: Paint): string => {
  const head = `  ${ACTIONS[change.action]} ${address.padEnd(width)}`
  switch (result.kind) {
    case 'done':
      return `${head}  ${paint.green('done')}${result.note ? paint.dim(` ${result.note}`) : ''}`
    case 'waiting':
      return `${head}  ${paint.yellow('waiting')} ${result.why}`
    case 'failed': {
      const { code, detail, hint } = result.failure
      return `${head}  ${paint.red('failed')} ${detail} ${paint.dim(`[${code}]`)}${hint ? `\n      ${paint.cyan('hint:')} ${hint}` : ''}`
    }
    case 'skipped':
      return `${head}  ${paint.dim('not tried')}`
    default:
      return unreachable(result)
  }
}

const summarize = (outcomes: readonly ChangeOutcome[], paint: Paint): string => {
  const count = (kind: ChangeOutcome['result']['kind']): number =>
    outcomes.filter(({ result }) => result.kind === kind).length
  const done = `${count('done')} done`
  if (count('done') === outcomes.length) return paint.green(`Applied: ${done}.`)
  const rest = (['waiting', 'failed', 'skipped'] as const)
    .filter(kind => count(kind) > 0)
    .map(kind => `${count(kind)} ${kind === 'skipped' ? 'not tried' : kind}`)
  const head = count('done') > 0 ? `Partly applied: ${done}, ` : 'Nothing applied: '
  return paint.yellow(`${head}${rest.join(', ')}. Run the same command again to go on.`)
}

/** The outcomes as `apply --json` prints them and the run record keeps them; refusals by code, when nothing was tried. */
export const writeOutcomes = ({ digest, refusals }: Plan, outcomes: readonly ChangeOutcome[]) => ({
  digest,
  refused: refusals.map(({ code }) => code),
  outcomes: outcomes.map(({ address, change, result }) => ({
    address,
    action: change.action,
    result: result.kind,
    ...(result.kind === 'waiting' ? { why: result.why } : {}),
    ...(result.kind === 'done' && result.note !== undefined ? { note: result.note } : {}),
    ...(result.kind === 'failed' ? { code: result.failure.code } : {}),
  })),
})
