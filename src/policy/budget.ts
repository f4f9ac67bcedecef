import type { Objection, Policy } from './policy.ts'

/** Each audience costs calls, minutes of every sync and somebody's attention: the team agrees on how many it keeps. */
export const budgetPolicy: Policy = {
  code: 'policy/budget',
  summary: 'The budget for audiences runs out',
  judge: ({ workspace: { budget }, audiences }) => {
    const count = audiences.length
    if (count > budget.synced) return [describeOverrun(count, budget.synced)]
    if (count > budget.warnAbove) return [describeApproach(count, budget)]
    return []
  },
}

const describeOverrun = (count: number, synced: number): Objection => ({
  severity: 'error',
  detail: `There are ${count} audiences, and budget.synced is ${synced}.`,
  hint: `retire ${count - synced}, or raise budget.synced in the workspace`,
  path: ['budget', 'synced'],
})

const describeApproach = (count: number, budget: { synced: number; warnAbove: number }): Objection => ({
  severity: 'warning',
  detail: `There are ${count} audiences; ${budget.synced} are allowed, and the talk about it starts above ${budget.warnAbove}.`,
  hint: 'retire one that no campaign uses, or raise budget.warn_above in the workspace',
  path: ['budget', 'warn_above'],
})
