import { readFile } from 'node:fs/promises'
import { FailureError } from '../model/failure.ts'
import type { WrittenPlan } from '../model/generated/plan.ts'
import { DAY_MS, type Instant } from '../model/time.ts'
import { isIntact } from '../plan/document.ts'
import { PLAN_VALID_MS } from '../plan/plan-changes.ts'
import { compileSchema } from '../spec/schema-validator.ts'
import { readSchema } from './specs.ts'

/** The largest plan document that is read: 10,000 audiences make about 40 MB. */
const MOST_BYTES = 256 * 1024 * 1024

/**
 * Reads a plan that `muster plan --out` wrote, and refuses one that is not what it says it is: of another form or
 * version, edited, too old, of a time it cannot be of, or made offline. What the plan asks for is compared later, with a fresh one.
 */
export const readPlanFile = async (path: string, now: Instant): Promise<WrittenPlan> => {
  const plan = parsePlan(path, await readText(path))
  if (!isIntact(plan))
    return refuse('apply/plan-tampered', `${path} is not what its digests say: it was edited, or damaged.`)
  if (plan.offline)
    return refuse(
      'apply/offline-plan',
      `${path} was made offline: it was compared with no store and no vendor.`,
    )
  if (plan.expires_at <= now)
    return refuse('apply/expired-plan', `${path} could be applied until ${plan.expires_at}.`)
  checkTimes(path, plan, now)
  return plan
}

/** Whoever knows how the digests are made can make them anew: what a plan says of its own time is not taken from it. */
const checkTimes = (path: string, { planned_at, expires_at }: WrittenPlan, now: Instant): void => {
  const plannedMs = Date.parse(planned_at)
  // Turned round, so that what is no moment at all is refused too.
  if (!(Date.parse(expires_at) - plannedMs <= PLAN_VALID_MS))
    refuse(
      'apply/plan-tampered',
      `${path} is of ${planned_at} and would last until ${expires_at}: a plan may be applied for 7 days.`,
    )
  if (!(plannedMs - Date.parse(now) <= MOST_AHEAD_MS))
    refuse(
      'apply/plan-ahead',
      `${path} was made at ${planned_at}, more than a day after ${now}: a clock is wrong, or it was edited.`,
    )
}

/** How far the clocks of two machines may be apart. */
const MOST_AHEAD_MS = DAY_MS

const readText = async (path: string): Promise<string> => {
  const bytes = await readFile(path).catch(() => refuse('apply/no-plan-file', `${path} cannot be read.`))
  if (bytes.length > MOST_BYTES) return refuse('apply/not-a-plan', `${path} is too large for a plan.`)
  return bytes.toString('utf8')
}

const parsePlan = (path: string, text: string): WrittenPlan => {
  const plan = parseJson(text)
  if (typeof plan !== 'object' || plan === null || !('changes' in plan) || !('digest' in plan))
    return refuse('apply/not-a-plan', `${path} is not a plan document.`)
  if (!('format_version' in plan) || plan.format_version !== 1) {
    const version = 'format_version' in plan ? JSON.stringify(plan.format_version) : 'none'
    return refuse(
      'apply/plan-version',
      `${path} has plan format ${version.slice(0, 20)}, this muster knows 1.`,
    )
  }
  const [mistake] = compileSchema(readSchema('plan')).check(plan)
  if (mistake)
    return refuse(
      'apply/not-a-plan',
      `${path} is not a plan document: ${mistake.instancePath || 'its root'} ${mistake.message ?? 'is wrong'}.`,
    )
  // Checked against the schema that the type is generated from.
  return plan as WrittenPlan
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const refuse = (code: string, detail: string): never => {
  throw new FailureError({
    origin: 'cli',
    code,
    detail,
    hint: 'plan again and have it reviewed: muster plan --out plan.json',
    retryable: false,
  })
}
