import { createHash } from 'node:crypto'
import type { AudienceId } from '../model/audience.ts'
import { unreachable } from '../model/invariant.ts'
import type { KeepOutReason, Member, MembershipRules } from '../model/membership.ts'

/** What of the rules says how far an audience has been rolled out. */
export type StageRules = Pick<MembershipRules, 'stage' | 'holdoutPercent' | 'testers'>

/**
 * Says why a member is not let in at this stage, or undefined when they are. `audience` is the key of the ledger: a draw
 * belongs to it. The engine of each store says the same for all members at once.
 */
export const chooseStageReason = (
  audience: AudienceId,
  { person, identifier }: Member,
  { stage, holdoutPercent, testers }: StageRules,
): Extract<KeepOutReason, 'stage' | 'holdout'> | undefined => {
  switch (stage.kind) {
    case 'paused':
      return 'stage'
    case 'qa':
      // Testers try the audience out: one who is held out could not.
      return testers.includes(identifier) ? undefined : 'stage'
    case 'canary':
      if (bucketOf(audience, person) >= stage.percent * BUCKETS_PER_PERCENT) return 'stage'
      break
    case 'live':
      break
    default:
      return unreachable(stage)
  }
  return holdoutBucketOf(audience, person) < holdoutPercent * BUCKETS_PER_PERCENT ? 'holdout' : undefined
}

const BUCKETS_PER_PERCENT = 100
const BUCKETS = 100 * BUCKETS_PER_PERCENT

/**
 * 0 to 9,999, from the first four bytes of SHA-256 over audience and person. The same people next time, 20 percent
 * contains the 10 percent, and another audience draws another tenth. Fixed vectors in the tests pin it: changing
 * it would swap the people of every canary.
 */
export const bucketOf = (audience: AudienceId, person: string): number => drawBucket(`${audience}\n${person}`)

/**
 * The same for the holdout, as a draw of its own: were it the canary's, a canary would be made of those who are held out.
 * 10 percent contain the 5 percent.
 */
export const holdoutBucketOf = (audience: AudienceId, person: string): number =>
  drawBucket(`holdout\n${audience}\n${person}`)

const drawBucket = (text: string): number =>
  createHash('sha256').update(text).digest().readUInt32BE(0) % BUCKETS
