import { compareDiagnostics, type Diagnostic } from '../../model/diagnostic.ts'
import type { Override } from '../../model/plan.ts'
import type { Instant } from '../../model/time.ts'
import { checkBindings, checkPartner } from './binding.ts'
import { checkEvidence } from './evidence.ts'
import type { Guard, GuardFinding, GuardInput } from './guard.ts'
import { checkComplexity, checkSegmentLimit } from './limits.ts'
import { checkCohortIds, checkNames, checkVerified } from './names.ts'
import { checkMoveTarget, checkPartialRename, checkUnfinishedRename, checkUnsyncedRename } from './rename.ts'
import { checkMassLoss, checkMassRetirement, checkNothingDesired, checkProtected } from './retirement.ts'
import { checkIdentifier, checkSourceGone, checkSourceRename, checkSources } from './source.ts'

/** All guards of a plan, most important first. */
const GUARDS: readonly Guard[] = [
  checkNothingDesired,
  checkProtected,
  checkMassRetirement,
  checkMassLoss,
  checkMoveTarget,
  checkUnfinishedRename,
  checkUnsyncedRename,
  checkPartialRename,
  checkSources,
  checkSourceRename,
  checkSourceGone,
  checkIdentifier,
  checkEvidence,
  checkPartner,
  checkVerified,
  checkBindings,
  checkNames,
  checkCohortIds,
  checkSegmentLimit,
  checkComplexity,
]

export interface GuardResult {
  readonly refusals: readonly Diagnostic[]
  /** Overrides without which there would be a refusal more. */
  readonly used: readonly Override[]
}

/** Asks every guard, and lets pass what a person allowed. No refusal means: may be applied. */
export const checkPlan = (input: GuardInput, allow: readonly Override[], now: Instant): GuardResult => {
  const findings = GUARDS.flatMap(guard => guard(input))
  const valid = allow.filter(override => !isExpired(override, now))
  const used = new Set<Override>()
  const refusals = findings.filter(finding => {
    const override = valid.find(each => allows(each, finding))
    if (override) used.add(override)
    return override === undefined
  })
  return {
    refusals: refusals.map(({ diagnostic }) => diagnostic).sort(compareDiagnostics),
    used: allow.filter(override => used.has(override)),
  }
}

/** The last day counts to its end, in UTC. */
export const isExpired = ({ until }: Override, now: Instant): boolean => until < now.slice(0, 10)

const allows = ({ guard, audience }: Override, { overridable }: GuardFinding): boolean =>
  overridable?.guard === guard && (audience === undefined || audience === overridable.audience)
