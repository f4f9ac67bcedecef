import type { Plan } from '../model/plan.ts'
import { writePlan } from '../plan/document.ts'

/** The plan document as written to a file: snake_case, one object, ends with a newline. */
export const renderPlanJson = (plan: Plan): string => `${JSON.stringify(writePlan(plan), null, 2)}\n`
