import { planCheckName } from '../github/checks.ts'
import { parsePlanDocument } from '../github/plan-document.ts'
import type { WrittenPlan } from '../model/generated/plan.ts'
import type { ActionContext } from './action-context.ts'

export interface PlanMade {
  readonly exitCode: number
  readonly path: string
  /** Absent when there is none: the log says why. */
  readonly document?: WrittenPlan
}

export interface PlanRequest {
  readonly path: string
  readonly isOffline: boolean
}

/** Plans by the command that everybody has, and reads what it wrote. */
export const makePlan = async (
  { inputs, planSchema, runMuster, readFile }: ActionContext,
  { path, isOffline }: PlanRequest,
): Promise<PlanMade> => {
  const { env, dir, base, args } = inputs
  const offline = isOffline ? ['--offline', ...(base === undefined ? [] : ['--base', base])] : []
  const given = ['plan', '--env', env, '--dir', dir, '--out', path, ...offline, ...args]
  const { exitCode } = await runMuster(given, { shown: true })
  // 0: planned; 2: planned, asked for the exit code; 3: planned, and refused.
  if (![0, 2, 3].includes(exitCode)) return { exitCode, path }
  const bytes = await readFile(path)
  return bytes
    ? { exitCode, path, document: parsePlanDocument(bytes.toString('utf8'), planSchema, env) }
    : { exitCode: 1, path }
}

/** What the check of a plan is called here. */
export const checkNameOf = ({ inputs }: ActionContext): string => planCheckName(inputs.env)
