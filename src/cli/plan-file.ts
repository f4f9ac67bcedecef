import { readFile } from 'node:fs/promises'
import { FailureError } from '../model/failure.ts'
import { isIntact, type WrittenPlan } from '../plan/document.ts'

/** Reads a plan that `muster plan --out` wrote, and refuses one that is not what its digest says. */
export const readPlanFile = async (path: string): Promise<WrittenPlan> => {
  const plan = parsePlan(path, await readText(path))
  if (plan.format_version !== 1) {
    return refuse(
      'apply/plan-version',
      `${path} has plan format ${JSON.stringify(plan.format_version)}, this muster knows 1.`,
    )
  }
  if (!isIntact(plan))
    return refuse('apply/plan-tampered', `${path} is not what its digest says: it was edited, or damaged.`)
  return plan
}

const readText = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return refuse('apply/no-plan-file', `${path} cannot be read.`)
  }
}

const parsePlan = (path: string, text: string): WrittenPlan => {
  try {
    const plan: unknown = JSON.parse(text)
    // The digest that is checked next covers every field, so a document of another shape cannot pass.
    if (typeof plan === 'object' && plan !== null && 'digest' in plan && 'changes' in plan)
      return plan as WrittenPlan
  } catch {
    // Falls through: neither is a plan.
  }
  return refuse('apply/not-a-plan', `${path} is not a plan document.`)
}

const refuse = (code: string, detail: string): never => {
  throw new FailureError({
    origin: 'cli',
    code,
    detail,
    hint: 'make it with: muster plan --out plan.json',
    retryable: false,
  })
}
