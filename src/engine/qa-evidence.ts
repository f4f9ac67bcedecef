import type { QaEvidence } from '../model/recorded.ts'
import { bindingAddress } from '../plan/address.ts'
import { describeBinding, describeTried } from '../plan/describe.ts'
import { lookUp } from './match-rate.ts'
import { journal, type Run } from './run.ts'
import type { PreparedSync } from './sync-audience.ts'

/**
 * Remembers that an audience was sent to its testers, and nothing stood in the way: what a plan asks for before
 * everybody is sent. How many testers MoEngage knows is told with it, where that can be asked.
 */
export const recordEvidence = async (
  run: Run,
  { audience, delta, stopped, tally }: PreparedSync,
): Promise<void> => {
  const { testers } = run.workspace.qa
  const accepted = delta.counts.wanted - tally.add.refused
  if (audience.rollout.stage.kind !== 'qa' || stopped.size > 0 || accepted <= 0) return
  const evidence: QaEvidence = {
    audience: audience.id,
    at: run.now,
    runId: run.runId,
    ...describeTried(describeBinding(run.workspace, audience)),
    testers: testers.length,
    accepted,
    ...(await countResolved(run, testers)),
  }
  await run.store.commit([
    { kind: 'evidence', evidence },
    journal(
      run,
      { address: bindingAddress(audience.id), operation: 'record QA evidence', count: accepted },
      'accepted',
    ),
  ])
}

const countResolved = async (run: Run, testers: readonly string[]): Promise<Pick<QaEvidence, 'resolved'>> => {
  if (!run.users) return {}
  const { known, trouble } = await lookUp(run, run.users, testers)
  return trouble === undefined ? { resolved: known } : {}
}
