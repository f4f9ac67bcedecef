import type { AudienceId } from '../model/audience.ts'
import type { QaEvidence, SignOff } from '../model/recorded.ts'
import { bindingAddress } from '../plan/address.ts'
import { describeBinding, describeTried, type Tried } from '../plan/describe.ts'
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
  const tried = describeTried(describeBinding(run.workspace, audience))
  const evidence: QaEvidence = {
    audience: audience.id,
    at: run.now,
    runId: run.runId,
    ...tried,
    testers: testers.length,
    accepted,
    ...(await countResolved(run, testers)),
    ...(await keepSignOff(run, audience.id, tried)),
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

/** A later run of the very same thing takes nothing away from what a colleague saw. */
const keepSignOff = async (
  { store }: Run,
  id: AudienceId,
  tried: Tried,
): Promise<Pick<QaEvidence, 'signedOff'>> => {
  const former = (await store.readState()).evidence.get(id)
  const isSame = former?.source === tried.source && former.identifier === tried.identifier
  return isSame && former.signedOff ? { signedOff: former.signedOff } : {}
}

/** Puts a colleague's name under the latest QA run of an audience. */
export const signOff = async (
  { store, runId, now }: Pick<Run, 'store' | 'runId' | 'now'>,
  evidence: QaEvidence,
  signedOff: SignOff,
): Promise<void> =>
  store.commit([
    { kind: 'evidence', evidence: { ...evidence, signedOff } },
    journal(
      { runId, now },
      { address: bindingAddress(evidence.audience), operation: 'sign off QA run' },
      'accepted',
      signedOff.by,
    ),
  ])
