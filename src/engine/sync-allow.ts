import type { GuardFinding } from '../membership/guard.ts'
import type { Audience } from '../model/audience.ts'
import { bindingAddress } from '../plan/address.ts'
import { journal, type Run } from './run.ts'
import type { Allowance } from './sync.ts'

/** Findings that still stop something, after those a person overruled. */
export const overrule = async (
  run: Run,
  audience: Audience,
  found: readonly GuardFinding[],
  allow: readonly Allowance[],
): Promise<readonly GuardFinding[]> => {
  const stopping: GuardFinding[] = []
  for (const finding of found) {
    const allowance = allow.find(each => each.audience === audience.id && each.guard === finding.guard)
    if (!allowance || !finding.canAllow) {
      stopping.push(finding)
      continue
    }
    await allowOnce(run, allowance)
  }
  return stopping
}

/** The journal keeps the reason for ever, the next plan shows it. */
const allowOnce = (run: Run, { audience, guard, reason }: Allowance): Promise<void> =>
  run.store.commit([
    { kind: 'allowance', allowance: { audience, guard, reason, at: run.now, runId: run.runId } },
    journal(run, { address: bindingAddress(audience), operation: `allow ${guard}` }, 'override', reason),
  ])
