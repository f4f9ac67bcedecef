import type { Objection, Policy } from './policy.ts'
import { isSynced } from './reach.ts'

/** Each audience costs calls, minutes of every sync and somebody's attention: the team agrees on how many it keeps. */
export const budgetPolicy: Policy = {
  code: 'policy/budget',
  summary: 'The budget for audiences runs out',
  recommendation: 'Begin with three to six synced audiences, and agree on how many there may ever be.',
  severity: 'error',
  judges: 'specs',
  judge: ({ workspace: { budget }, audiences }) => {
    const count = audiences.filter(isSynced).length
    if (count > budget.synced) return [describeOverrun(count, budget.synced)]
    if (count > budget.warnAbove) return [describeApproach(count, budget)]
    return []
  },
}

const describeOverrun = (count: number, synced: number): Objection => ({
  severity: 'error',
  detail: `${count} audiences are synced, and the workspace allows ${synced}: each costs calls, minutes of every sync and somebody's attention.`,
  hint: `retire or pause ${count - synced}, or raise budget.synced in the workspace`,
  path: ['budget', 'synced'],
})

const describeApproach = (count: number, budget: { synced: number; warnAbove: number }): Objection => ({
  severity: 'warning',
  detail: `${count} audiences are synced; ${budget.synced} are allowed, and the talk about it starts above ${budget.warnAbove}.`,
  hint: 'retire one that no campaign uses, or raise budget.warn_above in the workspace',
  path: ['budget', 'warn_above'],
})
