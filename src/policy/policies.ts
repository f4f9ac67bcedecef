import { budgetPolicy } from './budget.ts'
import { namingPolicy } from './naming.ts'
import type { Policy } from './policy.ts'

/** The rules of the house, in the order in which they are asked. A new rule is a new file and a line here. */
export const POLICIES: readonly Policy[] = [namingPolicy, budgetPolicy]
