import { appAwarePolicy } from './app-aware.ts'
import { budgetPolicy } from './budget.ts'
import { canaryStepsPolicy } from './canary-steps.ts'
import { changeProcessPolicy } from './change-process.ts'
import { coveragePolicy } from './coverage.ts'
import { descriptionPolicy } from './description.ts'
import { doubleTouchPolicy } from './double-touch.ts'
import { frequencyCapPolicy } from './frequency-cap.ts'
import { keepExitPolicy } from './keep-exit.ts'
import { latenessPolicy } from './lateness.ts'
import { monitoringPolicy } from './monitoring.ts'
import { mutableIdentifierPolicy } from './mutable-identifier.ts'
import { namingPolicy } from './naming.ts'
import { oneIdentifierPolicy } from './one-identifier.ts'
import { overlapPolicy } from './overlap.ts'
import { ownershipPolicy } from './ownership.ts'
import type { Policy, Rule } from './policy.ts'
import { qaFirstPolicy } from './qa-first.ts'
import { qaTestersPolicy } from './qa-testers.ts'
import { schedulePolicy } from './schedule.ts'
import { sizePolicy } from './size.ts'
import { skippedStepPolicy } from './skipped-step.ts'
import { stickyExitPolicy } from './sticky-exit.ts'
import { suppressedSuppressionPolicy } from './suppressed-suppression.ts'
import { suppressionCadencePolicy } from './suppression-cadence.ts'
import { suppressionExitPolicy } from './suppression-exit.ts'
import { suppressionLayerPolicy } from './suppression-layer.ts'
import { suppressionLivePolicy } from './suppression-live.ts'
import { unusedPolicy } from './unused.ts'
import { WAIVER_RULE } from './waivers.ts'

/**
 * The rules of the house, in the order in which they are asked and told. A new rule is a new file, a line here, its code
 * in both schemas and a page in `docs/rules/`.
 */
export const POLICIES: readonly Policy[] = [
  namingPolicy,
  ownershipPolicy,
  changeProcessPolicy,
  descriptionPolicy,
  budgetPolicy,
  unusedPolicy,
  oneIdentifierPolicy,
  mutableIdentifierPolicy,
  coveragePolicy,
  suppressionExitPolicy,
  stickyExitPolicy,
  keepExitPolicy,
  latenessPolicy,
  schedulePolicy,
  doubleTouchPolicy,
  overlapPolicy,
  suppressionLayerPolicy,
  suppressionLivePolicy,
  suppressionCadencePolicy,
  suppressedSuppressionPolicy,
  appAwarePolicy,
  qaTestersPolicy,
  qaFirstPolicy,
  canaryStepsPolicy,
  skippedStepPolicy,
  frequencyCapPolicy,
  monitoringPolicy,
  sizePolicy,
]

/** Every rule that can speak, the one about waivers included. */
export const RULES: readonly Rule[] = [...POLICIES, WAIVER_RULE]

/** Those that need nothing but files. */
export const SPEC_POLICIES: readonly Policy[] = POLICIES.filter(({ judges }) => judges === 'specs')

/** Those that need a store. */
export const FACT_POLICIES: readonly Policy[] = POLICIES.filter(({ judges }) => judges === 'facts')
